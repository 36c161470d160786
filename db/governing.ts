/** Somebody must always be left who can give roles and change them: nobody could let anybody in again. */
import { BusinessError } from '../domain/errors.ts'
import { GOVERNING } from '../domain/roles.ts'
import { select, selectOne, type Tx } from './connection.ts'

/** Roles that run out do not count, and neither do accounts that cannot sign in, or not yet. */
const GOVERNED = `
  WITH RECURSIVE held AS (
    SELECT a.user_id, a.role FROM role_assignments a JOIN users u ON u.id = a.user_id AND u.status = 'active'
      AND u.kind <> 'customer' AND u.password_hash IS NOT NULL
      WHERE a.active AND a.expires_at IS NULL
    UNION SELECT h.user_id, r.parent_role FROM held h JOIN roles r ON r.name = h.role WHERE r.parent_role IS NOT NULL)
  SELECT h.user_id FROM held h JOIN role_permissions p ON p.role = h.role WHERE p.permission = ANY ($1)
  GROUP BY h.user_id HAVING count(DISTINCT p.permission) = cardinality($1::text[]) LIMIT 1`

const isGoverned = async (tx: Tx): Promise<boolean> =>
  (await selectOne(tx, GOVERNED, [GOVERNING])) !== null

/**
 * Does what may take rights from people. Throws ROLE_REFUSED where the last of them would go; one such change goes after the
 * other, since two could each leave the other's person.
 */
export async function keepGoverned<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  await select(tx, "SELECT pg_advisory_xact_lock(hashtext('roles'))")
  const was = await isGoverned(tx)
  const done = await change()
  if (was && !(await isGoverned(tx)))
    throw new BusinessError(
      'ROLE_REFUSED',
      'Nobody would be left who can give roles and change them. Give that to somebody else first.',
    )
  return done
}
