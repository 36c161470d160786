/** How a reversal and a payout ended; null when the body is no result. */
import type { PayoutResult, ReversalResult } from '../daraja.ts'
import { readReport, SUCCESS } from './daraja-reports.ts'
import {
  readAccount,
  readAmount,
  readReceipt,
  readSigned,
  readTime,
  valueOf,
} from './daraja-values.ts'

export function parseReversalResult(body: unknown): ReversalResult | null {
  const one = readReport(body)
  if (!one) return null
  const value = (name: string) => valueOf(one.items, name)
  return {
    ...one.report,
    amount: readAmount(value('Amount')),
    originalReceipt: readReceipt(value('OriginalTransactionID')),
    completedAt: readTime(value('TransCompletedTime')),
    charge: readAmount(value('Charge')),
    funds: readAccount(value('DebitAccountBalance'))?.[1] ?? null,
    creditParty: value('CreditPartyPublicName'),
    debitParty: value('DebitPartyPublicName'),
  }
}

export function parsePayoutResult(body: unknown): PayoutResult | null {
  const one = readReport(body)
  if (!one) return null
  const value = (name: string) => valueOf(one.items, name)
  const paid = one.report.resultCode === SUCCESS
  return {
    ...one.report,
    receipt: paid ? (readReceipt(value('TransactionReceipt')) ?? one.report.transactionId) : null,
    amount: readAmount(value('TransactionAmount')),
    receiver: value('ReceiverPartyPublicName'),
    receiverIsRegistered: readYes(value('B2CRecipientIsRegisteredCustomer')),
    completedAt: readTime(value('TransactionCompletedDateTime')),
    utilityFunds: readSigned(value('B2CUtilityAccountAvailableFunds')),
    workingFunds: readSigned(value('B2CWorkingAccountAvailableFunds')),
  }
}

const readYes = (text: string | null): boolean | null =>
  text === 'Y' || text === 'N' ? text === 'Y' : null
