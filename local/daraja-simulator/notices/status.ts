import { compactTime } from '../clock.ts'
import type { PaidIn, Payout, Reversal } from '../money/entries.ts'
import { decimal } from './accounts.ts'
import type { Parameter } from './result.ts'

/** As `2547… - NAME` and `174379 - NAME`. */
type Sides = { customer: string; organisation: string }

type Facts = {
  receipt: string
  status: string
  amount: number
  debit: string
  credit: string
  reason: string
  initiatedAt: string
  finishedAt: string | null
  conversation?: Pick<Payout, 'conversationId' | 'originatorConversationId'>
}

/** A customer's payment. That it was sent back later does not change its own status. */
export const paymentStatus = ({ customer, organisation }: Sides, payment: PaidIn): Parameter[] =>
  statusParameters({
    receipt: payment.receipt ?? '',
    status: 'Completed',
    amount: payment.amount,
    debit: customer,
    credit: organisation,
    reason: 'Pay Bill Online',
    initiatedAt: payment.requestedAt,
    finishedAt: payment.finishedAt,
  })

const STATUSES = { pending: 'Authorized', completed: 'Completed', failed: 'Declined' }

/** A payout or a reversal; the money of both goes to the customer. */
export const requestStatus = (
  { customer, organisation }: Sides,
  request: Payout | Reversal,
): Parameter[] =>
  statusParameters({
    receipt: request.receipt ?? '',
    status: STATUSES[request.status],
    amount: request.amount,
    debit: organisation,
    credit: customer,
    reason: 'commandId' in request ? 'Business Payment to Customer' : 'Transaction Reversal',
    initiatedAt: request.requestedAt,
    finishedAt: request.finishedAt,
    conversation: request,
  })

/** DebitPartyName comes twice, as in Safaricom's own sample. */
const statusParameters = (facts: Facts): Parameter[] => [
  { Key: 'TransactionStatus', Value: facts.status },
  { Key: 'ReceiptNo', Value: facts.receipt },
  { Key: 'Amount', Value: decimal(facts.amount) },
  { Key: 'DebitPartyName', Value: facts.debit },
  { Key: 'DebitPartyName', Value: facts.debit },
  { Key: 'CreditPartyName', Value: facts.credit },
  { Key: 'ConversationID', Value: facts.conversation?.conversationId ?? '' },
  {
    Key: 'OriginatorConversationID',
    Value: facts.conversation?.originatorConversationId ?? '',
  },
  { Key: 'InitiatedTime', Value: timeOf(facts.initiatedAt) },
  { Key: 'FinalisedTime', ...(facts.finishedAt ? { Value: timeOf(facts.finishedAt) } : {}) },
  { Key: 'DebitAccountType', Value: 'Utility Account' },
  { Key: 'DebitPartyCharges' },
  { Key: 'TransactionReason' },
  { Key: 'ReasonType', Value: facts.reason },
]

const timeOf = (iso: string): number => Number(compactTime(new Date(iso)))
