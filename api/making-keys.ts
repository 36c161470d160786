/** Makes a key for a program: for the API and the page alike. */
import { createApiKey } from '../db/api-keys.ts'
import { inTransaction } from '../db/connection.ts'
import { assertStillIn } from '../db/sessions.ts'
import type { Actor } from '../domain/accounts.ts'
import { API_KEY_PREFIX, scopesFor } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import type { ApiDeps } from './deps.ts'
import { newToken, sha256 } from './tokens.ts'

export const SIGN_IN_FOR_KEYS = 'Sign in again first, then make this.'

const SHOWN_LETTERS = 10

export type KeyWish = { name: string; scopes: Permission[]; expiresAt: Date | null }

/** Who makes it, and in which session: what is made lasts longer than that. */
export type Maker = { actor: Actor; tokenHash: Buffer }

/**
 * Answers the key itself, which nobody can be told again. Throws INVALID_INPUT for what its owner may not do, SIGN_IN_REQUIRED where
 * their session has ended meanwhile.
 */
export async function makeApiKey(deps: ApiDeps, { actor, tokenHash }: Maker, wish: KeyWish) {
  const possible = scopesFor(actor.permissions)
  const beyond = wish.scopes.find((one) => !possible.includes(one))
  if (beyond) {
    const message = `A key of yours cannot have ${beyond}.`
    throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'scopes', message }] })
  }
  const key = `${API_KEY_PREFIX}${newToken()}`
  const beginning = key.slice(0, SHOWN_LETTERS)
  const row = { ...wish, userId: actor.userId, keyHash: sha256(key), beginning }
  const { id, createdAt } = await inTransaction(deps.db, async (tx) => {
    await assertStillIn(tx, { userId: actor.userId, tokenHash })
    return createApiKey(tx, row)
  })
  return { id, key, beginning, createdAt }
}
