/** What was answered to a booking: once said, it stands, however often the step that answers is done. */
import type { HoldAnswer, Refusal } from '../domain/reservations.ts'
import {
  inTransaction,
  RepeatTransaction,
  select,
  selectOne,
  type Database,
  type Tx,
} from './connection.ts'
import { prepared } from './prepared.ts'
import { findReservation, toHeld } from './reservation-reads.ts'

const STANDING = prepared(`
  SELECT pg_try_advisory_xact_lock(hashtextextended('hold:' || $1::uuid::text, 0)) AS alone,
    EXISTS (SELECT FROM reservations WHERE id = $1::uuid) AS held,
    (SELECT answer FROM refused_bookings WHERE reservation_id = $1::uuid) AS refused`)
type Standing = { alone: boolean; held: boolean; refused: Refusal | null }

const stand = (tx: Tx, reservationId: string) => selectOne<Standing>(tx, STANDING, [reservationId])

/** A worker that lost its story may still be at this step when another one begins it: one of the two at a time. */
export async function readStanding(tx: Tx, reservationId: string): Promise<HoldAnswer | null> {
  const standing = await stand(tx, reservationId)
  const found = standing?.held ? await findReservation(tx, reservationId) : null
  if (found) return toHeld(found)
  if (standing?.refused) return standing.refused
  if (!standing?.alone) throw new RepeatTransaction('this booking is being held by somebody else')
  return null
}

/** What was said once stands. Whoever held it in the moment in which we began to look has the last word. */
export async function keepRefusal(
  tx: Tx,
  reservationId: string,
  answer: Refusal,
): Promise<Refusal> {
  const kept = await select(
    tx,
    `INSERT INTO refused_bookings (reservation_id, answer) SELECT $1::uuid, $2::jsonb
     WHERE NOT EXISTS (SELECT FROM reservations WHERE id = $1::uuid)
     ON CONFLICT DO NOTHING RETURNING reservation_id`,
    [reservationId, JSON.stringify(answer)],
  )
  if (kept.length === 0) throw new RepeatTransaction('this booking was answered in this moment')
  return answer
}

/**
 * A refusal by whoever has not asked the story, which may have begun already and finds a car later: it holds nothing then.
 * Null where the booking stands or is being held in this moment; then the story's answer counts.
 */
export const refuseAtDoor = (
  db: Database,
  reservationId: string,
  answer: Refusal,
): Promise<Refusal | null> =>
  inTransaction(db, async (tx) => {
    const standing = await stand(tx, reservationId)
    if (standing?.refused) return standing.refused
    if (standing?.held || !standing?.alone) return null
    return keepRefusal(tx, reservationId, answer)
  })
