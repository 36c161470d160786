/** A payment hears of its money from M-Pesa's own list: reconciliation found it where no report had come. */
import { setHandler } from '@temporalio/workflow'
import type { SettleDecision } from '../domain/payments.ts'
import type { FoundReceipt } from '../domain/reconciliation.ts'
import type { Parking } from './parking.ts'
import type { PaymentState } from './payment-hearing.ts'
import { receiptFound } from './payment-messages.ts'
import { books } from './proxies.ts'

export const hearReceipts = (state: { receipts: FoundReceipt[] }): void =>
  setHandler(receiptFound, (found) => {
    state.receipts.push(found)
  })

export const hasNews = ({ reports, receipts }: PaymentState): boolean =>
  reports.length + receipts.length > 0

export async function readReceipts(state: PaymentState, parking: Parking): Promise<SettleDecision> {
  let decision: SettleDecision = {
    outcome: 'undecided',
    checkoutRequestId: state.checkoutRequestId,
  }
  for (let found = state.receipts.shift(); found; found = state.receipts.shift()) {
    const one = found
    decision = await parking.insist('settle by M-Pesa’s own list', () =>
      books.settleFromReceipt(state.input.paymentId, one),
    )
    if (decision.outcome === 'settled') return decision
  }
  return decision
}
