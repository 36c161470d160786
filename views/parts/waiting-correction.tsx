/** A correction that somebody asked for, as the second person sees it before they say yes or no. */
import type { EntryPage } from '../../domain/ledger-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import { Csrf } from './form.tsx'
import { Money } from './money.tsx'
import { Time } from './times.tsx'

type Props = { page: EntryPage; viewer: Viewer }

const nameOf = ({ accounts }: EntryPage, account: string): string =>
  accounts.find((one) => one.account === account)?.name ?? account

const Right = ({ page }: { page: EntryPage }) => {
  const right = page.waiting?.right ?? null
  if (!right) return <p>Nothing is posted in its place.</p>
  return (
    <>
      <p>In its place is posted:</p>
      {right.map(({ account, subject, amount }) => (
        <p class="subject">
          {nameOf(page, account)} <Money amount={amount} /> {subject ?? ''}
        </p>
      ))}
    </>
  )
}

export const WaitingCorrection = ({ page, viewer }: Props) => {
  const { waiting, entry, mayAgree, mayDecline, now } = page
  if (!waiting) return null
  return (
    <section class="card" aria-labelledby="waiting">
      <h2 id="waiting">A correction waits for a second person</h2>
      <p>
        {waiting.askedByName} wants to turn this entry round,{' '}
        <Time at={waiting.askedAt} now={now} />: {waiting.reason}
      </p>
      <Right page={page} />
      {mayDecline && (
        <form method="post" action={`/finance/ledger/entries/${entry.id}/decide`}>
          <Csrf viewer={viewer} />
          {mayAgree && (
            <button type="submit" class="button" name="answer" value="agree">
              Agree and post it
            </button>
          )}
          <button type="submit" class="button button-second" name="answer" value="decline">
            {mayAgree ? 'Decline it' : 'Take it back'}
          </button>
        </form>
      )}
    </section>
  )
}
