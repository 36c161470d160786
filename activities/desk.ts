/** Database steps of money that is handed over at the desk: one transaction each, safe to repeat. */
import { allocateBankLine } from '../db/bank-allocation.ts'
import { settleTransfer, withdrawTransfer } from '../db/bank-transfers.ts'
import { inTransaction, type Database } from '../db/connection.ts'
import { takePayment } from '../db/desk-payments.ts'
import type { BankAllocation, BankAnswer } from '../domain/bank-money.ts'
import type { Cents } from '../domain/money.ts'
import type { SettleDecision } from '../domain/payments.ts'
import type { TenderInput, TransferAnswer, TransferFound } from '../domain/tenders.ts'

type World = { db: Database; now: () => Date; creditAlone?: Cents }
type Withdrawal = { reason: string; actorId: string }

export const createDeskActivities = ({ db, now, creditAlone }: World) => ({
  takePayment: (input: TenderInput) => inTransaction(db, (tx) => takePayment(tx, input, now())),

  settleTransfer: (paymentId: string, found: TransferFound): Promise<TransferAnswer> =>
    inTransaction(db, (tx) => settleTransfer(tx, paymentId, found, now(), creditAlone)),

  /** A line of the bank that nobody announced. */
  allocateBankLine: (wish: BankAllocation): Promise<BankAnswer> =>
    inTransaction(db, (tx) => allocateBankLine(tx, wish, { now: now(), creditAlone })),

  withdrawTransfer: (paymentId: string, why: Withdrawal): Promise<SettleDecision> =>
    inTransaction(db, (tx) => withdrawTransfer(tx, paymentId, why)),
})
