/** Somebody knows a password who does not have the second step: its owner is told. */
import { askForLink } from './account-links.ts'
import { lockAccount } from './accounts.ts'
import { selectOne, type Tx } from './connection.ts'
import { recordSecurityEvent } from './security.ts'

type Notice = { userId: string; expiresAt: Date }

/** Once a day at most, however long somebody goes on. */
export async function tellOfWrongCodes(tx: Tx, { userId, expiresAt }: Notice): Promise<void> {
  await lockAccount(tx, userId)
  const told = await selectOne(
    tx,
    `SELECT id FROM account_links WHERE user_id = $1 AND purpose = 'wrong_codes'
       AND asked_at > now() - interval '1 day' LIMIT 1`,
    [userId],
  )
  if (told) return
  await recordSecurityEvent(tx, 'password_known', { userId })
  await askForLink(tx, { userId, purpose: 'wrong_codes', expiresAt })
}
