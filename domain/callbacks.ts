/** What Daraja reports to which address, under which name it is stored, and whose story hears of it. */
export const CALLBACKS = {
  stk: { message: 'stk_callback', hears: 'payment' },
  /** The answer to a Transaction Status question about a customer's payment. */
  status: { message: 'status_result', hears: 'payment' },
  'status-timeout': { message: 'status_timeout', hears: 'nobody' },
  reversal: { message: 'reversal_result', hears: 'refund' },
  'reversal-timeout': { message: 'reversal_timeout', hears: 'nobody' },
  payout: { message: 'payout_result', hears: 'refund' },
  'payout-timeout': { message: 'payout_timeout', hears: 'nobody' },
  /** The same question about money that we sent back. */
  'refund-status': { message: 'refund_status_result', hears: 'refund' },
  'refund-status-timeout': { message: 'refund_status_timeout', hears: 'nobody' },
  /** Money sent by hand; its address has no subject, because the money tells us what it is. */
  paybill: { message: 'paybill_confirmation', hears: 'paybill' },
  balance: { message: 'balance_result', hears: 'reconciliation' },
  'balance-timeout': { message: 'balance_timeout', hears: 'nobody' },
} as const

/** As it stands in the address. A time-out in Safaricom's queue means "unknown", so nobody's story moves by it. */
export type CallbackKind = keyof typeof CALLBACKS
export type MessageKind = (typeof CALLBACKS)[CallbackKind]['message']
export type Hearer = (typeof CALLBACKS)[CallbackKind]['hears']

export const isCallbackKind = (text: string): text is CallbackKind => Object.hasOwn(CALLBACKS, text)

const HEARERS = new Map<MessageKind, Hearer>(
  Object.values(CALLBACKS).map(({ message, hears }) => [message, hears]),
)
export const hearerOf = (kind: MessageKind): Hearer => HEARERS.get(kind) ?? 'nobody'
