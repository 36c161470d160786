/** What a customer is told of credit that belongs to no booking and no charge. */
import type { EventType } from './events.ts'

export type CreditTemplate = 'credited' | 'credit_kept' | 'credit_added'

export type CreditNotice = {
  channel: 'email' | 'sms'
  /** Credit is the customer's own. */
  partyId: null
  template: CreditTemplate
  detail: { amount?: string; receipt?: string }
}

type Heard = { type: string; data: Record<string, unknown> }

const eventType = (type: string): EventType => type.replace(/^gari\.|\.v\d+$/g, '') as EventType
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Money of nobody that finance gave to a customer; credit that was to go back, until somebody said no. */
const templateOf = ({ type, data }: Heard): CreditTemplate | null => {
  const known = eventType(type)
  if (known === 'payment.succeeded' && data['purpose'] === 'credit') return 'credited'
  return known === 'refund.declined' && data['payment_id'] === null ? 'credit_kept' : null
}

/** The customer who is told about their credit because of this event; null when nobody is. */
export const creditTold = (event: Heard): string | null =>
  templateOf(event) ? (text(event.data['customer_id']) ?? null) : null

type Reached = { email: string | null; phone: string | null }

export function creditNoticesFor(event: Heard, customer: Reached): CreditNotice[] {
  const template = templateOf(event)
  if (!template) return []
  const [amount, receipt] = [text(event.data['amount']), text(event.data['receipt'])]
  const detail = {
    ...(amount ? { amount } : {}),
    ...(receipt ? { receipt } : {}),
  }
  return noticesOfCredit(customer, template, detail)
}

export function noticesOfCredit(
  customer: Reached,
  template: CreditTemplate,
  detail: CreditNotice['detail'],
): CreditNotice[] {
  const notice = { partyId: null, template, detail }
  return [
    ...(customer.email ? [{ channel: 'email' as const, ...notice }] : []),
    ...(customer.phone ? [{ channel: 'sms' as const, ...notice }] : []),
  ]
}
