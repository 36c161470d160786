/** Giving people roles and taking them back. */
import { BusinessError } from '../domain/errors.ts'
import { isOwn } from '../domain/permissions.ts'
import { BY_KIND, inheritedBy } from '../domain/roles.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { keepGoverned } from './governing.ts'
import { isOnePerson } from './one-person.ts'
import { IN_FORCE, listRoles } from './role-reads.ts'

type Gift = { userId: string; role: string; expiresAt: Date | null }

/** Without asking who gives: for what sets Gari up. Giving again changes when it ends. */
export async function assignRole(tx: Tx, gift: Gift, givenBy: string): Promise<void> {
  const { userId, role, expiresAt } = gift
  const changed = await select(
    tx,
    `INSERT INTO role_assignments AS a (user_id, role, expires_at, given_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, role) DO UPDATE SET expires_at = $3, given_by = $4, given_at = now(), active = true
       WHERE NOT (${IN_FORCE}) OR a.expires_at IS DISTINCT FROM $3
     RETURNING role`,
    [userId, role, expiresAt, givenBy],
  )
  if (changed.length === 0) return
  await appendAudit(tx, {
    actor: givenBy,
    action: 'role.given',
    entity: 'user',
    entityId: userId,
    after: { role, expires_at: expiresAt?.toISOString() ?? null },
  })
}

async function assertAnother(tx: Tx, userId: string, actorId: string): Promise<void> {
  if (await isOnePerson(tx, userId, actorId))
    throw new BusinessError('SECOND_PERSON', 'Nobody gives or takes roles of their own.')
}

/** Throws SECOND_PERSON for one's own account, and ROLE_REFUSED for customers and the role that follows from being one. */
export async function giveRole(tx: Tx, gift: Gift, actorId: string): Promise<void> {
  await assertAnother(tx, gift.userId, actorId)
  const user = await selectOne<{ kind: string; status: string }>(
    tx,
    'SELECT kind, status FROM users WHERE id = $1 FOR SHARE',
    [gift.userId],
  )
  if (!user || user.status === 'deleted')
    throw new BusinessError('NOT_FOUND', 'There is no such account.')
  const roles = await listRoles(tx)
  const role = roles.find(({ name }) => name === gift.role)
  if (!role) throw new BusinessError('NOT_FOUND', 'There is no such role.')
  if (gift.role === BY_KIND)
    throw new BusinessError('ROLE_REFUSED', 'Every customer has this role already.')
  const allowed = [...role.permissions, ...inheritedBy(role, roles)]
  if (user.kind === 'customer' && !allowed.every(isOwn))
    throw new BusinessError(
      'ROLE_REFUSED',
      'This is a customer’s account. Only people who work here can have this role.',
    )
  await keepGoverned(tx, () => assignRole(tx, gift, actorId))
}

/** Throws NOT_FOUND where they have it not, SECOND_PERSON for oneself, ROLE_REFUSED for the last who can give roles. */
export async function takeRole(
  tx: Tx,
  { userId, role }: { userId: string; role: string },
  actorId: string,
): Promise<void> {
  await assertAnother(tx, userId, actorId)
  await keepGoverned(tx, async () => {
    const taken = await select(
      tx,
      `UPDATE role_assignments a SET active = false WHERE user_id = $1 AND role = $2 AND ${IN_FORCE}
       RETURNING role`,
      [userId, role],
    )
    if (taken.length === 0) throw new BusinessError('NOT_FOUND', 'They do not have this role.')
    await appendAudit(tx, {
      actor: actorId,
      action: 'role.taken',
      entity: 'user',
      entityId: userId,
      before: { role },
    })
  })
}
