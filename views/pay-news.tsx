/** What is happening to each payment right now, in sentences: what we wait for, whose turn, since when. */
import { formatKes } from '../domain/money.ts'
import type { PaidParts } from '../domain/charge-pages.ts'
import type { PaymentLine } from '../domain/pages.ts'
import { isOpenPayment, type PaymentStatus } from '../domain/payments.ts'
import { clockAfter } from '../domain/payment-waits.ts'
import { formatClock, MINUTE_MS } from '../domain/time.ts'
import { hasEnded } from '../domain/reservations.ts'
import { sentenceIn, type Say, type TextKey } from './language.ts'
import { wasCharged } from './money-back.ts'
import { Shape, type Tone } from './parts/status-chip.tsx'

const SLOW_AFTER_MS = 20_000
const LONG_AFTER_MS = 2 * MINUTE_MS

/** Banks take their days; nobody is told that this is long. */
const isTransfer = ({ method, status }: PaymentLine): boolean =>
  method === 'bank_transfer' && isOpenPayment(status)

/** 0 fresh, 1 help is offered, 2 longer than usual. */
export const waitStage = (payment: PaymentLine, now: Date): 0 | 1 | 2 => {
  if (!isOpenPayment(payment.status) || isTransfer(payment)) return 0
  const age = now.getTime() - payment.at.getTime()
  if (age >= LONG_AFTER_MS) return 2
  return age >= SLOW_AFTER_MS ? 1 : 0
}

const newestFirst = (payments: PaymentLine[]): PaymentLine[] =>
  [...payments].sort((a, b) => b.at.getTime() - a.at.getTime())

export const hasOpenPayment = (booking: PaidParts): boolean =>
  booking.payments.some((one) => isOpenPayment(one.status))

/** What can be sent again: not for something that has ended. */
const isPast = ({ status, otherAmount }: PaymentLine, booking: PaidParts): boolean =>
  status === 'refused' && !otherAmount && hasEnded(booking.status)

/** Every open payment; else the newest one, whatever became of it; refunds always. */
export const livePaymentsOf = (booking: PaidParts): PaymentLine[] => {
  const sorted = newestFirst(booking.payments)
  const refunds = (one: PaymentLine) => one.status === 'refunding' || one.status === 'refunded'
  const shown = sorted.filter((one, index) => {
    if (isOpenPayment(one.status) || refunds(one)) return true
    return index === 0 && !isPast(one, booking)
  })
  return shown.slice(0, 10)
}

type NewsProps = { payment: PaymentLine; booking: PaidParts; t: Say }
type FrameProps = NewsProps & { tone: Tone; head: string; lines: string[] }

const Frame = ({ payment, booking, t, tone, head, lines }: FrameProps) => {
  const stage = waitStage(payment, booking.now)
  return (
    <div class={`news-item news-${tone}`} id={`news-${payment.id}`}>
      <p class="news-head">
        {tone === 'wait' ? <span class="spinner" aria-hidden="true" /> : <Shape tone={tone} />}
        <span>{head}</span>
      </p>
      {lines.map((line) => (
        <p>{line}</p>
      ))}
      {stage === 2 && !payment.queued && <p>{t('longWait')}</p>}
      {stage === 1 && payment.status === 'prompted' && !hasEnded(booking.status) && (
        <details class="fold">
          <summary>{t('nothingCame')}</summary>
          <p>{t('nothingCameText')}</p>
        </details>
      )}
    </div>
  )
}

type Wording = { tone: Tone; head: TextKey; lines: TextKey[] }

const WORDINGS: Record<PaymentStatus, Wording> = {
  requested: { tone: 'wait', head: 'sending', lines: ['sendingHint'] },
  prompted: { tone: 'wait', head: 'promptSent', lines: ['promptWhatNow', 'promptFrom'] },
  unknown: { tone: 'wait', head: 'checking', lines: ['checkingHint'] },
  unexplained: { tone: 'attention', head: 'unexplained', lines: ['unexplainedHint'] },
  settled: { tone: 'good', head: 'received', lines: [] },
  refused: { tone: 'ended', head: 'refusedHeading', lines: [] },
  refunding: { tone: 'moving', head: 'refundOnWay', lines: [] },
  refunded: { tone: 'done', head: 'refundDone', lines: [] },
}

/** M-Pesa is away; the request has not gone out. */
const QUEUED: Wording = { tone: 'moving', head: 'queuedPush', lines: ['queuedPushHint'] }

const TRANSFER: Wording = { tone: 'wait', head: 'transferAwaited', lines: ['transferHint'] }

/** Where several pay all of them read it, so it says whose money it was. */
const AMONG_US: Partial<Record<PaymentStatus, TextKey>> = {
  refused: 'refusedFrom',
  refunding: 'refundOnWayTo',
  refunded: 'refundDoneTo',
}

const wordingOf = (payment: PaymentLine, { parties }: PaidParts): Wording => {
  if (isTransfer(payment)) return TRANSFER
  if (payment.queued) return QUEUED
  const usual = WORDINGS[payment.status]
  const named = parties.length > 1 ? AMONG_US[payment.status] : undefined
  return named ? { ...usual, head: named } : usual
}

/** Nobody should type a PIN for a booking that is over. */
const ENDED_PROMPT: TextKey[] = ['promptEnded', 'promptEndedPaid']

/** Only while it is still to come: an old refusal keeps nobody waiting. */
export const isResting = ({ retryAt }: PaymentLine, now: Date): boolean =>
  retryAt !== null && retryAt > now

const retryText = ({ retryAt }: PaymentLine, { now }: PaidParts, t: Say): string[] =>
  retryAt && retryAt > now ? [t('retryAt', { time: clockAfter(retryAt) })] : []

const PaymentItem = ({ payment, booking, t }: NewsProps) => {
  const { tone, head, lines: usual } = wordingOf(payment, booking)
  const asks = (payment.status === 'requested' && !payment.queued) || payment.status === 'prompted'
  const lines = asks && hasEnded(booking.status) ? ENDED_PROMPT : usual
  const values = {
    phone: payment.maskedPhone,
    amount: formatKes(payment.amount),
    name: payment.partyName,
    time: formatClock(payment.at),
  }
  const said = lines.map((line) => t(line, values))
  if (payment.status === 'refused') {
    const safe = wasCharged(booking.payments) ? 'notChargedNow' : 'notCharged'
    said.push(
      sentenceIn(t.language, payment.reason ?? ''),
      ...(payment.otherAmount ? [] : [t(safe)]),
      ...retryText(payment, booking, t),
    )
  }
  if (payment.status === 'settled' && payment.receipt)
    said.push(t('receiptIs', { receipt: payment.receipt }))
  return (
    <Frame
      payment={payment}
      booking={booking}
      t={t}
      tone={tone}
      head={t(head, values)}
      lines={said.filter((line) => line !== '')}
    />
  )
}

export const PaymentNews = ({ booking, t }: { booking: PaidParts; t: Say }) => (
  <>
    {livePaymentsOf(booking).map((payment) => (
      <PaymentItem payment={payment} booking={booking} t={t} />
    ))}
  </>
)
