/**
 * A report claims money that is not what we asked for. Before a person is troubled, Safaricom itself is asked what
 * became of the receipt that the report names; its answer comes as another report.
 */
import { condition, setCurrentDetails } from '@temporalio/workflow'
import type { SettleDecision } from '../domain/payments.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { Parking } from './parking.ts'
import { readReports, type PaymentState } from './payment-hearing.ts'
import { books, questions } from './proxies.ts'

/** An answer may take a minute and a half; some never come. */
const ANSWER_WAIT_MS = 5 * MINUTE_MS
const QUESTIONS = 3

/** Undecided when nobody named a receipt, or Safaricom did not say. */
export async function askAboutReceipt(
  state: PaymentState,
  parking: Parking,
): Promise<SettleDecision> {
  const { paymentId } = state.input
  const undecided: SettleDecision = {
    outcome: 'undecided',
    checkoutRequestId: state.checkoutRequestId,
    disputed: true,
  }
  const receipt = await parking.insist('look which receipt the report names', () =>
    books.readClaimedReceipt(paymentId),
  )
  if (receipt === null) return undecided
  for (let asked = 0; asked < QUESTIONS; asked += 1) {
    setCurrentDetails(`The report disagrees with what we asked for; asking M-Pesa about ${receipt}`)
    const answer = await ask(state, receipt)
    if (answer === 'refused') return undecided
    await condition(() => state.reports.length > 0, ANSWER_WAIT_MS)
    const decision = state.reports.length > 0 ? await readReports(state, parking) : undecided
    if (decision.outcome !== 'undecided' || !decision.disputed) return decision
  }
  return undecided
}

/** The question moves no money, so whatever hides its acceptance only means that it may be asked again. */
async function ask({ input }: PaymentState, receipt: string): Promise<'asked' | 'refused'> {
  const { paymentId, ownerNumber } = input
  const question = {
    kind: 'status',
    subjectId: paymentId,
    receipt,
    remarks: `Payment for ${ownerNumber}`,
  } as const
  const answer = await questions.requestTransactionStatus(question).catch(() => null)
  return answer?.outcome === 'refused' ? 'refused' : 'asked'
}
