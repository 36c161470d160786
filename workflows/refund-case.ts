/** One refund while it runs, and what becomes of it when it cannot go on by itself: a case for finance. */
import { patched, sleep } from '@temporalio/workflow'
import { rootCause } from '@temporalio/common'
import {
  ASK_AGAIN_AT_MOST_MS,
  lookAgainMs,
  type RefundAnswer,
  type RefundInput,
} from '../domain/refunds.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import type { Approval } from './refund-approval.ts'
import type { CashPaid } from './refund-messages.ts'
import type { PhoneNaming } from './refund-phone.ts'
import type { Sending } from './refund-sending.ts'

export type RefundState = {
  input: RefundInput
  parking: Parking
  approval: Approval
  naming: PhoneNaming
  answer: RefundAnswer | null
  reports: string[]
  wishes: Sending['wishes']
  sending: Sending | null
  /** What somebody says that they handed over; null again when it cannot be written down. */
  cash: CashPaid | null
  cashCounts: boolean
  /** Another phone was named, when one person was enough; so another try was worth while. */
  renamed: boolean
  /** How often it could not be prepared. */
  looks: number
  /** It is time to ask again, although somebody has been called. */
  askAgain: boolean
}

/** Whatever a person must look at is a case for finance as long as it lasts. */
export async function orCase<T>(state: RefundState, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    const why = rootCause(error) ?? String(error)
    await state.parking.insist('open a case', () => books.parkRefund(state.input.refundId, why))
    state.answer ??= { outcome: 'opened', status: 'approved', amount: null }
    state.naming.stuck = true
    if (state.sending?.flight) void askLater(state)
    throw error
  }
}

/** What is missing comes by itself, as a receipt comes with M-Pesa's list; then nobody need press a button either. */
export async function lookLater(state: RefundState): Promise<void> {
  if (!patched('a-blocked-refund-looks-again')) return
  state.looks += 1
  await sleep(lookAgainMs(state.looks))
  state.askAgain = true
}

/** Nobody need press a button for us to go on asking. */
async function askLater(state: RefundState): Promise<void> {
  await sleep(ASK_AGAIN_AT_MOST_MS)
  state.askAgain = true
}
