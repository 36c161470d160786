/** A stuck refund that somebody paid by hand: what they write down, and when another person must agree. */
import type { ManualResolution } from './payments.ts'
import { WITHIN_OUR_BOOKS, type RefundMethod } from './refunds.ts'

/** How the money went back, as the person says who sent it. */
export type HandPayment = {
  how: string
  /** Of the bank or the card, or M-Pesa's receipt. */
  reference: string
  /** M-Pesa's, where it was sent by M-Pesa. */
  receipt: string | null
}

/**
 * - `waiting` for another person. - `agreed`: it is written into the books. - `overtaken`: M-Pesa paid it as well, so
 *   one of the two has to come back.
 */
export type HandStatus = 'waiting' | 'agreed' | 'overtaken'

export type HandWish = HandPayment & {
  status: HandStatus
  askedBy: string
  askedByName: string
  askedAt: Date
}

export type HandAnswer = { outcome: 'alone'; word: ManualResolution } | { outcome: 'waits' }

/** `large`: above the limit, with everything else that people asked for of the same payment. */
export const handNeedsTwo = ({ large, method }: { large: boolean; method: RefundMethod }) =>
  large && !Object.hasOwn(WITHIN_OUR_BOOKS, method)

export const handWords = ({ how, reference }: HandPayment): string => `${how} (${reference})`

/** What a story is told. */
export const handWord = (said: HandPayment, actorId: string): ManualResolution => ({
  reason: handWords(said),
  actorId,
  receipt: said.receipt,
})

/** The refusal of a request that is not made, because somebody says that the money is back already. */
export const PAID_BY_HAND = 'PAID_BY_HAND'
/** Two payments of one refund: a case until one of them has come back. */
export const paidTwiceCase = 'refund_paid_twice'
