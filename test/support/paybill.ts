/** Money sent by hand, as Safaricom reports it. */
import { inTransaction } from '../../db/connection.ts'
import { matchPaybill } from '../../db/paybill.ts'
import { paymentIdOfReceipt } from '../../db/paybill-ids.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import type { Database } from '../../db/connection.ts'
import type { PaybillStanding } from '../../domain/paybill.ts'
import { toNairobiIso } from '../../domain/time.ts'
import { nextReceipt, NOW } from './builders.ts'

type Over = Partial<{
  receipt: string
  amount: unknown
  reference: string
  phone: string
  name: string
  type: string
  at: Date
}>

const timeOf = (at: Date) => toNairobiIso(at).slice(0, 19).replaceAll(/\D/g, '')

/** The body of a validation and of a confirmation; all its values are text. */
export const buildPaybillBody = (over: Over = {}) => ({
  TransactionType: over.type ?? 'Pay Bill',
  TransID: over.receipt ?? nextReceipt(),
  TransTime: timeOf(over.at ?? NOW),
  TransAmount: over.amount ?? '1000.00',
  BusinessShortCode: '600984',
  BillRefNumber: over.reference ?? '',
  InvoiceNumber: '',
  OrgAccountBalance: '',
  ThirdPartyTransID: '',
  MSISDN: over.phone ?? '2547 ***** 126',
  FirstName: over.name ?? 'JANE',
  MiddleName: '',
  LastName: '',
})

export type Told = { paymentId: string; messageId: string; receipt: string }

/** Stored as Daraja's door does it. */
export async function tellOfPaybill(db: Database, over: Over = {}): Promise<Told> {
  const body = buildPaybillBody(over)
  const receipt = body.TransID
  const subjectId = paymentIdOfReceipt(receipt)
  const message = { kind: 'paybill_confirmation' as const, subjectId, body, sourceIp: null }
  const { messageId } = await storeMessage(db, message)
  return { paymentId: subjectId, messageId, receipt }
}

export const matchTold = (db: Database, told: Told, now = NOW): Promise<PaybillStanding> =>
  inTransaction(db, (tx) => matchPaybill(tx, told.paymentId, told.messageId, now))

/** Looks again, without a new report. */
export const matchAgain = (db: Database, told: Told, now = NOW): Promise<PaybillStanding> =>
  inTransaction(db, (tx) => matchPaybill(tx, told.paymentId, null, now))
