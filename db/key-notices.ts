/** A key outlives the sign-in in which it was made, so its owner hears of it. */
import { LINK_LIFE_MS } from '../domain/accounts.ts'
import { askForLink, type KeyNamed } from './account-links.ts'
import type { Tx } from './connection.ts'

export async function tellKeyMade(tx: Tx, userId: string, detail: KeyNamed): Promise<void> {
  const expiresAt = new Date(Date.now() + LINK_LIFE_MS.key_made)
  await askForLink(tx, { userId, purpose: 'key_made', expiresAt, detail })
}
