/** Money that the bank shows and nobody announced: whose it may be, and what it is to count for. */
import type { Cents } from './money.ts'
import type { AllocationAnswer, SettledOwner } from './paybill.ts'
import type { PaymentPurpose } from './payments.ts'

/** An invoice only where a company owes it on its account; other invoices are paid through what they bill. */
export type BankPurpose = PaymentPurpose | 'invoice'
export const BANK_PURPOSES = ['reservation', 'charge', 'credit', 'invoice'] as const
export type BankTarget = { purpose: BankPurpose; ownerId: string }

export type BankAllocation = { lineId: string; target: BankTarget; actorId: string; why: string }

/** What a bank line that was given to somebody has become. An invoice is paid without a payment of its own. */
export type AllocatedLine = { paymentId: string | null; applied: Cents; credited: Cents }
type Refused = Extract<AllocationAnswer, { outcome: 'refused' }>
export type BankAnswer =
  | ({ outcome: 'allocated'; told: SettledOwner } & AllocatedLine)
  | (Omit<Refused, 'code'> & {
      code: Refused['code'] | 'MONEY_WAITING' | 'INVOICE_CLOSED' | 'REFERENCE_USED'
    })

/** A line of the worklist that nobody has explained. */
export type BankMoney = {
  findingId: string
  lineId: string
  amount: Cents
  at: Date
  reference: string | null
  details: string | null
}

export type BankWish = { target: BankTarget; askedBy: string; askedByName: string; why: string }

const LONGEST_TEXT = 300
/** All that the bank wrote. */
export const bankWords = ({ reference, details }: Pick<BankMoney, 'reference' | 'details'>) =>
  [reference, details].filter(Boolean).join(' ').slice(0, LONGEST_TEXT)

/** A number of ours among the words of a line, however it is spaced. */
export const numberNamed = (words: string): string | null => {
  const found = /\b(RSV|CHG|INV)[^A-Z0-9]{0,3}(\d{2})[^A-Z0-9]{0,3}(\d{6})\b/i.exec(words)
  return found ? `${found[1]}-${found[2]}-${found[3]}`.toUpperCase() : null
}
