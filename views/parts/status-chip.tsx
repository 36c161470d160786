/** A status is a word and a shape; its colour only helps. */
import type { InvoiceStatus } from '../../domain/invoices.ts'
import type { PaymentLine } from '../../domain/pages.ts'
import type { ReservationStatus } from '../../domain/reservations.ts'
import type { Say } from '../language.ts'

export type Tone = 'wait' | 'part' | 'good' | 'moving' | 'done' | 'ended' | 'attention'

const SHAPES: Record<Tone, string> = {
  wait: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Zm0 2.6V8l2.6 1.6',
  part: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Zm0 0v12.4M8 5h4M8 8h5.6M8 11h4',
  good: 'M2.5 8.6 6.3 12.4 13.5 4',
  moving: 'M2 8h11M9 3.6 13.4 8 9 12.4',
  done: 'M3.6 14.4V1.8M3.6 2.4h8.8L10.2 5.6l2.2 3.2H3.6',
  ended: 'M3.4 3.4 12.6 12.6M12.6 3.4 3.4 12.6',
  attention: 'M8 2 14.6 13.6H1.4ZM8 6.4v3.4M8 11.6v.4',
}

export const Shape = ({ tone }: { tone: Tone }) => (
  <svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={SHAPES[tone]} />
  </svg>
)

export const Chip = ({ tone, text }: { tone: Tone; text: string }) => (
  <span class={`chip chip-${tone}`}>
    <Shape tone={tone} />
    {text}
  </span>
)

const RESERVATION_TONES: Record<ReservationStatus, Tone> = {
  pending: 'wait',
  processing: 'part',
  confirmed: 'good',
  in_progress: 'moving',
  completed: 'done',
  cancelled: 'ended',
  expired: 'ended',
  no_show: 'attention',
}

export const StatusChip = ({ status, t }: { status: ReservationStatus; t: Say }) => (
  <Chip tone={RESERVATION_TONES[status]} text={t(`status_${status}`)} />
)

const PAYMENT_TONES: Record<PaymentLine['status'], Tone> = {
  requested: 'wait',
  prompted: 'wait',
  unknown: 'wait',
  unexplained: 'attention',
  settled: 'good',
  refused: 'ended',
  refunding: 'moving',
  refunded: 'done',
}

export const PaymentChip = ({ status, t }: { status: PaymentLine['status']; t: Say }) => (
  <Chip tone={PAYMENT_TONES[status]} text={t(`payment_${status}`)} />
)

const INVOICE_TONES: Record<InvoiceStatus, Tone> = {
  draft: 'wait',
  issued: 'moving',
  sent: 'wait',
  overdue: 'attention',
  paid: 'good',
  cancelled: 'ended',
}

export const InvoiceChip = ({ status, t }: { status: InvoiceStatus; t: Say }) => (
  <Chip tone={INVOICE_TONES[status]} text={t(`invoice_${status}`)} />
)
