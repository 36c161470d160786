/** Pictures of ids and licences: what came, what was decided about it, and what stands now. */
import { BusinessError } from '../domain/errors.ts'
import {
  needsDay,
  type IdentityDocument,
  type IdentityKind,
  type RefusalReason,
} from '../domain/identity-documents.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { destroyPicture, keepPicture } from './identity-pictures.ts'
import { isOnePerson } from './one-person.ts'
import { confirmLicence, writeLicence } from './own-licence.ts'

const dayOf = (at: Date): string => toNairobiIso(at).slice(0, 10)

/** $1 is the day in Nairobi, by which an accepted paper is over. */
const COLUMNS = `d.id, d.user_id AS "customerId", d.kind,
  CASE WHEN d.status = 'accepted' AND d.valid_until < $1::date THEN 'expired' ELSE d.status END AS status,
  d.received_at AS "receivedAt", d.decided_at AS "decidedAt", d.refusal, d.valid_until::text AS "validUntil",
  d.width, d.height, d.bytes, EXISTS (SELECT FROM identity_pictures p WHERE p.document_id = d.id) AS "hasPicture"`

export const findIdentity = (
  on: Database | Tx,
  id: string,
  now: Date,
): Promise<IdentityDocument | null> =>
  selectOne(on, `SELECT ${COLUMNS} FROM identity_documents d WHERE d.id = $2`, [dayOf(now), id])

/** More than anybody sends in a year. */
const MOST_OF_ONE = 200

/** All that is known of one customer's, the newest first; what was replaced has no picture any more. */
export const listIdentity = (
  on: Database | Tx,
  customerId: string,
  now: Date,
): Promise<IdentityDocument[]> =>
  select(
    on,
    `SELECT ${COLUMNS} FROM identity_documents d WHERE d.user_id = $2
     ORDER BY d.received_at DESC, d.id DESC LIMIT ${MOST_OF_ONE}`,
    [dayOf(now), customerId],
  )

type Received = {
  /** Made by whoever asks, so that a repeat is one picture. */
  id: string
  customerId: string
  kind: IdentityKind
  actorId: string
  picture: { jpeg: Uint8Array; width: number; height: number }
  /** What stands on a licence; written with a picture that is new, so that a repeat undoes nothing that came later. */
  licence?: { number: string; expiresOn: string | null } | null
  now: Date
}

const gone = () => new BusinessError('NOT_FOUND', 'We have no such customer.')

/**
 * Takes the place of the one before of its kind, whose picture goes unless a hold of the law keeps it. Throws NOT_FOUND for an account
 * that is closed or being erased, or is no customer's.
 */
export async function receiveIdentity(tx: Tx, wish: Received): Promise<IdentityDocument> {
  const { id, customerId, kind, actorId, picture, licence, now } = wish
  const user = await selectOne(
    tx,
    `SELECT id FROM users u WHERE id = $1 AND status <> 'deleted' AND EXISTS (SELECT FROM customers WHERE user_id = u.id) AND NOT EXISTS (
       SELECT FROM erasures WHERE user_id = u.id AND status = 'erasing') FOR NO KEY UPDATE`,
    [customerId],
  )
  if (!user) throw gone()
  const known = await findIdentity(tx, id, now)
  if (known) return known
  const before = await selectOne<{ id: string; status: string }>(
    tx,
    `WITH old AS (SELECT id, status FROM identity_documents WHERE user_id = $1 AND kind = $2 AND status <> 'replaced'),
       done AS (UPDATE identity_documents d SET status = 'replaced' FROM old WHERE d.id = old.id)
     SELECT id, status FROM old`,
    [customerId, kind],
  )
  if (before) await destroyPicture(tx, before.id)
  const { jpeg, width, height } = picture
  await select(
    tx,
    `INSERT INTO identity_documents (id, user_id, kind, received_at, received_by, width, height, bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, customerId, kind, now, actorId, width, height, jpeg.length],
  )
  await keepPicture(tx, { documentId: id, userId: customerId, jpeg })
  if (licence) await writeLicence(tx, { customerId, actorId, ...licence })
  await appendAudit(tx, {
    actor: actorId,
    action: 'identity_document.received',
    entity: 'user',
    entityId: customerId,
    ...(before ? { before: { documentId: before.id, status: before.status } } : {}),
    after: { documentId: id, kind },
  })
  return (await findIdentity(tx, id, now)) as IdentityDocument
}

export type Decision =
  { status: 'accepted'; validUntil: string | null } | { status: 'refused'; refusal: RefusalReason }

const wrongDay = (message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'valid_until', message }] })

function assertDay(kind: IdentityKind, decision: Decision, now: Date): void {
  if (decision.status === 'refused') return
  if (decision.validUntil === null) {
    if (needsDay(kind)) throw wrongDay('Say the last day on which it is good.')
    return
  }
  if (decision.validUntil < dayOf(now)) throw wrongDay('This day is over. Refuse it as expired.')
}

type Decided = { id: string; actorId: string; decision: Decision; now: Date }

/**
 * Once for each picture. Throws NOT_FOUND, SECOND_PERSON where it is about whoever decides, FINDING_CLOSED where it was decided or
 * replaced meanwhile, INVALID_INPUT for a day that is missing or over.
 */
export async function decideIdentity(tx: Tx, wish: Decided): Promise<IdentityDocument> {
  const { id, actorId, decision, now } = wish
  await select(tx, 'SELECT id FROM identity_documents WHERE id = $1 FOR UPDATE', [id])
  const found = await findIdentity(tx, id, now)
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such picture.')
  const { customerId, kind } = found
  if (await isOnePerson(tx, customerId, actorId))
    throw new BusinessError('SECOND_PERSON', 'Nobody decides about their own papers.')
  if (found.status !== 'received')
    throw new BusinessError(
      'FINDING_CLOSED',
      'Somebody has decided about it, or another picture came.',
    )
  assertDay(kind, decision, now)
  const { refusal, validUntil } = { refusal: null, validUntil: null, ...decision }
  await select(
    tx,
    `UPDATE identity_documents SET status = $2, refusal = $3, valid_until = $4, decided_at = $5, decided_by = $6
     WHERE id = $1`,
    [id, decision.status, refusal, validUntil, now, actorId],
  )
  if (kind === 'licence_front' && validUntil)
    await confirmLicence(tx, { customerId, actorId, expiresOn: validUntil })
  await appendAudit(tx, {
    actor: actorId,
    action: `identity_document.${decision.status}`,
    entity: 'user',
    entityId: customerId,
    before: { status: 'received' },
    after: { documentId: id, kind, ...(refusal ? { refusal } : {}) },
  })
  return (await findIdentity(tx, id, now)) as IdentityDocument
}
