import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { join } from 'node:path'
import { formatTime } from '../domain/time.ts'
import { useAssets } from './shell/assets.ts'
import { liveFrom, Page, type ShellLinks } from './shell/layout.tsx'
import { listen } from './shell/listen.ts'
import { createLive, streamPieces, type Live } from './shell/live.ts'
import { smsGateway, type SmsAccount } from './sms-gateway.ts'
import { openSmsStore, type CaughtSms, type SmsStore } from './sms-store.ts'

export type SmsCatcher = { url: string; account: SmsAccount; stop: () => Promise<void> }

export type SmsOptions = { home: string; port: number; links?: () => ShellLinks }

/** Africa's Talking's sandbox goes by this name; the key is ours and opens nothing else. */
export const SMS_ACCOUNT: SmsAccount = { username: 'sandbox', apiKey: 'gari-local-sms-key' }

const BODY_LIMIT_BYTES = 256 * 1024

/** Takes every SMS as Africa's Talking would, keeps it under `home`, and shows it by phone. */
export const startSms = async (options: SmsOptions): Promise<SmsCatcher> => {
  const store = openSmsStore(join(options.home, 'sms', 'messages.jsonl'))
  const app = createSmsApp(store, options.links ?? (() => ({})))
  const listening = await listen(app, options.port)
  return {
    url: listening.url,
    account: SMS_ACCOUNT,
    stop: async () => {
      await listening.stop()
      store.close()
    },
  }
}

export const createSmsApp = (store: SmsStore, links: () => ShellLinks) => {
  const live = createLive<'inbox'>()
  const app = new Hono()
  app.use(bodyLimit({ maxSize: BODY_LIMIT_BYTES }))
  useAssets(app)
  app.route(
    '/',
    smsGateway(store, SMS_ACCOUNT, () => live.publish('inbox')),
  )
  app.route('/', smsPages(store, live, links))
  return app
}

const smsPages = (store: SmsStore, live: Live<'inbox'>, links: () => ShellLinks) => {
  const app = new Hono()
  app.get('/', (c) =>
    c.html(
      <Page title="SMS" here="sms" links={links()}>
        <h1>SMS</h1>
        <p class="lead">Every SMS that Gari sends, by phone, newest first.</p>
        <div {...liveFrom('/live')}></div>
        <Threads messages={chosenSms(store, c)} />
      </Page>,
    ),
  )
  app.get('/live', (c) => {
    const piece = () => (
      <hx-partial hx-target="#threads" hx-swap="outerMorph">
        <Threads messages={chosenSms(store, c)} />
      </hx-partial>
    )
    return streamPieces(c, live, piece, piece)
  })
  app.get('/messages.json', (c) => c.json({ items: chosenSms(store, c) }))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  return app
}

/** Newest first; `?to=` matches by the last nine digits, however the number is written. */
const chosenSms = (store: SmsStore, c: Context): CaughtSms[] => {
  const digits = c.req.query('to')?.replace(/\D/g, '').slice(-9)
  return store
    .list()
    .filter(({ to }) => !digits || to.endsWith(digits))
    .toReversed()
}

const THREAD_LIMIT = 60
const BUBBLE_LIMIT = 20

const Threads = ({ messages }: { messages: CaughtSms[] }) => {
  const threads = new Map<string, CaughtSms[]>()
  for (const message of messages)
    threads.set(message.to, [...(threads.get(message.to) ?? []), message])
  const byPhone = [...threads].slice(0, THREAD_LIMIT)
  if (byPhone.length === 0)
    return (
      <section id="threads">
        <p class="card empty">No SMS yet. Book a car with a phone number and look again.</p>
      </section>
    )
  return (
    <section id="threads" class="threads" aria-live="polite">
      {byPhone.map(([phone, bubbles]) => (
        <article class="card">
          <h2>{phone}</h2>
          {bubbles.slice(0, BUBBLE_LIMIT).map(({ from, at, text }) => (
            <div class="bubble">
              <p class="meta">
                {from}, <time datetime={at}>{formatTime(new Date(at))}</time>
              </p>
              {text}
            </div>
          ))}
        </article>
      ))}
    </section>
  )
}
