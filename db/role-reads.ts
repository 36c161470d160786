/** Roles and who has them, as they stand. */
import type { Permission } from '../domain/permissions.ts'
import type { Role, RoleAssignment } from '../domain/roles.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'

/** An assignment that counts now. */
export const IN_FORCE = 'a.active AND (a.expires_at IS NULL OR a.expires_at > now())'

const DETAIL = `
  SELECT r.name, r.description, r.parent_role AS parent, r.system, r.version,
    array(SELECT p.permission FROM role_permissions p WHERE p.role = r.name ORDER BY 1) AS permissions,
    (SELECT count(*)::int FROM role_assignments a JOIN users u ON u.id = a.user_id AND u.status = 'active'
      WHERE a.role = r.name AND ${IN_FORCE}) AS people
  FROM roles r`

/** System roles first; few enough to be shown at once. */
export const listRoles = (on: Database | Tx): Promise<Role[]> =>
  select<Role>(on, `${DETAIL} ORDER BY r.system DESC, r.name`)

export const findRole = (on: Database | Tx, name: string): Promise<Role | null> =>
  selectOne<Role>(on, `${DETAIL} WHERE r.name = $1`, [name])

export const listPermissions = (
  on: Database | Tx,
): Promise<{ name: Permission; resource: string; action: string; description: string }[]> =>
  select(on, 'SELECT name, resource, action, description FROM permissions ORDER BY name')

/** Those in force, the oldest first. */
export const listAssignments = (on: Database | Tx, userId: string): Promise<RoleAssignment[]> =>
  select(
    on,
    `SELECT a.role, a.given_by AS "givenBy", nullif(trim(g.first_name || ' ' || g.last_name), '') AS "giverName",
       a.given_at AS "givenAt", a.expires_at AS "expiresAt"
     FROM role_assignments a LEFT JOIN users g ON g.id::text = a.given_by
     WHERE a.user_id = $1 AND ${IN_FORCE} ORDER BY a.given_at, a.role`,
    [userId],
  )
