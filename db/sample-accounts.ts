/** People of the sample data, whose password everybody can read. Production must not run beside them. */
import { select, type Database } from './connection.ts'

/** Who made them and gave them their roles. An e-mail proves nothing: anybody may register one. */
export const SEED = 'seed'

/** Throws while any of them can still sign in. */
export async function refuseSampleAccounts(db: Database): Promise<void> {
  const found = await select<{ email: string }>(
    db,
    `SELECT email FROM users u WHERE status = 'active' AND password_hash IS NOT NULL
       AND (created_by = $1 OR EXISTS (
         SELECT 1 FROM role_assignments a WHERE a.user_id = u.id AND a.given_by = $1))
     ORDER BY email`,
    [SEED],
  )
  if (found.length === 0) return
  const emails = found.map(({ email }) => email).join(', ')
  throw new Error(
    `Sample accounts are active, and everybody knows their password: ${emails}. ` +
      'docs/operations.md says how to close them ("Sample people in production").',
  )
}
