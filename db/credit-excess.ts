/**
 * Credit notes that nobody asks for. What is invoiced is never more than what its booking or charge is worth: its price
 * while it stands, less what was earned and went back; after its end what of its money is still kept. Whatever is more
 * is credited. Worked out from the books each time, so hearing of a refund twice, or late, credits it once.
 */
import { randomUUID } from 'node:crypto'
import { hasChargeEnded } from '../domain/charges.ts'
import { leftOf, spreadOverRates } from '../domain/credit-notes.ts'
import { creditable } from '../domain/invoices.ts'
import { add, cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import { readCharge } from './charge-rows.ts'
import { selectOne, type Tx } from './connection.ts'
import { creditInvoice, listCreditNotes } from './credit-notes.ts'
import { cancelDraft } from './invoice-drafts.ts'
import { readLines } from './invoice-lines.ts'
import { lockInvoicesOf, type InvoiceRow } from './invoice-rows.ts'
import { prepared } from './prepared.ts'
import { readReservation } from './reservation-rows.ts'
import { toCents } from './values.ts'

type Payer = { partyId: string | null; companyId: string | null }
type Wish = {
  ownerId: string
  /** Whose money went back: their own invoice is credited first. */
  payer?: Payer
  now: Date
}

const NOBODY = { partyId: null, companyId: null }

/** Answers what could not be credited, because it is in drafts. */
export async function creditExcess(tx: Tx, { ownerId, payer = NOBODY, now }: Wish): Promise<Cents> {
  const all = await lockInvoicesOf(tx, ownerId)
  const [first] = all
  if (!first) return ZERO
  const { ended, worth } = await worthOf(tx, first)
  const kept = ended && worth === ZERO ? await dropDrafts(tx, all) : all
  const rows = kept.filter(({ status }) => status !== 'cancelled')
  const invoiced = add(ZERO, ...rows.map(creditable))
  let excess = cents(Math.max(0, invoiced - worth))
  for (const row of rows.toSorted(inTurn(payer))) {
    const part = row.number ? cents(Math.min(excess, creditable(row))) : ZERO
    if (part === 0) continue
    excess = subtract(excess, part)
    await creditPart(tx, row, part, { now, reason: ended ? 'Refunded' : 'Price lowered' })
  }
  return excess
}

async function creditPart(
  tx: Tx,
  row: InvoiceRow,
  part: Cents,
  { now, reason }: { now: Date; reason: string },
): Promise<void> {
  const notes = await listCreditNotes(tx, [row.id])
  const left = leftOf(
    await readLines(tx, row.id),
    notes.flatMap(({ lines }) => lines),
  )
  const lines = spreadOverRates(left, part, 'Refund')
  const wish = { id: randomUUID(), invoiceId: row.id, reason, lines, actorId: 'gari' }
  await creditInvoice(tx, wish, now)
}

/** The payer's own invoice, then what is everybody's, then those of others; a company's last. */
const inTurn = (payer: Payer) => (a: InvoiceRow, b: InvoiceRow) =>
  turnOf(a, payer) - turnOf(b, payer) || (a.number ?? '').localeCompare(b.number ?? '')
const turnOf = (row: InvoiceRow, { partyId, companyId }: Payer): number => {
  const own = companyId ? row.companyId === companyId : row.partyId && row.partyId === partyId
  if (own) return 0
  if (row.companyId) return 3
  return row.partyId ? 2 : 1
}

/** Answers those that are left. */
async function dropDrafts(tx: Tx, rows: InvoiceRow[]): Promise<InvoiceRow[]> {
  for (const { id, status } of rows) if (status === 'draft') await cancelDraft(tx, id, 'gari')
  return rows.filter(({ status }) => status !== 'draft')
}

const ENDED = new Set(['cancelled', 'expired', 'no_show'])

async function worthOf(tx: Tx, { purpose, ownerId }: InvoiceRow) {
  const owner =
    purpose === 'charge' ? await readCharge(tx, ownerId) : await readReservation(tx, ownerId)
  if (!owner) throw new Error(`${purpose} ${ownerId} does not exist`)
  const ended = 'type' in owner ? hasChargeEnded(owner.status) : ENDED.has(owner.status)
  const worth = ended
    ? await keptOf(tx, ownerId)
    : subtract(owner.total, await earnedBack(tx, ownerId))
  return { ended, worth }
}

async function keptOf(tx: Tx, ownerId: string): Promise<Cents> {
  const row = await selectOne<{ kept: string }>(
    tx,
    `SELECT coalesce(sum(greatest(0, least(applied_cents, amount_cents - refunded_cents))), 0) AS kept
     FROM payments WHERE owner_id = $1 AND counted AND status IN ('settled', 'refunding') AND type <> 'deposit'`,
    [ownerId],
  )
  return toCents(row?.kept ?? 0)
}

const EARNED_BACK = prepared(
  `SELECT coalesce(sum(r.earned_cents), 0) AS back FROM refunds r JOIN payments p ON p.id = r.payment_id
   WHERE p.owner_id = $1 AND r.status = 'settled'`,
)

async function earnedBack(tx: Tx, ownerId: string): Promise<Cents> {
  const row = await selectOne<{ back: string }>(tx, EARNED_BACK, [ownerId])
  return toCents(row?.back ?? 0)
}
