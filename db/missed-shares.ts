/**
 * All or nobody: what becomes of a share that was not paid. The others take it over, the order shrinks by it, or
 * (when neither happens in time) the whole ends and everybody gets their money back.
 */
import { isPayableCharge, type ChargeProgress, type CollectingMode } from '../domain/charges.ts'
import { BusinessError, type ErrorCode } from '../domain/errors.ts'
import { subtract, ZERO, type Cents } from '../domain/money.ts'
import { isPayable } from '../domain/reservations.ts'
import {
  COVER_MS,
  isMissed,
  leftOfShare,
  missedShares,
  ONE_THING,
  paidTogether,
} from '../domain/shares.ts'
import type { Share } from '../domain/shares.ts'
import { appendAudit } from './audit.ts'
import { changeCharge, lockCharge, type ChargeRow } from './charge-rows.ts'
import { auditCharge, countCharge, giveBack, progressOfCharge } from './charges.ts'
import { select, type Tx } from './connection.ts'
import { extendHold } from './holds.ts'
import { changeReservation, lockReservation } from './reservation-rows.ts'
import { dropShare, moveShare, readShares, type Shared } from './shares.ts'

type Ordered = {
  mode: CollectingMode
  payable: boolean
  deadline: Date
  coverUntil: Date | null
  /** Never beyond this: the car is picked up then. */
  latest: Date | null
  holdId: string | null
}

async function lockShared(tx: Tx, what: Shared, id: string): Promise<Ordered> {
  if (what === 'charge') {
    const row = await lockCharge(tx, id)
    if (!row) throw new Error(`charge ${id} does not exist`)
    const { mode, status, dueAt: deadline, coverUntil } = row
    const payable = isPayableCharge(status)
    return { mode, payable, deadline, coverUntil, latest: null, holdId: null }
  }
  const row = await lockReservation(tx, id)
  if (!row) throw new Error(`reservation ${id} does not exist`)
  const { mode, status, holdExpiresAt: deadline, coverUntil, pickupAt: latest, holdId } = row
  return { mode, payable: isPayable(status), deadline, coverUntil, latest, holdId }
}

/**
 * At the deadline: a while longer when somebody has paid and somebody has not, once. Null when nothing is to be
 * waited for. A repeat answers the same moment.
 */
export async function openCover(
  tx: Tx,
  what: Shared,
  id: string,
  now: Date,
): Promise<string | null> {
  const order = await lockShared(tx, what, id)
  if (order.mode !== 'all_or_nobody' || !order.payable) return null
  if (order.coverUntil) return order.coverUntil > now ? order.coverUntil.toISOString() : null
  const shares = await readShares(tx, what, id)
  if (paidTogether(shares) === 0 || missedShares(shares, order.deadline, now).length === 0)
    return null
  const wanted = new Date(now.getTime() + COVER_MS)
  const until = order.latest && order.latest < wanted ? order.latest : wanted
  if (until <= now) return null
  return (await extend(tx, what, id, order, until)) ? until.toISOString() : null
}

async function extend(tx: Tx, what: Shared, id: string, order: Ordered, until: Date) {
  if (what === 'charge') await changeCharge(tx, id, 'cover_until = $2', [until])
  else {
    if (!(await extendHold(tx, order.holdId ?? '', until))) return false
    await changeReservation(tx, id, 'cover_until = $2, hold_expires_at = $2', [until])
  }
  const entry = { entity: what, entityId: id, after: { cover_until: until.toISOString() } }
  await appendAudit(tx, { actor: 'clock', action: `${what}.share_missed`, ...entry })
  return true
}

const refuse = (message: string): never => {
  throw new BusinessError('SHARE_NOT_OPEN', message)
}

const mayPayMissed = (one: Share | undefined, order: Ordered, now: Date): Share => {
  if (!one) throw new BusinessError('NOT_FOUND', 'Nobody of this order has that id.')
  if (!isMissed(one, order.deadline, now) && !order.coverUntil)
    return refuse('This share may still be paid by whoever it belongs to.')
  if (leftOfShare(one) === 0) return refuse('Nothing of this share is left to pay.')
  if (one.asked) return refuse('A request for this share is still on a phone. Wait for the answer.')
  return one
}

