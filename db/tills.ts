/** Tills and their sessions. What is in a till is what the ledger says of its session, never a sum of our own. */
import { BusinessError } from '../domain/errors.ts'
import type { DomainEvent } from '../domain/events.ts'
import { cents, CURRENCY, subtract, toDecimal, ZERO, type Cents } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import {
  bankDepositEntry,
  countedTotal,
  differenceEntry,
  handOverEntry,
  type Counts,
  type Difference,
  type DifferenceReason,
  type TillSession,
} from '../domain/tills.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { appendEvents } from './outbox.ts'
import { findSession, tillBalance } from './till-reads.ts'

type NewTill = { id: string; place: string; name: string; actorId: string }

/** The id is made once by whoever asks; a second till of that name at that place is refused in words. */
export async function createTill(tx: Tx, { id, place, name, actorId }: NewTill): Promise<void> {
  const made = await select(
    tx,
    `INSERT INTO tills (id, place, name, created_by) SELECT $1::uuid, code, $3, $4 FROM locations
     WHERE code = $2 AND active ON CONFLICT DO NOTHING RETURNING id`,
    [id, place, name, actorId],
  )
  if (made.length > 0) {
    const entity = { entity: 'till', entityId: id }
    await appendAudit(tx, { actor: actorId, action: 'till.created', ...entity, after: { name } })
    return
  }
  const known = await selectOne(tx, 'SELECT id FROM tills WHERE id = $1', [id])
  if (!known) throw invalid('name', 'This place has a till of that name, or is not one of ours.')
}

const invalid = (path: string, message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path, message }] })

type Opening = Difference & {
  sessionId: string
  tillId: string
  clerkId: string
  float: Cents
  at: Date
}

