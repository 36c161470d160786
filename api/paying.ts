/** Asking for a payment, for the API, the pay page and share links alike. */
import { randomUUID } from 'node:crypto'
import type { Cents } from '../domain/money.ts'
import type { PaymentReason } from '../domain/payments.ts'
import { BusinessError } from '../domain/errors.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import { retrySentence } from '../domain/payment-waits.ts'
import { findPayment, type PaymentDetail } from '../db/payment-reads.ts'
import type { ApiDeps } from './deps.ts'

/** A booking, or a charge. */
export type PaidThing = {
  id: string
  purpose?: 'charge'
  parties: { id: string; phone: string }[]
}

const SECOND_MS = 1_000

export type PaymentWish = {
  paymentId: string
  partyId: string | null
  phone: string
  amount: Cents
  actorId: string
}

/** Who pays when nobody was named: the party with that phone, else the first. */
export const partyFor = (
  booking: PaidThing,
  wish: { partyId: string | null; phone?: string },
): string => {
  const { parties } = booking
  const named = wish.partyId ? parties.find(({ id }) => id === wish.partyId) : undefined
  const found = named ?? parties.find(({ phone }) => phone === wish.phone) ?? parties[0]
  if (!found || (wish.partyId && !named)) {
    throw new BusinessError('NOT_FOUND', 'Nobody of this booking has that id.')
  }
  return found.id
}

/** Sends the prompt and answers with the payment as it stands; a refusal by M-Pesa is an error in words. */
export async function pay(
  deps: ApiDeps,
  booking: PaidThing,
  wish: PaymentWish,
): Promise<PaymentDetail | null> {
  const standing = await findPayment(deps.db, wish.paymentId)
  if (standing) return standing
  const { paymentId, phone, amount, actorId } = wish
  const partyId = partyFor(booking, wish)
  const phoneHash = deps.keyedHash(`phone\n${phone}`).toString('hex')
  const request = { paymentId, partyId, phone, phoneHash, amount, actorId }
  const owner = booking.purpose === 'charge' ? deps.workflows.charges : deps.workflows
  await owner.requestPayment(booking.id, request)
  const answer = await deps.workflows.awaitPrompt(paymentId)
  if (answer?.outcome === 'refused') {
    throw refusal(answer.reason, booking, deps.now())
  }
  return findPayment(deps.db, paymentId)
}

const LESS_IS_LEFT = 'Less than that is left to pay. Load the page again.'

/** In words, with the moment from which it is worth trying again where M-Pesa wants a rest. */
function refusal(reason: PaymentReason, thing: PaidThing, now: Date): BusinessError {
  const { code, retryAt } = reason
  const sentence = code === 'AMOUNT_ABOVE_BALANCE' ? LESS_IS_LEFT : reasonSentence(code)
  const words = [sentence, retrySentence(reason)].filter((one) => one !== null)
  const waitMs = retryAt ? Date.parse(retryAt) - now.getTime() : 0
  return new BusinessError(codeOf(code, thing), words.join(' '), {
    details: {
      reason: code,
      ...(retryAt ? { retry_after: Math.max(1, Math.ceil(waitMs / SECOND_MS)) } : {}),
    },
  })
}

const codeOf = (reason: string, { purpose }: PaidThing) => {
  if (reason === 'RESERVATION_CLOSED') return purpose ? 'CHARGE_CLOSED' : 'RESERVATION_CLOSED'
  if (reason === 'PUSH_OPEN' || reason === '1001') return 'PUSH_OPEN'
  if (reason === 'AMOUNT_ABOVE_BALANCE') return 'AMOUNT_ABOVE_BALANCE'
  return reason === 'UNREACHABLE' ? 'TEMPORARILY_UNAVAILABLE' : 'PAYMENT_REFUSED'
}

/**
 * Under which id whoever sees this error asks again: a refused request has used its id up. One that nobody answered may still be
 * taken, and the phone may ring, so it keeps it and cannot be charged twice.
 */
export const idAfter = ({ code, details }: BusinessError, id: string): string =>
  code === 'TEMPORARILY_UNAVAILABLE' && details['reason'] === undefined ? id : randomUUID()
