/** What happens to a rental between the keys and the end of its deposit: told, disputed, found later. One transaction each. */
import { isWholeShillings } from '../domain/money.ts'
import type { ClaimAnswer, DamageClaim } from '../domain/rentals.ts'
import { appendEvents } from './outbox.ts'
import type { Tx } from './connection.ts'
import { addRentalCharge, claimedBy, readRentalCharges } from './rental-charge-rows.ts'
import { auditRental, changeRental, lockRental, rentalEvent } from './rental-rows.ts'

/** Once, and only while the car is out. */
export async function remindOfReturn(tx: Tx, rentalId: string): Promise<void> {
  const rental = await lockRental(tx, rentalId)
  if (rental?.status !== 'on_the_road' || rental.remindedAt) return
  const changed = await changeRental(tx, rentalId, 'reminded_at = now()', [])
  await appendEvents(tx, [rentalEvent('rental.reminded', changed)])
  await auditRental(tx, changed, { actor: 'gari', action: 'rental.reminded' })
}

/** The event once; the audit each time that somebody was told. */
export async function tellOverdue(tx: Tx, rentalId: string): Promise<void> {
  const rental = await lockRental(tx, rentalId)
  if (rental?.status !== 'on_the_road') return
  const changed = await changeRental(tx, rentalId, 'overdue_told_at = now()', [])
  if (!rental.overdueToldAt) await appendEvents(tx, [rentalEvent('rental.overdue', changed)])
  await auditRental(tx, changed, { actor: 'gari', action: 'rental.overdue' })
}

type Dispute = { rentalId: string; actorId: string; because: string }

/** A repeat changes nothing; what is settled stays settled. */
export async function disputeRental(
  tx: Tx,
  { rentalId, actorId, because }: Dispute,
): Promise<void> {
  const rental = await lockRental(tx, rentalId)
  if (rental?.status !== 'returned') return
  const changed = await changeRental(
    tx,
    rentalId,
    "status = 'disputed', disputed_because = $2, updated_by = $3",
    [because, actorId],
  )
  await appendEvents(tx, [rentalEvent('rental.disputed', changed)])
  await auditRental(tx, changed, { actor: actorId, action: 'rental.disputed' })
}

/** Found after the return: a line of its own, as long as nothing is settled. What went back already stays with the customer. */
export async function claimDamage(
  tx: Tx,
  rentalId: string,
  { id, actorId, mark, amount }: DamageClaim,
): Promise<ClaimAnswer> {
  const rental = await lockRental(tx, rentalId)
  if (!rental || rental.status === 'on_the_road')
    return { outcome: 'refused', message: 'The car is not back yet.' }
  if (rental.status === 'settled')
    return { outcome: 'refused', message: 'It is settled already. Make a charge instead.' }
  if (amount <= 0 || !isWholeShillings(amount))
    return { outcome: 'refused', message: 'Write whole shillings, at least one.' }
  const facts = { ...mark, later: 1 }
  const line = { id, kind: 'damage' as const, quantity: 1, unitPrice: amount, amount, facts }
  const isNew = await addRentalCharge(tx, rentalId, line)
  const total = claimedBy(await readRentalCharges(tx, rentalId))
  if (!isNew) return { outcome: 'claimed', total }
  const changed = await changeRental(tx, rentalId, 'updated_by = $2', [actorId])
  await auditRental(tx, changed, { actor: actorId, action: 'rental.claimed', after: { amount } })
  return { outcome: 'claimed', total }
}
