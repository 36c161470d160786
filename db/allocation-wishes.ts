/** Money without an owner that is to become credit: two people say the same, one after the other. */
import type { Allocation, WaitingAllocation } from '../domain/paybill.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { isOnePerson } from './one-person.ts'

type Raw = Omit<WaitingAllocation, 'target'> & WaitingAllocation['target']

export async function findWaitingAllocation(
  on: Database | Tx,
  receipt: string,
): Promise<WaitingAllocation | null> {
  const row = await selectOne<Raw>(
    on,
    `SELECT w.purpose, w.owner_id AS "ownerId", w.asked_by AS "askedBy", coalesce(w.why, '') AS why,
       coalesce(trim(u.first_name || ' ' || u.last_name), w.asked_by) AS "askedByName"
     FROM allocation_wishes w LEFT JOIN users u ON u.id::text = w.asked_by WHERE w.receipt = $1`,
    [receipt],
  )
  if (!row) return null
  const { purpose, ownerId, ...asked } = row
  return { target: { purpose, ownerId }, ...asked }
}

/** True when another person has said the same; otherwise this wish stands from now on. The caller holds the receipt. */
export async function twoPeopleSay(
  tx: Tx,
  receipt: string,
  { target, actorId, why }: Allocation,
): Promise<boolean> {
  const { purpose, ownerId } = target
  const standing = await findWaitingAllocation(tx, receipt)
  const same = standing?.target.ownerId === ownerId && standing.target.purpose === purpose
  if (same) return !(await isOnePerson(tx, standing.askedBy, actorId))
  await select(
    tx,
    `INSERT INTO allocation_wishes (receipt, purpose, owner_id, why, asked_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (receipt) DO UPDATE SET purpose = excluded.purpose, owner_id = excluded.owner_id,
       why = excluded.why, asked_by = excluded.asked_by, asked_at = now() RETURNING receipt`,
    [receipt, purpose, ownerId, why, actorId],
  )
  await appendAudit(tx, {
    actor: actorId,
    action: 'payment.allocation_asked',
    entity: 'receipt',
    entityId: receipt,
    after: { purpose, ownerId },
    why,
  })
  return false
}
