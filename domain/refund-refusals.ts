/** Why M-Pesa certainly did not send money back, in words for finance, and what follows from it. */
import { PAID_BY_HAND } from './paid-by-hand.ts'

/** What its own result codes mean for money that we send; every one is final and nothing was moved. */
const REFUSALS: Record<string, string> = {
  '1': 'our utility account has too little money; move some to it on the M-Pesa portal, then try again',
  '2': 'the amount is too small for M-Pesa; pay it another way',
  '3': 'the amount is more than M-Pesa pays out at once; pay it another way',
  '4': 'that phone has reached its limit for today; try again tomorrow or name another phone',
  '8': 'that phone’s wallet would be too full; name another phone or pay it another way',
  '11': 'one of the two M-Pesa accounts is not active; look at ours on the portal, then at the customer’s',
  '21': 'our operator may not do this; give it the role on the M-Pesa portal, then try again',
  '26': 'M-Pesa was too busy; try again',
  '2001': 'it did not accept our operator’s password; set the new one, then try again',
  '2006':
    'a rule of one of the two M-Pesa accounts forbids it; name another phone or pay it another way',
  '2028': 'our shortcode is not set up for this; ask Safaricom, or pay it another way',
  '2040': 'that phone is not registered for M-Pesa; name another phone',
  '8006': 'our operator is locked; unlock it on the M-Pesa portal, then try again',
  R000002: 'it does not know the payment that was to go back',
  SFC_IC0003: 'it does not know that phone; name another phone',
  Cancelled: 'somebody cancelled it on the M-Pesa portal',
  Declined: 'somebody declined it on the M-Pesa portal',
  Expired: 'it was not carried out in time',
  CONFIGURATION: 'our set-up was refused; somebody must look at it before it is tried again',
  UNREACHABLE: 'M-Pesa could not be reached for a day; try again',
}

/** Refused at the door for everybody, before anything was read: the same request may simply be sent later. */
export const UNREACHABLE = 'UNREACHABLE'
export const passesByItself = (code: string): boolean => code === UNREACHABLE

/** Daraja's gateway refused the request while it read it: `400.002.02`, `404.001.03`. */
const GATEWAY_CODE = /^4\d\d\.\d{3}(?:\.\d+)?$/

const meaningOf = (code: string): string =>
  REFUSALS[GATEWAY_CODE.test(code) ? 'CONFIGURATION' : code] ?? 'it did not say why'

/** A sentence for the case. Codes that nobody has documented are shown as they are. */
export const refusalWords = (code: string): string =>
  code === PAID_BY_HAND
    ? 'Somebody says that they paid it by hand: agree to that or decline it first.'
    : `M-Pesa refused it: ${meaningOf(code)} (${code}).`

/** What no other way would mend: our money, our operator, M-Pesa away, or a word of ours that it was paid by hand. */
const OUR_OWN = new Set(['1', '2001', '8006', UNREACHABLE, PAID_BY_HAND])
export const isOurOwnTrouble = (code: string): boolean => OUR_OWN.has(code)
