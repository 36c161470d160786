/** What the result codes of reversals, payouts, status and balance mean for trying again. */
import type { PaymentReason, ReasonClass } from './payments.ts'

/**
 * W: the same again may work later (1: our Utility account is short, whatever the Working account holds). N: it
 * cannot work unchanged: limits, the receiver's account, the operator's credential and role, unknown receipts.
 */
const CLASSES: Record<string, ReasonClass> = { '1': 'W', '17': 'W', '26': 'W', '1001': 'W' }

/** A code that nobody has documented is for people: money is not sent again by guesswork. */
export const initiatorReason = (resultCode: string): PaymentReason => ({
  code: resultCode,
  class: CLASSES[resultCode] ?? 'N',
})
