/** People who sign in, and guests who proved their phone. */
import { randomUUID } from 'node:crypto'
import { UniqueConstraintError } from 'sequelize'
import type { Actor, UserKind, UserStatus } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { phoneIndex } from './sealed-columns.ts'
import { SEALED_PHONE, sealNewPerson, withPhone, type SealedPhone } from './sealed-people.ts'

export type NewUser = {
  kind: UserKind
  email: string | null
  passwordHash: string | null
  firstName: string
  lastName: string
  phone: string | null
  phoneVerified?: boolean
  language?: 'en' | 'sw'
  createdBy?: string
}

const emailTaken = () =>
  new BusinessError(
    'EMAIL_TAKEN',
    'There is already an account with this e-mail. Sign in instead.',
    {
      fields: [{ path: 'email', message: 'There is already an account with this e-mail.' }],
    },
  )

/** Throws EMAIL_TAKEN; the unique index decides, so two registrations at once cannot both win. */
export async function createUser(tx: Tx, user: NewUser): Promise<{ userId: string }> {
  const { kind, email, passwordHash, firstName, lastName, phone } = user
  const userId = randomUUID()
  const sealed = sealNewPerson(tx, userId, { phone, bornOn: null })
  const made = await select(
    tx,
    `WITH made AS (
       INSERT INTO users (id, kind, email, password_hash, first_name, last_name, phone_sealed, phone_index, phone_verified,
         language, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id)
     INSERT INTO subject_keys (subject_id, master_key_id, wrapped) SELECT id, $12, $13 FROM made RETURNING subject_id`,
    [
      userId,
      kind,
      email,
      passwordHash,
      firstName,
      lastName,
      sealed.phoneSealed,
      sealed.phoneIndex,
      user.phoneVerified ?? false,
      user.language ?? 'en',
      user.createdBy ?? 'system',
      sealed.masterKeyId,
      sealed.wrapped,
    ],
  ).catch((error: unknown) => {
    throw error instanceof UniqueConstraintError ? emailTaken() : error
  })
  if (made.length === 0) throw emailTaken()
  if (kind === 'customer') await select(tx, 'INSERT INTO customers (user_id) VALUES ($1)', [userId])
  await appendAudit(tx, {
    actor: user.createdBy ?? userId,
    action: 'user.created',
    entity: 'user',
    entityId: userId,
    after: { kind },
  })
  return { userId }
}

export type SignInRow = { userId: string; passwordHash: string | null; status: UserStatus }

export const findByEmail = (db: Database | Tx, email: string): Promise<SignInRow | null> =>
  selectOne(
    db,
    'SELECT id AS "userId", password_hash AS "passwordHash", status FROM users WHERE email = $1',
    [email],
  )

const GIVEN = `SELECT a.role FROM role_assignments a WHERE a.user_id = u.id AND a.active
    AND (a.expires_at IS NULL OR a.expires_at > now())`

const PERMITTED = `array(
    WITH RECURSIVE held AS (
      (SELECT 'customer' AS role WHERE u.kind = 'customer' UNION ${GIVEN})
      UNION SELECT r.parent_role FROM held h JOIN roles r ON r.name = h.role WHERE r.parent_role IS NOT NULL)
    SELECT DISTINCT p.permission FROM held h JOIN role_permissions p ON p.role = h.role
    WHERE u.kind <> 'customer' OR p.permission LIKE 'own\\_%' ORDER BY 1)`

/** Of `u`. */
export const HAS_FACTOR = `(EXISTS (SELECT FROM authenticators f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT FROM passkeys f WHERE f.user_id = u.id))`

/**
 * Roles are read with every request, so that a change holds from the next one on. Customers may do nothing but what is about
 * their own things, whatever a role of theirs says.
 */
export const ACTOR_COLUMNS = `u.id AS "userId", u.kind, u.first_name AS "firstName",
  u.last_name AS "lastName", u.email, ${SEALED_PHONE}, u.language, array(${GIVEN} ORDER BY a.role) AS roles,
  ${PERMITTED} AS permissions,
  ${HAS_FACTOR} AS "hasSecondFactor"`

export type SealedActor = Omit<Actor, 'phone'> & SealedPhone

/** Customers have the role by being one. */
export const toActor = (on: Database | Tx, raw: SealedActor): Actor => ({
  ...withPhone(on, raw.userId, raw),
  roles: raw.kind === 'customer' ? ['customer', ...raw.roles] : raw.roles,
})

