import { Hono, type Context } from 'hono'
import { formatTime } from '../domain/time.ts'
import type { CaughtMail, MailStore } from './mailbox-store.ts'
import { useAssets } from './shell/assets.ts'
import { liveFrom, Page, type ShellLinks } from './shell/layout.tsx'
import { streamPieces, type Live } from './shell/live.ts'

const LISTED_MAILS = 200

/** A mail may style itself and show its own pictures; it may run nothing and fetch nothing. */
const MAIL_POLICY = {
  'Content-Security-Policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
  'X-Content-Type-Options': 'nosniff',
}

/** The inbox, a page for each mail, and the same as JSON for tests. */
export const mailboxApp = (store: MailStore, live: Live<'inbox'>, links: () => ShellLinks) => {
  const app = new Hono()
  // Before the policy of our own pages, because a mail's own page has another one.
  app.get('/messages/:id/html', (c) => {
    const mail = store.find(c.req.param('id'))
    return mail ? c.html(mail.html, 200, MAIL_POLICY) : c.notFound()
  })
  useAssets(app)
  const inbox = (c: Context) => chosenMails(store, c).slice(-LISTED_MAILS).toReversed()
  app.get('/', (c) =>
    c.html(
      <Page title="Mail" here="mailbox" links={links()}>
        <h1>Mail</h1>
        <p class="lead">Every e-mail that Gari sends lands here. Nothing leaves this machine.</p>
        <div {...liveFrom('/live')}></div>
        <Inbox mails={inbox(c)} />
      </Page>,
    ),
  )
  app.get('/live', (c) => {
    const piece = () => (
      <hx-partial hx-target="#inbox" hx-swap="outerMorph">
        <Inbox mails={inbox(c)} />
      </hx-partial>
    )
    return streamPieces(c, live, piece, piece)
  })
  app.get('/messages.json', (c) => c.json({ items: chosenMails(store, c).toReversed() }))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/messages/:id', (c) => {
    const mail = store.find(c.req.param('id'))
    if (!mail) return c.notFound()
    return c.html(
      <Page title={mail.subject} here="mailbox" links={links()}>
        <p>
          <a href="/">All mail</a>
        </p>
        <Mail mail={mail} />
      </Page>,
    )
  })
  app.get('/messages/:id/attachments/:index', async (c) => {
    const { id, index } = c.req.param()
    const about = store.find(id)?.attachments[Number(index)]
    const bytes = await store.attachment(id, Number(index))
    if (!about || !bytes) return c.notFound()
    const filename = encodeURIComponent(about.filename)
    return c.body(bytes, 200, {
      'Content-Type': about.contentType,
      'Content-Disposition': `attachment; filename*=UTF-8''${filename}`,
    })
  })
  return app
}

/** `?to=` matches one receiver exactly, `?subject=` any part; letters' case does not matter. */
const chosenMails = (store: MailStore, c: Context): CaughtMail[] => {
  const to = c.req.query('to')?.toLowerCase()
  const subject = c.req.query('subject')?.toLowerCase()
  return store
    .list()
    .filter(
      (mail) =>
        (!to || mail.to.some((address) => address.toLowerCase() === to)) &&
        (!subject || mail.subject.toLowerCase().includes(subject)),
    )
}

const Inbox = ({ mails }: { mails: CaughtMail[] }) => (
  <section id="inbox" aria-live="polite">
    {mails.length === 0 && (
      <p class="card empty">No mail yet. Book a car with an e-mail address and look again.</p>
    )}
    <ul class="list">
      {mails.map(({ id, at, to, subject }) => (
        <li>
          <a class="card row" href={`/messages/${id}`}>
            <strong>{subject}</strong>
            <span class="meta">to {to.join(', ')}</span>
            <time datetime={at}>{formatTime(new Date(at))}</time>
          </a>
        </li>
      ))}
    </ul>
  </section>
)

const Mail = ({ mail }: { mail: CaughtMail }) => (
  <article class="card message">
    <h1>{mail.subject}</h1>
    <dl class="facts">
      <dt>From</dt>
      <dd>{mail.from}</dd>
      <dt>To</dt>
      <dd>{mail.to.join(', ')}</dd>
      <dt>Sent</dt>
      <dd>
        <time datetime={mail.at}>{formatTime(new Date(mail.at))}</time>
      </dd>
      {mail.attachments.length > 0 && <dt>Attached</dt>}
      {mail.attachments.map(({ filename, bytes }, index) => (
        <dd>
          <a href={`/messages/${mail.id}/attachments/${index}`}>{filename}</a> ({bytes} bytes)
        </dd>
      ))}
    </dl>
    {mail.html ? (
      <iframe sandbox="" src={`/messages/${mail.id}/html`} title="The message as it looks"></iframe>
    ) : (
      <pre>{mail.text}</pre>
    )}
    {mail.html && mail.text && (
      <details>
        <summary>As plain text</summary>
        <pre>{mail.text}</pre>
      </details>
    )}
  </article>
)
