/** What was done with a payment or a refund, newest first, in finance's words. */
import type { MoneyStep } from '../../domain/staff-pages.ts'
import { whyWords } from '../why-words.ts'
import { Time } from './times.tsx'

const WORDS: Record<string, string> = {
  'payment.requested': 'Asked for',
  'payment.succeeded': 'Paid on the phone',
  'payment.settled': 'Paid, and in the books',
  'payment.failed': 'Not paid',
  'payment.refused': 'Not paid',
  'payment.unknown': 'No answer yet: M-Pesa is asked',
  'payment.unexplained': 'Something does not match',
  'payment.overpaid': 'More came than was asked for',
  'payment.arrived_late': 'Came after the booking had ended',
  'payment.allocated': 'Given to its owner',
  'payment.refunding': 'Money set aside to go back',
  'payment.refunded': 'All of it went back',
  'payment.part_refunded': 'A part went back',
  'payment.resolved': 'Decided by a person',
  'payment.transfer_found': 'The bank shows the money',
  'payment.transfer_withdrawn': 'The transfer was withdrawn',
  'refund.requested': 'Refund asked for',
  'refund.approved': 'Refund approved',
  'refund.declined': 'Refund declined',
  'refund.sent': 'Refund sent to M-Pesa',
  'refund.refused': 'Refund refused by M-Pesa',
  'refund.by_hand_asked': 'Said to be paid by hand',
  'refund.by_hand_agreed': 'Agreed: it was paid by hand',
  'refund.by_hand_declined': 'It was not paid by hand after all',
  'refund.paid_twice': 'M-Pesa has paid it as well',
  'refund.paid_once': 'One of the two payments is back',
  'refund.settled': 'The money is back with the customer',
}
/** Rules of ours, and callers without a name, as a person would call them. */
const ACTORS: Record<string, string> = { clock: 'gari', daraja: 'M-Pesa', mpesa: 'M-Pesa' }

const wordsOf = (action: string): string =>
  WORDS[action] ?? action.replace(/^\w+\./, '').replaceAll('_', ' ')

type Props = { steps: MoneyStep[]; now: Date }

export const Steps = ({ steps, now }: Props) => (
  <section class="card" aria-labelledby="steps">
    <h2 id="steps">What happened</h2>
    <ol class="timeline">
      {steps.toReversed().map(({ at, action, who, why }) => (
        <li>
          <p class="timeline-what">{wordsOf(action)}</p>
          <p class="timeline-when">
            <Time at={at} now={now} />
            {`, ${ACTORS[who] ?? who}${why ? `: ${whyWords(why)}` : ''}`}
          </p>
        </li>
      ))}
    </ol>
  </section>
)
