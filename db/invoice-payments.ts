/** What a company paid towards an invoice on account: it settles what the company owed us. */
import { BusinessError } from '../domain/errors.ts'
import { isOpenInvoice, openAmount } from '../domain/invoices.ts'
import { negate, type Cents } from '../domain/money.ts'
import { selectOne, type Tx } from './connection.ts'
import { auditInvoice, lockInvoice, pickInvoice, type InvoiceRow } from './invoice-rows.ts'
import { recountInvoices } from './invoice-counting.ts'
import { postEntry } from './ledger.ts'
import { toCents } from './values.ts'

export type CompanyPayment = {
  id: string
  invoiceId: string
  amount: Cents
  reference: string
  actorId: string
}

/** Dr bank, Cr receivables. The same id or the same bank reference is never taken twice. */
export async function recordCompanyPayment(
  tx: Tx,
  payment: CompanyPayment,
  now: Date,
): Promise<InvoiceRow> {
  const { id, invoiceId, amount, reference, actorId } = payment
  const invoice = await lockInvoice(tx, invoiceId)
  const known = await selectOne<{ id: string }>(
    tx,
    'SELECT id FROM invoice_payments WHERE reference = $1 OR id = $2',
    [reference, id],
  )
  if (known?.id === id) return invoice
  if (known || (await isOfTransfer(tx, id, reference)))
    throw new BusinessError('REFERENCE_USED', 'This reference is in the books already.')
  if (!invoice.companyId || !isOpenInvoice(invoice.status) || amount > openAmount(invoice))
    throw new BusinessError('INVOICE_CLOSED', 'Not so much is open on account of a company here.')
  if (amount > (await leftOnAccount(tx, invoice.ownerId, invoice.companyId)))
    throw new BusinessError(
      'INVOICE_CLOSED',
      'The company owes us less for this. What it pays otherwise goes to the booking or charge itself.',
    )
  await selectOne(
    tx,
    `INSERT INTO invoice_payments (id, invoice_id, amount_cents, reference, recorded_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [id, invoiceId, amount, reference, actorId, now],
  )
  await postEntry(tx, {
    kind: 'invoice_payment',
    reference: id,
    description: `Paid on account, ${invoice.number ?? ''}`,
    postedBy: actorId,
    postings: [
      { account: 'bank', amount },
      { account: 'receivables', amount: negate(amount), subject: invoice.companyId },
    ],
  })
  await auditInvoice(tx, invoice, 'invoice.payment_recorded', actorId, reference)
  return pickInvoice(await recountInvoices(tx, invoice.ownerId, now), invoiceId)
}

/**
 * The same money was counted for a booking or a charge: by the bank's list, or by somebody who saw it there. Lines of the
 * list are told apart by themselves; many have no reference of their own.
 */
const isOfTransfer = async (tx: Tx, id: string, reference: string): Promise<boolean> =>
  (await selectOne(
    tx,
    `SELECT id FROM payments WHERE method = 'bank_transfer' AND desk_reference = $2 AND id <> $1::uuid
       AND status IN ('settled', 'refunding', 'refunded')
       AND NOT EXISTS (SELECT FROM provider_lines WHERE id = $1::uuid) LIMIT 1`,
    [id, reference],
  )) !== null

/**
 * What the company still owes us for this booking or charge. An invoice in its name alone makes it owe nothing: others may
 * have paid, or what was on its account was taken off again.
 */
async function leftOnAccount(tx: Tx, ownerId: string, companyId: string): Promise<Cents> {
  // A statement of its own: what was posted while we waited for the lock is seen by the next one only.
  await selectOne(tx, 'SELECT id FROM companies WHERE id = $1 FOR NO KEY UPDATE', [companyId])
  const row = await selectOne<{ owed: string }>(
    tx,
    `SELECT (SELECT coalesce(sum(amount_cents - refunded_cents), 0) FROM payments WHERE owner_id = $1
         AND method = 'account' AND holding_subject = $2 AND status IN ('settled', 'refunding', 'refunded'))
       - (SELECT coalesce(sum(p.amount_cents), 0) FROM invoice_payments p JOIN invoices i ON i.id = p.invoice_id
         WHERE i.owner_id = $1 AND i.company_id = $2::uuid) AS owed`,
    [ownerId, companyId],
  )
  return toCents(row?.owed ?? 0)
}
