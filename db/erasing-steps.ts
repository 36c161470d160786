/** The steps of an erasure that has begun. Each may be cut off anywhere and done again. */
import { customerErased } from '../domain/events.ts'
import type { ErasedSome, ErasurePart } from '../domain/erasures.ts'
import { toNairobiIso } from '../domain/time.ts'
import { whatForbidsErasing } from './account-needs.ts'
import { select, type Tx } from './connection.ts'
import { makeNameless } from './erasing-account.ts'
import { lockErasure, noteErasure, type Erasure } from './erasures.ts'
import { queueLetter } from './erasure-letters.ts'
import { ERASING_BATCH, overwrite, ownPhone, type Overwriting } from './erasing.ts'
import { BOOKINGS, CHARGES, PLANS } from './erasing-bookings.ts'
import { DOCUMENTS, MESSAGES, PAYMENTS, REFUNDED, REPORTS } from './erasing-money.ts'
import { appendEvents } from './outbox.ts'

export const PARTS: Record<Exclude<ErasurePart, 'account'>, readonly Overwriting[]> = {
  bookings: BOOKINGS,
  charges: CHARGES,
  plans: PLANS,
  reports: REPORTS,
  payments: PAYMENTS,
  refunds: REFUNDED,
  documents: DOCUMENTS,
  messages: MESSAGES,
}

/** One step of an erasure that has begun. Done already, it does nothing. */
export async function eraseSome(tx: Tx, id: string, part: ErasurePart): Promise<ErasedSome> {
  const erasure = await lockErasure(tx, id)
  if (erasure.status !== 'erasing') return 'all'
  if (part === 'account') return eraseAccount(tx, erasure)
  const { userId } = erasure
  const person = { userId, phone: await ownPhone(tx, userId) }
  let rows = 0
  let more = false
  for (const one of PARTS[part]) {
    const done = await overwrite(tx, one, person)
    rows += done
    more ||= done === ERASING_BATCH
  }
  if (rows > 0)
    await noteErasure(tx, 'erasure.overwritten', { erasure, actor: 'gari', more: { part, rows } })
  return more ? 'more' : 'all'
}

async function eraseAccount(tx: Tx, erasure: Erasure): Promise<ErasedSome> {
  const { userId } = erasure
  await select(tx, 'SELECT id FROM users WHERE id = $1 FOR UPDATE', [userId])
  if ((await whatForbidsErasing(tx, userId)).length > 0) return 'wait'
  await queueLetter(tx, erasure, 'done')
  await makeNameless(tx, userId)
  await noteErasure(tx, 'erasure.account', { erasure, actor: 'gari' })
  return 'all'
}

/** The key is the last: with it everything that was encrypted about them is unreadable, also in backups. */
export async function endErasure(tx: Tx, id: string, now: Date): Promise<void> {
  const erasure = await lockErasure(tx, id)
  if (erasure.status !== 'erasing') return
  const { userId } = erasure
  await select(tx, 'DELETE FROM subject_keys WHERE subject_id = $1', [userId])
  await select(tx, "UPDATE erasures SET status = 'done', ended_at = $2 WHERE id = $1", [id, now])
  await noteErasure(tx, 'customer.erased', { erasure, actor: 'gari' })
  await appendEvents(tx, [customerErased(userId, toNairobiIso(now))])
}