/** The indexes have the last word: one open session for each till and for each clerk. */
export async function openSession(tx: Tx, opening: Opening): Promise<TillSession> {
  const { sessionId, tillId, clerkId, float, at } = opening
  const standing = await findSession(tx, sessionId)
  if (standing) return standing
  const till = await selectOne<{ active: boolean }>(
    tx,
    'SELECT active FROM tills WHERE id = $1 FOR NO KEY UPDATE',
    [tillId],
  )
  if (!till?.active) throw new BusinessError('NOT_FOUND', 'We have no such till.')
  const last = await lastSession(tx, tillId)
  const left = last ? await tillBalance(tx, last.id) : ZERO
  const difference = subtract(float, left)
  const reason = reasonOf(difference, opening, 'float')
  const made = await select(
    tx,
    `INSERT INTO till_sessions (id, till_id, opened_by, opened_at, left_cents, float_cents, float_reason, float_note)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
    [sessionId, tillId, clerkId, at, left, float, reason, opening.note],
  )
  if (made.length === 0) throw await whyNotOpened(tx, tillId)
  if (last && left !== 0) await postEntry(tx, handOverEntry(sessionId, last.id, left))
  if (reason) await postEntry(tx, differenceEntry('till_float', sessionId, difference, reason))
  await auditSession(tx, 'till.opened', sessionId, clerkId, { float, left, reason })
  return (await findSession(tx, sessionId)) as TillSession
}

/** Among sessions opened in the same moment, the one in which something still lies. */
const lastSession = (tx: Tx, tillId: string) =>
  selectOne<{ id: string }>(
    tx,
    'SELECT id FROM till_sessions WHERE till_id = $1 ORDER BY opened_at DESC, closed_at DESC NULLS FIRST LIMIT 1',
    [tillId],
  )

async function whyNotOpened(tx: Tx, tillId: string): Promise<BusinessError> {
  const taken = await selectOne(
    tx,
    'SELECT id FROM till_sessions WHERE till_id = $1 AND closed_at IS NULL',
    [tillId],
  )
  return new BusinessError(
    'TILL_REFUSED',
    taken
      ? 'This till is open already. Its clerk closes it first.'
      : 'You have another till open. Close that one first.',
  )
}

/** No difference needs no reason; one without a reason is sent back to whoever counted. */
function reasonOf(
  difference: Cents,
  { reason }: Difference,
  field: 'float' | 'counted',
): DifferenceReason | null {
  if (difference === 0) return null
  if (!reason) {
    const than = field === 'float' ? 'than the last session left' : 'than the books say'
    throw invalid(
      'reason',
      `There is ${difference > 0 ? 'more' : 'less'} in the till ${than}. Say why.`,
    )
  }
  if (reason === 'from_bank' && (field === 'counted' || difference < 0))
    throw invalid('reason', 'Only a float can come from the bank.')
  return reason
}

const auditSession = (tx: Tx, action: string, id: string, actor: string, after: object) =>
  appendAudit(tx, { actor, action, entity: 'till_session', entityId: id, after })

/** Whoever posts to a session holds its row, so that nothing is posted behind its closing. */
export async function lockOpenSession(tx: Tx, clerkId: string): Promise<{ id: string } | null> {
  return selectOne(
    tx,
    'SELECT id FROM till_sessions WHERE opened_by = $1 AND closed_at IS NULL FOR NO KEY UPDATE',
    [clerkId],
  )
}

/** The session as its owner (or a manager) may change it; throws in words. */
async function lockSession(tx: Tx, id: string): Promise<TillSession> {
  await select(tx, 'SELECT id FROM till_sessions WHERE id = $1 FOR NO KEY UPDATE', [id])
  const session = await findSession(tx, id)
  if (!session) throw new BusinessError('NOT_FOUND', 'We have no such session of a till.')
  return session
}

type Closing = Difference & { sessionId: string; actorId: string; counts: Counts; at: Date }

export async function closeSession(tx: Tx, closing: Closing): Promise<TillSession> {
  const { sessionId, actorId, counts, at } = closing
  const session = await lockSession(tx, sessionId)
  const counted = countedTotal(counts)
  if (session.closedAt) {
    if (session.counted === counted) return session
    throw new BusinessError('TILL_REFUSED', 'This till was closed meanwhile, with another count.')
  }
  const difference = subtract(counted, session.expected)
  const reason = reasonOf(difference, closing, 'counted')
  await select(
    tx,
    `UPDATE till_sessions SET closed_by = $2, closed_at = $3, counts = $4::jsonb, counted_cents = $5,
       expected_cents = $6, difference_cents = $7, difference_reason = $8, difference_note = $9
     WHERE id = $1 AND closed_at IS NULL RETURNING id`,
    [
      sessionId,
      actorId,
      at,
      JSON.stringify(counts),
      counted,
      session.expected,
      difference,
      reason,
      closing.note,
    ],
  )
  if (reason) await postEntry(tx, differenceEntry('till_closed', sessionId, difference, reason))
  const after = { counted, expected: session.expected, difference, reason }
  await auditSession(tx, 'till.closed', sessionId, actorId, after)
  const closed = (await findSession(tx, sessionId)) as TillSession
  await appendEvents(tx, [closedEvent(closed, counted, difference)])
  return closed
}

const closedEvent = (one: TillSession, counted: Cents, difference: Cents): DomainEvent => ({
  type: 'till.closed',
  key: one.id,
  version: 1,
  data: {
    till_session_id: one.id,
    till_id: one.tillId,
    opened_at: toNairobiIso(one.openedAt),
    closed_at: toNairobiIso(one.closedAt ?? one.openedAt),
    currency: CURRENCY,
    expected: toDecimal(one.expected),
    counted: toDecimal(counted),
    difference: toDecimal(difference),
    reason: one.differenceReason,
  },
})

type BankDeposit = {
  id: string
  sessionId: string
  amount: Cents
  reference: string
  actorId: string
}

export async function depositToBank(tx: Tx, deposit: BankDeposit): Promise<TillSession> {
  const { id, sessionId, amount, reference, actorId } = deposit
  const session = await lockSession(tx, sessionId)
  if (await selectOne(tx, 'SELECT id FROM till_deposits WHERE id = $1', [id])) return session
  if (session.closedAt) throw new BusinessError('TILL_REFUSED', 'This till is closed.')
  if (amount > session.expected) throw invalid('amount', 'There is not that much in the till.')
  const made = await select(
    tx,
    `INSERT INTO till_deposits (id, session_id, amount_cents, reference, made_by)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
    [id, sessionId, amount, reference, actorId],
  )
  if (made.length === 0) throw invalid('reference', 'This slip of the bank was used before.')
  await postEntry(tx, bankDepositEntry(id, sessionId, amount))
  await auditSession(tx, 'till.paid_in', sessionId, actorId, { amount, reference })
  return { ...session, expected: cents(session.expected - amount) }
}

/** The clerk's own open session, for the desk's pages. */
export async function findOpenSession(
  on: Database | Tx,
  clerkId: string,
): Promise<TillSession | null> {
  const row = await selectOne<{ id: string }>(
    on,
    'SELECT id FROM till_sessions WHERE opened_by = $1 AND closed_at IS NULL',
    [clerkId],
  )
  return row && findSession(on, row.id)
}
