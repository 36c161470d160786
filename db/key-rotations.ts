/** Moving the keys of people from one master key to another: a few hundred rows a transaction, while everybody works. */
import {
  whyLeft,
  type KeyCount,
  type KeyRotationInput,
  type RotationBegin,
  type RotationPlace,
  type RotationStep,
  type RotationSummary,
} from '../domain/key-rotation.ts'
import type { WrappedKey } from '../domain/vault.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, vaultOf, type Database, type Tx } from './connection.ts'

const BATCH_ROWS = 500
/** Opened at the beginning, to see whether the newest master key is the one that wrapped them. */
const PROBES = 20

/** By master key, in the order of their names. */
export const countKeys = (on: Database | Tx): Promise<KeyCount[]> =>
  select(
    on,
    'SELECT master_key_id AS "keyId", count(*)::int AS rows FROM subject_keys GROUP BY 1 ORDER BY 1',
  )

const leftOf = async (tx: Tx, keyId: string): Promise<KeyCount[]> =>
  (await countKeys(tx)).filter((one) => one.keyId !== keyId)

type OwnKey = WrappedKey & { subjectId: string }
const OWN_KEY = 'subject_id AS "subjectId", master_key_id AS "masterKeyId", wrapped'

async function isAnother(tx: Tx, keyId: string): Promise<boolean> {
  const vault = vaultOf(tx)
  const some = await select<OwnKey>(
    tx,
    `SELECT ${OWN_KEY} FROM subject_keys WHERE master_key_id = $1 ORDER BY subject_id LIMIT $2`,
    [keyId, PROBES],
  )
  return some.some(({ subjectId, ...key }) => !vault.opens(subjectId, key))
}

/** A repeat finds the rotation that stands. One that was under way to another key ends. */
export async function beginRotation(tx: Tx, input: KeyRotationInput): Promise<RotationBegin> {
  const { rotationId, keyId, actorId } = input
  await select(tx, 'LOCK TABLE key_rotations IN SHARE ROW EXCLUSIVE MODE')
  const known = await selectOne(tx, 'SELECT id FROM key_rotations WHERE id = $1', [rotationId])
  const left = await leftOf(tx, keyId)
  const toMove = left.reduce((sum, { rows }) => sum + rows, 0)
  if (!known) {
    await endReplaced(tx, keyId)
    await select(
      tx,
      'INSERT INTO key_rotations (id, master_key_id, started_by) VALUES ($1, $2, $3)',
      [rotationId, keyId, actorId],
    )
    await appendAudit(tx, {
      actor: actorId,
      action: 'master_key.rotation_started',
      entity: 'key_rotation',
      entityId: rotationId,
      after: { keyId, left },
    })
  }
  const refused = (await isAnother(tx, keyId))
    ? `MASTER_KEY is not the key that wrapped what is marked ${keyId}: give the new one a name of its own in MASTER_KEY_ID.`
    : null
  return { toMove, refused }
}

async function endReplaced(tx: Tx, keyId: string): Promise<void> {
  const running = await selectOne<{ id: string }>(
    tx,
    "SELECT id FROM key_rotations WHERE status = 'running'",
  )
  if (running) await endRotation(tx, running.id, `Another one was begun, to ${keyId}.`)
}

/** Another rotation was begun since. */
export const REPLACED: RotationStep = { place: null, moved: 0, isReplaced: true }

const AFTER = '(master_key_id, subject_id) > ($3, $4::uuid)'