export type Covering = {
  what: Shared
  ownerId: string
  /** Who pays more now. */
  partyId: string
  /** Whose share was missing. */
  forPartyId: string
  actorId: string
}

export type ShareRefusal = { outcome: 'refused'; code: ErrorCode; message: string }

/** Everything is checked before anything is written, so a refusal leaves nothing behind. */
async function orRefusal<T>(work: () => Promise<T>): Promise<T | ShareRefusal> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error
    return { outcome: 'refused', code: error.code, message: error.message }
  }
}

export type Covered = { outcome: 'covered'; added: Cents }

/** What is left of the one share becomes part of the other, or it is refused in words. */
export const coverShare = (tx: Tx, wish: Covering, now: Date): Promise<Covered | ShareRefusal> =>
  orRefusal(() => cover(tx, wish, now))

async function cover(tx: Tx, wish: Covering, now: Date): Promise<Covered> {
  const { what, ownerId, partyId, forPartyId, actorId } = wish
  const order = await lockShared(tx, what, ownerId)
  const shares = await readShares(tx, what, ownerId)
  if (order.mode !== 'all_or_nobody' || !order.payable)
    return refuse('Shares can be taken over only while everybody’s money is being collected.')
  const missing = shares.find(({ id }) => id === forPartyId)
  if (missing?.coveredBy === partyId && leftOfShare(missing) === 0)
    return { outcome: 'covered', added: ZERO }
  if (!shares.some(({ id }) => id === partyId))
    throw new BusinessError('NOT_FOUND', 'Nobody of this order has that id.')
  if (partyId === forPartyId) return refuse('This share is your own.')
  const added = leftOfShare(mayPayMissed(missing, order, now))
  await moveShare(tx, what, { from: forPartyId, to: partyId, amount: added })
  await appendAudit(tx, {
    actor: actorId,
    action: `${what}.share_covered`,
    entity: what,
    entityId: ownerId,
    after: { party_id: partyId, for_party_id: forPartyId, amount: added },
  })
  return { outcome: 'covered', added }
}

export type Shrinking = { chargeId: string; partyId: string; actorId: string }
export type Shrunk = ChargeProgress & { outcome: 'shrunk'; refunds: { paymentId: string }[] }

/** Without one person's unit: their share leaves the total, and what they paid of it goes back. */
export const shrinkCharge = (tx: Tx, wish: Shrinking, now: Date): Promise<Shrunk | ShareRefusal> =>
  orRefusal(() => shrink(tx, wish, now))

async function shrink(tx: Tx, wish: Shrinking, now: Date): Promise<Shrunk> {
  const { chargeId, partyId, actorId } = wish
  const row = await lockCharge(tx, chargeId)
  if (!row) throw new BusinessError('NOT_FOUND', 'We have no such charge.')
  const shares = await readShares(tx, 'charge', chargeId)
  const missed = shares.find(({ id }) => id === partyId)
  if (missed?.gone) return shrunk(tx, row, partyId)
  if (!row.shrinkable) throw new BusinessError('NOT_SHRINKABLE', ONE_THING)
  const order = await lockShared(tx, 'charge', chargeId)
  if (row.mode !== 'all_or_nobody' || !order.payable)
    return refuse('Only an order that is being collected from everybody can become smaller.')
  const missing = mayPayMissed(missed, order, now)
  if (missing.share >= row.total) return refuse('Nobody else is left. Cancel it instead.')
  await giveBack(tx, chargeId, partyId)
  await dropShare(tx, 'charge', partyId)
  const smaller = await changeCharge(tx, chargeId, 'total_cents = $2, paid_cents = $3', [
    subtract(row.total, missing.share),
    subtract(paidTogether(shares), missing.paid),
  ])
  await auditCharge(tx, smaller, 'charge.shrunk', actorId, `without ${partyId}`)
  return shrunk(tx, await countCharge(tx, smaller), partyId)
}

const shrunk = async (tx: Tx, row: ChargeRow, partyId: string): Promise<Shrunk> => ({
  outcome: 'shrunk',
  ...progressOfCharge(row),
  refunds: await select(
    tx,
    `SELECT id AS "paymentId" FROM payments
     WHERE owner_id = $1 AND party_id = $2 AND counted AND given_back ORDER BY created_at`,
    [row.id, partyId],
  ),
})
