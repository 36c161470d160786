/** Registers programs of others, and gives servers new secrets: for the API and the page alike. */
import type { z } from 'zod'
import { inTransaction } from '../db/connection.ts'
import { createOauthClient, renewSecret } from '../db/oauth-clients.ts'
import { assertStillIn } from '../db/sessions.ts'
import type { Actor } from '../domain/accounts.ts'
import { NO_SCOPES, scopesFor } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import type { OauthClient, OauthClientKind } from '../domain/oauth.ts'
import type { Permission } from '../domain/permissions.ts'
import type { oauthClientRequest } from '../domain/schemas/oauth.ts'
import type { ApiDeps } from './deps.ts'
import type { Maker } from './making-keys.ts'
import { newToken, sha256 } from './tokens.ts'

/** A server acts for whoever registers it; a public program may be let in by people who may do other things. */
function assertScopes(actor: Actor, kind: OauthClientKind, scopes: readonly Permission[]): void {
  const own = scopesFor(actor.permissions)
  const beyond = scopes.find((one) =>
    kind === 'server' ? !own.includes(one) : NO_SCOPES.includes(one),
  )
  if (!beyond) return
  const message =
    kind === 'server'
      ? `A server of yours cannot have ${beyond}.`
      : `No program can have ${beyond}.`
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'scopes', message }] })
}

export type WithSecret = { client: OauthClient; secret: string | null }

/**
 * Answers the secret itself, which nobody can be told again. Throws INVALID_INPUT for what it cannot have, SIGN_IN_REQUIRED where the
 * session has ended meanwhile.
 */
export async function registerProgram(
  deps: ApiDeps,
  { actor, tokenHash }: Maker,
  wish: z.infer<typeof oauthClientRequest>,
): Promise<WithSecret> {
  assertScopes(actor, wish.kind, wish.scopes)
  const secret = wish.kind === 'server' ? newToken() : null
  const client = await inTransaction(deps.db, async (tx) => {
    await assertStillIn(tx, { userId: actor.userId, tokenHash })
    return createOauthClient(tx, {
      name: wish.name,
      kind: wish.kind,
      redirectUris: wish.kind === 'public' ? wish.redirect_uris : [],
      scopes: wish.scopes,
      ownerId: actor.userId,
      secretHash: secret === null ? null : sha256(secret),
    })
  })
  return { client, secret }
}

/** Throws NOT_FOUND for what is not theirs, or no server; SIGN_IN_REQUIRED where the session has ended meanwhile. */
export async function giveNewSecret(
  deps: ApiDeps,
  { actor: { userId }, tokenHash }: Maker,
  id: string,
): Promise<WithSecret> {
  const secret = newToken()
  const client = await inTransaction(deps.db, async (tx) => {
    await assertStillIn(tx, { userId, tokenHash })
    return renewSecret(tx, { id, ownerId: userId, secretHash: sha256(secret) })
  })
  if (!client) throw new BusinessError('NOT_FOUND', 'You have registered no such server.')
  return { client, secret }
}
