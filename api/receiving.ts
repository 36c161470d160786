/** Taking what rings no phone, for the API, the desk's pages and the customer's own credit alike. */
import { BusinessError, type ErrorCode } from '../domain/errors.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import type { TenderRequest } from '../domain/tenders.ts'
import { findPayment, type PaymentDetail } from '../db/payment-reads.ts'
import type { ApiDeps } from './deps.ts'
import { partyFor, type PaidThing } from './paying.ts'

export type TenderWish = Omit<TenderRequest, 'partyId'> & { partyId: string | null }

const CODES: Record<string, ErrorCode> = {
  AMOUNT_ABOVE_BALANCE: 'AMOUNT_ABOVE_BALANCE',
  RESERVATION_CLOSED: 'RESERVATION_CLOSED',
  2: 'AMOUNT_OUT_OF_RANGE',
}
const WORDS: Record<string, string> = {
  AMOUNT_ABOVE_BALANCE: 'This is more than is left to pay.',
  RESERVATION_CLOSED: 'This booking is no longer open.',
  2: 'Write the amount in whole shillings, like 4,500.',
}

/** The payment as it stands; null while no worker has written it down. What was not taken is an error in words. */
export async function receive(
  deps: ApiDeps,
  thing: PaidThing,
  wish: TenderWish,
): Promise<PaymentDetail | null> {
  const standing = await findPayment(deps.db, wish.paymentId)
  if (standing) return standing
  const partyId = partyFor(thing, wish)
  const owner = thing.purpose === 'charge' ? deps.workflows.charges : deps.workflows
  await owner.receivePayment(thing.id, { ...wish, partyId })
  const answer = await deps.workflows.awaitPrompt(wish.paymentId)
  if (answer?.outcome === 'refused') throw refusal(answer.reason.code, thing)
  return findPayment(deps.db, wish.paymentId)
}

function refusal(reason: string, { purpose }: PaidThing): BusinessError {
  const details = { details: { reason } }
  if (reason === 'RESERVATION_CLOSED' && purpose === 'charge')
    return new BusinessError('CHARGE_CLOSED', 'This charge is no longer open.', details)
  const words = WORDS[reason] ?? reasonSentence(reason)
  return new BusinessError(CODES[reason] ?? 'TENDER_REFUSED', words, details)
}
