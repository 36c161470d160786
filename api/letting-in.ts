/** What a program asks of somebody, and what they answer. */
import type { Provider } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { appendAudit } from '../db/audit.ts'
import { inTransaction } from '../db/connection.ts'
import { findOauthClient } from '../db/oauth-clients.ts'
import { assertStillIn } from '../db/sessions.ts'
import type { Actor } from '../domain/accounts.ts'
import { scopesFor } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import type { OauthClient } from '../domain/oauth.ts'
import type { Permission } from '../domain/permissions.ts'
import type { ApiDeps } from './deps.ts'
import { emptyNodeResponse, toNodeRequest } from './node-bridge.ts'
import { apiResource } from './oauth-provider.ts'

const over = () =>
  new BusinessError(
    'LINK_OVER',
    'This took too long, or was decided already. Go back to the program and begin again.',
  )

export type Asking = {
  client: OauthClient
  /** What it asks for and they may do, and what they may not. */
  scopes: Permission[]
  refused: Permission[]
  answersTo: string
}

/** As a person can compare it: a scheme of a program’s own has no host. */
const placeOf = (uri: string): string => new URL(uri).host || new URL(uri).protocol

const nodePair = (deps: ApiDeps, request: Request) => {
  const where = { publicUrl: deps.publicUrl, mountedAt: '' }
  // Only who asks is read from it: its cookies.
  const asking = toNodeRequest(request, new Uint8Array(), where)
  return [asking, emptyNodeResponse(asking)] as const
}

/** Throws LINK_OVER for what this browser was not sent here with. */
export async function readAsking(
  deps: ApiDeps,
  provider: Provider,
  { request, uid, actor }: { request: Request; uid: string; actor: Actor },
): Promise<Asking> {
  const [asking, answer] = nodePair(deps, request)
  const found = await provider.interactionDetails(asking, answer).catch((error: unknown) => {
    throw error instanceof errors.SessionNotFound ? over() : error
  })
  const param = (name: string) => {
    const value = found.params[name]
    return typeof value === 'string' ? value : ''
  }
  const client = await findOauthClient(deps.db, param('client_id'))
  if (found.uid !== uid || !client) throw over()
  const wished = param('scope').split(' ')
  const asked = client.scopes.filter((one) => wished.includes(one))
  const own = scopesFor(actor.permissions)
  return {
    client,
    scopes: asked.filter((one) => own.includes(one)),
    refused: asked.filter((one) => !own.includes(one)),
    answersTo: placeOf(param('redirect_uri')),
  }
}

type Decision = {
  request: Request
  uid: string
  actor: Actor
  /** Of the session in which they decide: what they allow lasts longer than that. */
  tokenHash: Buffer
  allow: boolean
}

/**
 * Answers where the browser goes on; from there the program gets its answer. Throws SIGN_IN_REQUIRED where the session has ended
 * meanwhile.
 */
export async function decide(
  deps: ApiDeps,
  provider: Provider,
  { request, uid, actor, tokenHash, allow }: Decision,
): Promise<string> {
  const { client, scopes, refused } = await readAsking(deps, provider, { request, uid, actor })
  const [asking, answer] = nodePair(deps, request)
  const isLetIn = allow && scopes.length > 0
  if (!isLetIn) {
    const result = { error: 'access_denied', error_description: 'they did not allow it' }
    return provider.interactionResult(asking, answer, result, { mergeWithLastSubmission: false })
  }
  const grant = new provider.Grant({ accountId: actor.userId, clientId: client.id })
  grant.addOIDCScope('offline_access')
  grant.addResourceScope(apiResource(deps), scopes.join(' '))
  if (refused.length > 0) grant.rejectResourceScope(apiResource(deps), refused.join(' '))
  const grantId = await grant.save()
  try {
    await inTransaction(deps.db, async (tx) => {
      await assertStillIn(tx, { userId: actor.userId, tokenHash })
      await appendAudit(tx, {
        actor: actor.userId,
        action: 'oauth_client.let_in',
        entity: 'oauth_client',
        entityId: client.id,
        after: { scopes },
      })
    })
  } catch (error) {
    // Nobody has a code for it yet, and nobody gets one.
    await grant.destroy()
    throw error
  }
  const result = { login: { accountId: actor.userId, remember: false }, consent: { grantId } }
  return provider.interactionResult(asking, answer, result, { mergeWithLastSubmission: false })
}
