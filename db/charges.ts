/** A charge's life in the books: opened, counted, ended. One transaction each, safe to repeat. */
import {
  isPayableCharge,
  type ChargeAnswer,
  type ChargeEnd,
  type ChargeEndReason,
  type ChargeInput,
  type ChargeProgress,
} from '../domain/charges.ts'
import { chargeNumber } from '../domain/ids.ts'
import { chargeEarnedEntry, reversed } from '../domain/ledger.ts'
import { formatKes } from '../domain/money.ts'
import { nairobiClock } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import {
  changeCharge,
  chargeEvent,
  insertCharge,
  lockCharge,
  readCharge,
  type ChargeRow,
} from './charge-rows.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { appendEvents } from './outbox.ts'
import { insertParties } from './party-rows.ts'
import { appliedTo } from './payment-owners.ts'
import { sharesOf } from './pricing-a-booking.ts'
import { ownKey, type OwnKey } from './sealed-columns.ts'

const opened = (row: ChargeRow): ChargeAnswer => ({
  outcome: 'opened',
  chargeId: row.id,
  number: row.number,
  type: row.type,
  customerId: row.customerId,
  status: row.status,
  total: row.total,
  paid: row.paid,
  dueAt: deadlineOf(row).toISOString(),
  mode: row.mode,
})

/** Once somebody has not paid, the others have a while longer. */
const deadlineOf = ({ dueAt, coverUntil }: ChargeRow): Date => coverUntil ?? dueAt

export const progressOfCharge = (row: ChargeRow): ChargeProgress => ({
  status: row.status,
  total: row.total,
  paid: row.paid,
  dueAt: deadlineOf(row).toISOString(),
})

const refusal = (code: 'NOT_FOUND' | 'SHARES_DO_NOT_ADD_UP', message: string): ChargeAnswer => ({
  outcome: 'refused',
  code,
  message,
})

/** Writes it down with its people, or says why not. A repeat answers what stands. */
export async function openCharge(tx: Tx, input: ChargeInput, now: Date): Promise<ChargeAnswer> {
  const standing = await readCharge(tx, input.chargeId)
  if (standing) return opened(standing)
  if (input.resumed) return refusal('NOT_FOUND', 'We have no such charge.')
  const shares = sharesOf(input.parties, input.total)
  if (!shares) {
    const message = `The shares must add up to the total of ${formatKes(input.total)}.`
    return refusal('SHARES_DO_NOT_ADD_UP', message)
  }
  const { row, ownKey } = await insertRow(tx, input, now)
  const { chargeId: ownerId, customerId, parties } = input
  await insertParties(tx, 'charge', { ownerId, customerId, ownKey, parties, shares })
  await appendEvents(tx, [chargeEvent('charge.created', row)])
  await auditCharge(tx, row, 'charge.created', input.actorId)
  return opened(row)
}

/** With the key of whoever is charged, which comes along with the number. */
async function insertRow(tx: Tx, input: ChargeInput, now: Date) {
  const next = await selectOne<{ n: string; ownKey: OwnKey }>(
    tx,
    `SELECT nextval('charge_number_seq') AS n, ${ownKey('$1::uuid')} AS "ownKey"`,
    [input.customerId],
  )
  const row = await insertCharge(
    tx,
    `INSERT INTO charges (id, number, type, customer_id, reservation_id, description, total_cents, mode,
       shrinkable, status, due_at, version, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, first_version(), $11, $11)`,
    [
      input.chargeId,
      chargeNumber(nairobiClock(now).year, Number(next?.n)),
      input.type,
      input.customerId,
      input.reservationId,
      input.description,
      input.total,
      input.mode,
      input.shrinkable,
      input.dueAt,
      input.actorId,
    ],
  )
  return { row, ownKey: next?.ownKey ?? null }
}

export const auditCharge = (
  tx: Tx,
  row: ChargeRow,
  action: string,
  actor: string,
  why: string | null = null,
) =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'charge',
    entityId: row.id,
    after: { number: row.number, status: row.status, total: row.total, paid: row.paid },
    why,
  })

