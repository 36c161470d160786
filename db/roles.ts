/** Making, changing and taking away roles. Each change is audited with what was before. */
import { BusinessError } from '../domain/errors.ts'
import { isOwn, type Permission } from '../domain/permissions.ts'
import type { Role, RoleFacts } from '../domain/roles.ts'
import { permissionsOfPerson } from './accounts.ts'
import { appendAudit } from './audit.ts'
import { select, type Tx } from './connection.ts'
import { keepGoverned } from './governing.ts'
import { findRole, IN_FORCE } from './role-reads.ts'

const field = (path: string, message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path, message }] })

const none = () => new BusinessError('NOT_FOUND', 'There is no such role.')

const audited = ({ description, parent, permissions }: RoleFacts) => ({
  description,
  parent,
  permissions: permissions.toSorted(),
})

async function assertParent(tx: Tx, name: string, parent: string | null): Promise<void> {
  if (parent === null) return
  const circle = await select<{ name: string }>(
    tx,
    `WITH RECURSIVE above AS (
       SELECT name, parent_role FROM roles WHERE name = $1
       UNION SELECT r.name, r.parent_role FROM roles r JOIN above a ON r.name = a.parent_role)
     SELECT name FROM above`,
    [parent],
  )
  if (circle.length === 0) throw field('parent', 'There is no such role to inherit from.')
  if (circle.some((one) => one.name === name))
    throw field('parent', 'This role would inherit from itself.')
}

async function writePermissions(tx: Tx, name: string, facts: RoleFacts, by: string): Promise<void> {
  await select(tx, 'DELETE FROM role_permissions WHERE role = $1 AND permission <> ALL ($2)', [
    name,
    facts.permissions,
  ])
  await select(
    tx,
    `INSERT INTO role_permissions (role, permission, granted_by)
     SELECT $1, unnest($2::text[]), $3 ON CONFLICT DO NOTHING`,
    [name, facts.permissions, by],
  )
}

/** Who may change roles could otherwise allow themselves anything, by a role that they have. */
async function assertNoMore(tx: Tx, actorId: string, could: Set<Permission>): Promise<void> {
  const can = await permissionsOfPerson(tx, actorId)
  const more = [...can].filter((one) => !could.has(one) && !isOwn(one))
  if (more.length === 0) return
  throw new BusinessError(
    'SECOND_PERSON',
    `This would let yourself do more (${more.join(', ')}). Allow it to a role that neither you have nor yours inherits from.`,
  )
}

/** Throws INVALID_INPUT for a name that is taken. */
export async function createRole(
  tx: Tx,
  name: string,
  facts: RoleFacts,
  actorId: string,
): Promise<Role> {
  await assertParent(tx, name, facts.parent)
  const made = await select(
    tx,
    `INSERT INTO roles (name, description, parent_role, created_by, updated_by) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT DO NOTHING RETURNING name`,
    [name, facts.description, facts.parent, actorId],
  )
  if (made.length === 0) throw field('name', 'There is a role with this name already.')
  await writePermissions(tx, name, facts, actorId)
  await appendAudit(tx, {
    actor: actorId,
    action: 'role.created',
    entity: 'role',
    entityId: name,
    after: audited(facts),
  })
  return (await findRole(tx, name)) as Role
}

/**
 * Throws CHANGED_MEANWHILE unless `version` is the one that stands, SECOND_PERSON where whoever changes it could do more
 * afterwards, and ROLE_REFUSED where nobody would be left to mend it.
 */
export const changeRole = (
  tx: Tx,
  name: string,
  change: { facts: RoleFacts; version: number; actorId: string },
): Promise<Role> =>
  keepGoverned(tx, async () => {
    const { facts, version, actorId } = change
    const could = await permissionsOfPerson(tx, actorId)
    const before = await findRole(tx, name)
    if (!before) throw none()
    await assertParent(tx, name, facts.parent)
    const changed = await select(
      tx,
      `UPDATE roles SET description = $3, parent_role = $4, updated_by = $5, version = version + 1
       WHERE name = $1 AND version = $2 RETURNING name`,
      [name, version, facts.description, facts.parent, actorId],
    )
    if (changed.length === 0)
      throw new BusinessError(
        'CHANGED_MEANWHILE',
        'Somebody else has changed this role meanwhile. Load it again and look.',
      )
    await writePermissions(tx, name, facts, actorId)
    await assertNoMore(tx, actorId, could)
    await appendAudit(tx, {
      actor: actorId,
      action: 'role.changed',
      entity: 'role',
      entityId: name,
      before: audited(before),
      after: audited(facts),
    })
    return (await findRole(tx, name)) as Role
  })

/** Throws ROLE_REFUSED for a role of ours, and for one that somebody has or another inherits from. */
export const deleteRole = (tx: Tx, name: string, actorId: string): Promise<void> =>
  keepGoverned(tx, async () => {
    const role = await findRole(tx, name)
    if (!role) throw none()
    if (role.system)
      throw new BusinessError(
        'ROLE_REFUSED',
        'Gari itself needs this role; it can only be changed.',
      )
    // Somebody who is kept out for now has it still.
    const given = await select(
      tx,
      `SELECT a.role FROM role_assignments a WHERE a.role = $1 AND ${IN_FORCE} LIMIT 1`,
      [name],
    )
    if (given.length > 0)
      throw new BusinessError('ROLE_REFUSED', 'People have this role. Take it from them first.')
    const heirs = await select<{ name: string }>(
      tx,
      'SELECT name FROM roles WHERE parent_role = $1 ORDER BY name',
      [name],
    )
    if (heirs.length > 0) {
      const names = heirs.map((heir) => heir.name).join(', ')
      throw new BusinessError('ROLE_REFUSED', `Other roles inherit from it: ${names}.`)
    }
    // What is over or was taken back stays in the audit.
    await select(tx, 'DELETE FROM role_assignments WHERE role = $1', [name])
    await select(tx, 'DELETE FROM roles WHERE name = $1', [name])
    await appendAudit(tx, {
      actor: actorId,
      action: 'role.deleted',
      entity: 'role',
      entityId: name,
      before: audited(role),
    })
  })