/** The next few hundred. Whoever is being written just now is left for the next round; a key that cannot be opened stays. */
export async function rewrapSome(
  tx: Tx,
  { rotationId, keyId }: KeyRotationInput,
  place: RotationPlace | null,
  most = BATCH_ROWS,
): Promise<RotationStep> {
  const running = await selectOne(
    tx,
    "SELECT id FROM key_rotations WHERE id = $1 AND status = 'running' FOR UPDATE",
    [rotationId],
  )
  if (!running) return REPLACED
  const vault = vaultOf(tx)
  const old = vault.known.filter((one) => one !== keyId)
  const found = await select<OwnKey>(
    tx,
    `SELECT ${OWN_KEY} FROM subject_keys WHERE master_key_id = ANY ($1) ${place ? `AND ${AFTER}` : ''}
     ORDER BY master_key_id, subject_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [old, most, ...(place ? [place.keyId, place.subjectId] : [])],
  )
  const moved = found.flatMap(({ subjectId, ...key }) => {
    const wrapped = vault.opens(subjectId, key) ? vault.rewrap(subjectId, key)?.wrapped : undefined
    return wrapped ? [{ subjectId, wrapped }] : []
  })
  if (moved.length > 0) await writeMoved(tx, rotationId, keyId, moved)
  const last = found.length < most ? undefined : found.at(-1)
  return {
    place: last ? { keyId: last.masterKeyId, subjectId: last.subjectId } : null,
    moved: moved.length,
    isReplaced: false,
  }
}

async function writeMoved(
  tx: Tx,
  rotationId: string,
  keyId: string,
  moved: { subjectId: string; wrapped: Buffer }[],
): Promise<void> {
  await select(
    tx,
    `WITH given AS (SELECT * FROM unnest($2::uuid[], $3::text[]) AS one (subject_id, wrapped)),
     moved AS (
       UPDATE subject_keys k SET master_key_id = $1, wrapped = decode(g.wrapped, 'base64'), rewrapped_at = now()
       FROM given g WHERE k.subject_id = g.subject_id RETURNING 1)
     UPDATE key_rotations SET rewrapped = rewrapped + (SELECT count(*) FROM moved) WHERE id = $4`,
    [
      keyId,
      moved.map(({ subjectId }) => subjectId),
      moved.map(({ wrapped }) => wrapped.toString('base64')),
      rotationId,
    ],
  )
}

/** What became of it; null while it is running, or was never begun. */
export async function findOutcome(
  on: Database | Tx,
  rotationId: string,
): Promise<RotationSummary | null> {
  const one = await selectOne<{ outcome: RotationSummary | null }>(
    on,
    'SELECT outcome FROM key_rotations WHERE id = $1',
    [rotationId],
  )
  return one?.outcome ?? null
}

type Rotation = { keyId: string; rewrapped: number; outcome: RotationSummary | null }

/** `why` is for what ended it before all was done. A rotation that has ended stays as it ended. */
export async function endRotation(
  tx: Tx,
  rotationId: string,
  why: string | null,
): Promise<RotationSummary> {
  const one = await selectOne<Rotation>(
    tx,
    'SELECT master_key_id AS "keyId", rewrapped, outcome FROM key_rotations WHERE id = $1 FOR UPDATE',
    [rotationId],
  )
  if (!one) throw new Error(`rotation ${rotationId} was never begun`)
  if (one.outcome) return one.outcome
  const { keyId, rewrapped } = one
  const { known } = vaultOf(tx)
  const left = await leftOf(tx, keyId)
  const reason = [why, whyLeft(left, known)].filter((one) => one !== null).join(' ') || null
  const used = left.map((other) => other.keyId)
  const summary: RotationSummary = {
    rotationId,
    keyId,
    status: reason === null ? 'finished' : 'stopped',
    rewrapped,
    left,
    unneeded: reason === null ? known.filter((id) => id !== keyId && !used.includes(id)) : [],
    why: reason,
  }
  await select(
    tx,
    'UPDATE key_rotations SET status = $2, outcome = $3::jsonb, finished_at = now() WHERE id = $1',
    [rotationId, summary.status, JSON.stringify(summary)],
  )
  await appendAudit(tx, {
    actor: 'gari',
    action: 'master_key.rotation_ended',
    entity: 'key_rotation',
    entityId: rotationId,
    before: { status: 'running' },
    after: { status: summary.status, keyId, rewrapped, left },
    why: reason,
  })
  return summary
}