/** Adds up what is settled and moves the charge on. Without new money, and after its end, nothing changes. */
export async function progressCharge(tx: Tx, id: string): Promise<ChargeProgress> {
  const row = await lockCharge(tx, id)
  if (!row) throw new Error(`charge ${id} does not exist`)
  return progressOfCharge(await countCharge(tx, row))
}

/** The caller holds the lock. What is paid in full is earned, unless it is a deposit. */
export async function countCharge(tx: Tx, row: ChargeRow): Promise<ChargeRow> {
  const paid = await appliedTo(tx, row.id)
  const full = paid >= row.total
  if (!isPayableCharge(row.status) || (paid === row.paid && !full)) return row
  const status = full ? 'paid' : paid > 0 ? 'processing' : 'open'
  const changed = await changeCharge(
    tx,
    row.id,
    "paid_cents = $2, status = $3, paid_at = CASE WHEN $3 = 'paid' THEN now() END",
    [paid, status],
  )
  await auditCharge(tx, changed, `charge.${status}`, 'gari')
  if (!full) return changed
  const earned = earnedBy(changed)
  if (earned) await postEntry(tx, earned)
  await appendEvents(tx, [chargeEvent('charge.paid', changed)])
  return changed
}

const earnedBy = ({ id, type, total }: ChargeRow) =>
  chargeEarnedEntry({ chargeId: id, type, gross: total })

/** A deposit of a rental goes back when that is settled, and by nothing else. */
export const servesRental = async (on: Database | Tx, chargeId: string): Promise<boolean> =>
  (await selectOne(on, 'SELECT id FROM rentals WHERE deposit_charge_id = $1', [chargeId])) !== null

type End = { chargeId: string; reason: ChargeEndReason; actorId: string; note: string | null }

/**
 * Ends the charge and says which payments must go back. One that was paid already may still be cancelled: what it
 * had earned is taken back first, so that the money is owed to the customer again.
 */
export async function endCharge(tx: Tx, end: End): Promise<ChargeEnd> {
  const row = await lockCharge(tx, end.chargeId)
  if (!row) throw new Error(`charge ${end.chargeId} does not exist`)
  const undone =
    row.status === 'paid' && end.reason !== 'deadline' && !(await servesRental(tx, row.id))
  if (!isPayableCharge(row.status) && !undone)
    return { status: row.status, refunds: await givenBack(tx, row.id) }
  const status = end.reason === 'deadline' ? 'expired' : 'cancelled'
  const changed = await changeCharge(
    tx,
    row.id,
    'status = $2, end_reason = $3, end_note = $4, ended_at = now(), updated_by = $5',
    [status, end.reason, end.note, end.actorId],
  )
  const earned = undone ? earnedBy(row) : null
  if (earned) await postEntry(tx, reversed(earned, 'the charge was cancelled'))
  await giveBack(tx, row.id)
  await appendEvents(tx, [chargeEvent(`charge.${status}`, changed, end.reason)])
  await auditCharge(tx, changed, `charge.${status}`, end.actorId, end.note)
  return { status, refunds: await givenBack(tx, row.id) }
}

/** Of one of its people, or of all. Given back once, a payment never counts again. */
export const giveBack = (tx: Tx, ownerId: string, partyId: string | null = null) =>
  select(
    tx,
    `UPDATE payments SET given_back = true WHERE owner_id = $1 AND counted AND status = 'settled'
       AND ($2::uuid IS NULL OR party_id = $2) RETURNING id`,
    [ownerId, partyId],
  )

const givenBack = (tx: Tx, ownerId: string): Promise<{ paymentId: string }[]> =>
  select(
    tx,
    `SELECT id AS "paymentId" FROM payments WHERE owner_id = $1 AND counted AND given_back
       AND status IN ('settled', 'refunding') ORDER BY created_at`,
    [ownerId],
  )
