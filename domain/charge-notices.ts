/** Who is told what, and how, when something has happened to a charge or to money for it. */
import type { ChargeTemplate } from './charge-notice-texts.ts'
import type { EventType } from './events.ts'
import { CURRENCY, toDecimal, type Cents } from './money.ts'

export type ChargeNoticeTemplate =
  ChargeTemplate | 'payment_refused' | 'part_refunded' | 'to_credit' | 'overpaid'

export type ChargeNotice = {
  channel: 'email' | 'sms'
  /** Who gets the SMS, and whose money it is about; null = the customer. A mail goes to the customer. */
  partyId: string | null
  template: ChargeNoticeTemplate
  detail: { amount?: string; reason?: string }
}

type Heard = { type: string; data: Record<string, unknown> }
type Facts = {
  total: Cents
  customer: { email: string | null }
  parties: { id: string; share: Cents }[]
}

const EVERYBODY: Partial<Record<EventType, ChargeTemplate>> = {
  'charge.created': 'charge_created',
  'charge.paid': 'charge_paid',
  'charge.cancelled': 'charge_ended',
  'charge.expired': 'charge_ended',
}
const ONE_PAYER: Partial<Record<EventType, ChargeNoticeTemplate>> = {
  'payment.succeeded': 'charge_received',
  'payment.failed': 'payment_refused',
  'payment.refunded': 'part_refunded',
  'payment.overpaid': 'overpaid',
  'payment.arrived_late': 'charge_late',
}

const eventType = (type: string): EventType => type.replace(/^gari\.|\.v\d+$/g, '') as EventType
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The charge that somebody is told about because of this event; null when nobody is. */
export function chargeTold({ type, data }: Heard): string | null {
  const known = eventType(type)
  if (known in EVERYBODY) return text(data['charge_id']) ?? null
  const ours = known in ONE_PAYER && data['purpose'] === 'charge'
  return ours ? (text(data['owner_id']) ?? null) : null
}

export function chargeNoticesFor(event: Heard, facts: Facts): ChargeNotice[] {
  const type = eventType(event.type)
  const reason = text(event.data['reason'])
  const why = reason ? { reason } : {}
  const everybody = EVERYBODY[type]
  if (everybody) return toEverybody(everybody, facts, why)
  const isCredit = type === 'payment.refunded' && event.data['method'] === 'credit'
  const template = isCredit ? 'to_credit' : ONE_PAYER[type]
  const payer = text(event.data['party_id'])
  if (!template || !payer || isWhole(type, event, facts)) return []
  // Credit is the customer's, whoever has paid.
  const partyId = isCredit || template === 'overpaid' ? null : payer
  const amount = text(event.data[type === 'payment.overpaid' ? 'credited' : 'amount'])
  const notice = { partyId, template, detail: { ...(amount ? { amount } : {}), ...why } }
  const mails = template === 'payment_refused' ? [] : mail(facts, notice)
  return [...mails, { channel: 'sms', ...notice }]
}

/** Whoever pays all of it at once hears that it is paid, not the same money twice. */
const isWhole = (type: EventType, { data }: Heard, { total }: Facts): boolean =>
  type === 'payment.succeeded' &&
  data['amount'] === toDecimal(total) &&
  data['currency'] === CURRENCY

const mail = ({ customer }: Facts, notice: Omit<ChargeNotice, 'channel'>): ChargeNotice[] =>
  customer.email ? [{ channel: 'email', ...notice }] : []

/** Each is asked for their own share; the customer's mail tells of the whole. */
function toEverybody(
  template: ChargeTemplate,
  facts: Facts,
  why: { reason?: string },
): ChargeNotice[] {
  const asked = template === 'charge_created'
  const amountOf = (amount: Cents) => (asked ? { amount: toDecimal(amount) } : {})
  const { parties, total } = facts
  return [
    ...mail(facts, { partyId: null, template, detail: { ...why, ...amountOf(total) } }),
    ...parties
      .filter(({ share }) => share > 0 || !asked)
      .map(({ id, share }): ChargeNotice => {
        const detail = { ...why, ...amountOf(share) }
        return { channel: 'sms', partyId: id, template, detail }
      }),
  ]
}
