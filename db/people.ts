/** Accounts as administrators see them: who there is, what they may do, and whether they may come in. */
import type { UserKind, UserStatus } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { whatNeeds } from './account-needs.ts'
import { askForLink } from './account-links.ts'
import { createUser, HAS_FACTOR } from './accounts.ts'
import { revokeApiKeysOf } from './api-keys.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { PEOPLE_FOUND, readDeskWords } from './desk-words.ts'
import { keepGoverned } from './governing.ts'
import { isOnePerson } from './one-person.ts'
import { IN_FORCE } from './role-reads.ts'
import { endSessionsOf } from './sessions.ts'
import { SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'
import { readCursor, writeCursor } from './values.ts'

export type Person = {
  id: string
  kind: UserKind
  status: UserStatus
  name: string
  email: string | null
  phone: string | null
  customerNumber: string | null
  roles: string[]
  lastLoginAt: Date | null
  createdAt: Date
  hasSecondFactor: boolean
}

const DETAIL = `
  SELECT u.id, u.kind, u.status, trim(u.first_name || ' ' || u.last_name) AS name, u.email, ${SEALED_PHONE},
    c.number AS "customerNumber", u.last_login_at AS "lastLoginAt", u.created_at AS "createdAt",
    array(SELECT a.role FROM role_assignments a WHERE a.user_id = u.id AND ${IN_FORCE} ORDER BY 1) AS roles,
    ${HAS_FACTOR} AS "hasSecondFactor"
  FROM users u LEFT JOIN customers c ON c.user_id = u.id`

type Raw = Omit<Person, 'phone'> & SealedPhone

export async function findPerson(on: Database | Tx, id: string): Promise<Person | null> {
  const row = await selectOne<Raw>(on, `${DETAIL} WHERE u.id = $1`, [id])
  return row && withPhone(on, row.id, row)
}

export type PeopleFilter = {
  /** A name, an e-mail, a customer number, or a whole phone number: the end of one would find strangers. */
  text?: string
  kinds?: readonly UserKind[]
  status?: UserStatus
  role?: string
  cursor?: string
  limit: number
}

/** The newest first. */
export async function listPeople(
  db: Database,
  filter: PeopleFilter,
): Promise<{ items: Person[]; next: string | null }> {
  const wanted = readDeskWords(db, filter.text ?? '')
  const after = readCursor(filter.cursor)
  const found = `u.id IN (${PEOPLE_FOUND} UNION SELECT id FROM users WHERE email = $1::citext
    UNION SELECT user_id FROM customers WHERE number = upper($1))`
  const rows = await select<Raw>(
    db,
    `${DETAIL} WHERE ${wanted ? found : '$1::text IS NOT NULL AND $2::bytea IS NULL'}
       AND ($3::text[] IS NULL OR u.kind = ANY ($3)) AND ($4::text IS NULL OR u.status = $4)
       AND ($5::text IS NULL OR EXISTS (
         SELECT FROM role_assignments a WHERE a.user_id = u.id AND a.role = $5 AND ${IN_FORCE}))
       AND ($6::timestamptz IS NULL OR (u.created_at, u.id) < ($6, $7::uuid))
     ORDER BY u.created_at DESC, u.id DESC LIMIT $8`,
    [
      wanted?.words ?? '',
      wanted?.phone ?? null,
      filter.kinds ?? null,
      filter.status ?? null,
      filter.role ?? null,
      after?.at ?? null,
      after?.id ?? null,
      filter.limit + 1,
    ],
  )
  const items = rows.slice(0, filter.limit).map((row) => withPhone(db, row.id, row))
  const last = items.at(-1)
  const more = rows.length > filter.limit && last !== undefined
  return { items, next: more ? writeCursor(last.createdAt, last.id) : null }
}

export type Colleague = {
  kind: 'employee' | 'admin'
  email: string
  firstName: string
  lastName: string
  phone: string | null
  actorId: string
  /** Until when the mailed link is good. */
  until: Date
}

/** Opens an account for somebody who works here; the mailed link lets them choose a password. Throws EMAIL_TAKEN. */
export async function inviteColleague(tx: Tx, { actorId, until, ...who }: Colleague) {
  const { userId } = await createUser(tx, { ...who, passwordHash: null, createdBy: actorId })
  const linkId = await askForLink(tx, { userId, purpose: 'invitation', expiresAt: until })
  return { person: (await findPerson(tx, userId)) as Person, linkId }
}

/** What is forgotten, or just being, is nobody's account any more. */
async function assertNotErased(tx: Tx, id: string): Promise<void> {
  const erased = await selectOne(
    tx,
    "SELECT FROM erasures WHERE user_id = $1 AND status IN ('erasing', 'done')",
    [id],
  )
  if (erased) throw new BusinessError('NOT_FOUND', 'This customer was erased and stays so.')
}

type StatusChange = { status: UserStatus; why: string; actorId: string }

/**
 * Whoever may not sign in any more is signed out everywhere. What was deleted stays, and can be opened again. Throws SECOND_PERSON
 * for one's own account, ROLE_REFUSED for the last who can give roles, ACCOUNT_NEEDED for deleting where something is open.
 */
export async function changeStatus(tx: Tx, id: string, change: StatusChange): Promise<Person> {
  const { status, why, actorId } = change
  // Anybody may write somebody's phone beside an account as a customer; that protects nobody from being kept out.
  const kept = await selectOne(tx, "SELECT id FROM users WHERE id = $1 AND kind = 'customer'", [id])
  if (id === actorId || (!kept && (await isOnePerson(tx, id, actorId))))
    throw new BusinessError('SECOND_PERSON', 'Nobody opens or closes their own account here.')
  return keepGoverned(tx, async () => {
    const before = await selectOne<{ status: UserStatus }>(
      tx,
      'SELECT status FROM users WHERE id = $1 FOR UPDATE',
      [id],
    )
    if (!before) throw new BusinessError('NOT_FOUND', 'There is no such account.')
    await assertNotErased(tx, id)
    const needed = status === 'deleted' ? await whatNeeds(tx, id) : null
    if (needed) throw new BusinessError('ACCOUNT_NEEDED', `There is ${needed}. End that first.`)
    if (before.status !== status) {
      await select(tx, 'UPDATE users SET status = $2, updated_by = $3 WHERE id = $1', [
        id,
        status,
        actorId,
      ])
      if (status !== 'active') {
        await endSessionsOf(tx, id)
        await revokeApiKeysOf(tx, id, actorId)
      }
      await appendAudit(tx, {
        actor: actorId,
        action: 'user.status_changed',
        entity: 'user',
        entityId: id,
        before,
        after: { status },
        why,
      })
    }
    return (await findPerson(tx, id)) as Person
  })
}
