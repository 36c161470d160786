/** Banks take a day or two, so what an announced transfer pays stays open that long; once for each owner. */
import { isPayableCharge } from '../domain/charges.ts'
import { isPayable } from '../domain/reservations.ts'
import { TRANSFER_HOLD_MS, type TenderInput } from '../domain/tenders.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { changeCharge, lockCharge } from './charge-rows.ts'
import { selectOne, type Tx } from './connection.ts'
import { extendHold } from './holds.ts'
import { changeReservation, lockReservation } from './reservation-rows.ts'

type Extended = { from: Date; until: Date }

/** The transfer itself is written down already. */
export async function keepForTransfer(tx: Tx, input: TenderInput, now: Date): Promise<void> {
  const { purpose, ownerId, actorId } = input
  if (purpose === 'credit' || (await countAnnounced(tx, ownerId)) > 1) return
  const wanted = new Date(now.getTime() + TRANSFER_HOLD_MS)
  const extended =
    purpose === 'charge'
      ? await keepCharge(tx, ownerId, wanted)
      : await keepCar(tx, ownerId, wanted)
  if (!extended) return
  await appendAudit(tx, {
    actor: actorId,
    action: `${purpose}.extended`,
    entity: purpose,
    entityId: ownerId,
    before: { until: toNairobiIso(extended.from) },
    after: { until: toNairobiIso(extended.until) },
    why: 'a bank transfer is on its way',
  })
}

async function countAnnounced(tx: Tx, ownerId: string): Promise<number> {
  const announced = await selectOne<{ n: number }>(
    tx,
    "SELECT count(*)::int AS n FROM payments WHERE owner_id = $1 AND method = 'bank_transfer'",
    [ownerId],
  )
  return announced?.n ?? 0
}

/** Never beyond pick-up. */
async function keepCar(tx: Tx, id: string, wanted: Date): Promise<Extended | null> {
  const row = await lockReservation(tx, id)
  if (!row || !isPayable(row.status)) return null
  const until = wanted < row.pickupAt ? wanted : row.pickupAt
  if (until <= row.holdExpiresAt || !(await extendHold(tx, row.holdId, until))) return null
  await changeReservation(tx, row.id, 'hold_expires_at = $2', [until])
  return { from: row.holdExpiresAt, until }
}

async function keepCharge(tx: Tx, id: string, until: Date): Promise<Extended | null> {
  const row = await lockCharge(tx, id)
  if (!row || !isPayableCharge(row.status)) return null
  const from = row.coverUntil ?? row.dueAt
  if (until <= from) return null
  // While the others may still take a share over, that is the deadline.
  await changeCharge(tx, id, row.coverUntil ? 'cover_until = $2' : 'due_at = $2', [until])
  return { from, until }
}
