/** The payment that a line of the bank becomes: its id is the line's, so that one line is never two payments. */
import type { Cents } from '../domain/money.ts'
import { select, type Tx } from './connection.ts'
import { partyOf } from './paybill-payments.ts'
import type { PaymentOwner } from './payment-owners.ts'
import { insertPayment } from './payment-rows.ts'
import { auditPayment } from './payments.ts'

export type BankMoneyRow = {
  id: string
  key: string
  direction: 'in'
  amount: Cents
  at: Date
  reference: string | null
  details: string | null
  state: 'open' | 'matched' | 'explained'
}

type Given = { line: BankMoneyRow; owner: PaymentOwner; actorId: string; now: Date }

/** What the bank numbers nothing by has the beginning of its key. */
export async function insertBankPayment(tx: Tx, given: Given): Promise<void> {
  const { line, owner, actorId, now } = given
  const reference = line.reference ?? line.key.slice(0, 12)
  const row = await insertPayment(
    tx,
    `INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method, channel,
       amount_cents, desk_reference, status, requested_at, version, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'bank_transfer', 'desk', $8, $9, 'requested', $10, first_version(),
       $11, $11)
     ON CONFLICT (id) DO NOTHING`,
    [
      line.id,
      owner.purpose,
      owner.id,
      owner.number,
      await partyOf(tx, owner, { payer: null }),
      owner.customerId,
      owner.type,
      line.amount,
      reference,
      now,
      actorId,
    ],
  )
  if (!row) throw new Error(`payment ${line.id} exists, and its bank line is open`)
  await select(
    tx,
    `INSERT INTO desk_tenders (payment_id, method, bank_reference, bank_line_id, taken_by)
     VALUES ($1::uuid, 'bank_transfer', $2, $1::text, $3) RETURNING payment_id`,
    [line.id, reference, actorId],
  )
  await auditPayment(tx, row, 'payment.allocated', actorId, 'from a line of the bank')
}
