/** What Safaricom says about another transaction and about our accounts; null when the body is no result. */
import type { BalanceResult, StatusResult, TransactionState } from '../daraja.ts'
import type { Cents } from '../money.ts'
import { readReport } from './daraja-reports.ts'
import {
  readAccount,
  readAmount,
  readReceipt,
  readTime,
  valueOf,
  valuesOf,
} from './daraja-values.ts'

export function parseStatusResult(body: unknown): StatusResult | null {
  const one = readReport(body)
  if (!one) return null
  const value = (name: string) => valueOf(one.items, name)
  return {
    ...one.report,
    receipt: readReceipt(value('ReceiptNo')),
    status: readState(value('TransactionStatus')),
    amount: readAmount(value('Amount')),
    debitParty: valuesOf(one.items, 'DebitPartyName'),
    creditParty: valuesOf(one.items, 'CreditPartyName'),
    original: {
      conversationId: value('ConversationID'),
      originatorConversationId: value('OriginatorConversationID'),
    },
    initiatedAt: readTime(value('InitiatedTime')),
    finalisedAt: readTime(value('FinalisedTime')),
    reasonType: value('ReasonType'),
  }
}

const STATES: readonly TransactionState[] = [
  'Completed',
  'Cancelled',
  'Declined',
  'Expired',
  'Initiated',
  'Authorized',
]
const readState = (text: string | null): TransactionState | null =>
  text === null
    ? null
    : (STATES.find((state) => state.toLowerCase() === text.toLowerCase()) ?? 'Other')

/** All accounts stand in one text, at about 60 characters each. */
const LONGEST_BALANCES = 4_000

export function parseBalanceResult(body: unknown): BalanceResult | null {
  const one = readReport(body)
  if (!one) return null
  return {
    ...one.report,
    accounts: readAccounts(valuesOf(one.items, 'AccountBalance', LONGEST_BALANCES).join('&')),
    completedAt: readTime(valueOf(one.items, 'BOCompletedTime')),
  }
}

/** `Utility Account|KES|1500.00|…&Working Account|KES|-20.00|…`; two balances of one name say nothing. */
const readAccounts = (text: string): Record<string, Cents> => {
  const all = text.split('&').flatMap((entry) => {
    const account = readAccount(entry)
    return account ? [account] : []
  })
  const sure = all.filter(([name, cents]) =>
    all.every(([other, others]) => other !== name || others === cents),
  )
  return Object.fromEntries(sure)
}
