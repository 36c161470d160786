/** A customer's account, held while something of theirs is changed, and only where nobody has changed it meanwhile. */
import { BusinessError } from '../domain/errors.ts'
import { HAS_FACTOR } from './accounts.ts'
import { selectOne, type Tx } from './connection.ts'

export type LockedCustomer = { version: number; status: string; hasPassword: boolean }

/** Throws NOT_FOUND, and CHANGED_MEANWHILE unless `version`, where one is given, is the one that stands. */
export async function lockCustomer(
  tx: Tx,
  id: string,
  version: number | null,
): Promise<LockedCustomer> {
  const locked = await selectOne<LockedCustomer>(
    tx,
    `SELECT version, status, password_hash IS NOT NULL OR ${HAS_FACTOR} AS "hasPassword" FROM users u
     WHERE id = $1 AND kind = 'customer' FOR NO KEY UPDATE OF u`,
    [id],
  )
  if (!locked) throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  if (locked.status === 'deleted')
    throw new BusinessError('NOT_FOUND', 'This account was deleted and stays as it was.')
  if (version === null || locked.version === version) return locked
  throw new BusinessError(
    'CHANGED_MEANWHILE',
    'Somebody else has changed this customer meanwhile. Read it again and look.',
  )
}