export async function findActor(db: Database, userId: string): Promise<Actor | null> {
  const raw = await selectOne<SealedActor>(
    db,
    `SELECT ${ACTOR_COLUMNS} FROM users u WHERE u.id = $1 AND u.status = 'active'`,
    [userId],
  )
  return raw && toActor(db, raw)
}

/** All that somebody may do by whichever of their accounts: two with one phone are one person. */
export async function permissionsOfPerson(tx: Tx, userId: string): Promise<Set<Permission>> {
  const rows = await select<{ permissions: Permission[] }>(
    tx,
    `SELECT ${PERMITTED} AS permissions FROM users u WHERE u.status = 'active'
       AND (u.id::text = $1 OR u.phone_index = (SELECT phone_index FROM users WHERE id::text = $1))`,
    [userId],
  )
  return new Set(rows.flatMap(({ permissions }) => permissions))
}

type Guest = { phone: string; firstName: string; lastName: string; language?: 'en' | 'sw' }

const closed = () =>
  new BusinessError('FORBIDDEN', 'This account is closed. Speak to us at the desk.')

/** The customer of this phone, who has just proven that it is theirs; a guest where it is nobody's yet. Throws FORBIDDEN for whom we keep out. */
export async function findOrCreateGuest(tx: Tx, guest: Guest): Promise<{ userId: string }> {
  const find = async () => {
    const found = await selectOne<{ userId: string; status: UserStatus }>(
      tx,
      `SELECT id AS "userId", status FROM users WHERE phone_index = $1 AND kind = 'customer' AND phone_verified`,
      [phoneIndex(tx, guest.phone)],
    )
    if (found && found.status !== 'active') throw closed()
    return found && { userId: found.userId }
  }
  const known = await find()
  if (known) return known
  try {
    return await createUser(tx, {
      kind: 'customer',
      email: null,
      passwordHash: null,
      ...guest,
      phoneVerified: true,
    })
  } catch (error) {
    const other = error instanceof BusinessError ? await find() : null
    if (other) return other
    throw error
  }
}

/** Before a change of how somebody comes in: who signs in at that moment waits, and is then asked again (sessions.ts). */
export async function lockAccount(tx: Tx, userId: string): Promise<void> {
  await select(tx, 'SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId])
}

export async function recordLogin(tx: Tx, userId: string): Promise<void> {
  await select(tx, 'UPDATE users SET last_login_at = now() WHERE id = $1', [userId])
}

/** In which language pages, mails and SMS speak to somebody. What stands already is nothing. */
export async function chooseLanguage(tx: Tx, userId: string, language: 'en' | 'sw'): Promise<void> {
  const was = await selectOne<{ language: string }>(
    tx,
    'SELECT language FROM users WHERE id = $1 AND language <> $2 FOR NO KEY UPDATE',
    [userId, language],
  )
  if (!was) return
  await select(tx, 'UPDATE users SET language = $2 WHERE id = $1', [userId, language])
  await appendAudit(tx, {
    actor: userId,
    action: 'user.language_chosen',
    entity: 'user',
    entityId: userId,
    before: was,
    after: { language },
  })
}

/** Where we reach somebody, and whether the number is proven to be theirs. */
export async function findContact(
  on: Database | Tx,
  userId: string,
): Promise<{ phone: string | null; verified: boolean } | null> {
  const row = await selectOne<SealedPhone & { verified: boolean }>(
    on,
    `SELECT ${SEALED_PHONE}, u.phone_verified AS verified FROM users u WHERE u.id = $1`,
    [userId],
  )
  return row && withPhone(on, userId, row)
}

export type LetterContact = { email: string | null; phone: string | null; language: 'en' | 'sw' }

/** Where to write to somebody, and in which language; null for whoever was erased. */
export async function findLetterContact(
  on: Database | Tx,
  userId: string,
): Promise<LetterContact | null> {
  const row = await selectOne<Omit<LetterContact, 'phone'> & SealedPhone>(
    on,
    `SELECT u.email, u.language, ${SEALED_PHONE} FROM users u WHERE u.id = $1 AND u.erased_at IS NULL`,
    [userId],
  )
  return row && withPhone(on, userId, row)
}

/** Of oneself, for one's own page. */
export const findOwnAccount = (
  db: Database,
  userId: string,
): Promise<{ emailVerified: boolean; phoneVerified: boolean; hasPassword: boolean } | null> =>
  selectOne(
    db,
    `SELECT email_verified AS "emailVerified", phone_verified AS "phoneVerified", password_hash IS NOT NULL AS "hasPassword" FROM users WHERE id = $1`,
    [userId],
  )
