/**
 * OAuth 2.1 for programs of others, by oidc-provider: authorization code with PKCE for programs on somebody's device, client
 * credentials for servers, and nothing else. Tokens are opaque and looked up with every request (db/oauth-records.ts).
 */
import { timingSafeEqual } from 'node:crypto'
import { errors, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { findActor } from '../db/accounts.ts'
import { findOauthClient } from '../db/oauth-clients.ts'
import { OAUTH_LIMITS } from '../domain/oauth.ts'
import type { ApiDeps } from './deps.ts'
import { createOauthAdapter } from './oauth-adapter.ts'
import { sha256 } from './tokens.ts'

export const OAUTH_PATH = '/oauth'
/** Where somebody decides; behind it stands the id of what is to be decided. */
export const CONSENT_PATH = '/let-in'

export const apiResource = ({ publicUrl }: Pick<ApiDeps, 'publicUrl'>): string =>
  `${publicUrl}/api/v1`

async function resourceServer(deps: ApiDeps, resource: string, clientId: string) {
  if (resource !== apiResource(deps)) throw new errors.InvalidTarget()
  const client = await findOauthClient(deps.db, clientId)
  return {
    audience: resource,
    scope: client?.scopes.join(' ') ?? '',
    accessTokenFormat: 'opaque' as const,
    accessTokenTTL: OAUTH_LIMITS.accessSeconds,
  }
}

const cookies = (deps: ApiDeps): NonNullable<Configuration['cookies']> => {
  const options = {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: deps.publicUrl.startsWith('https:'),
    signed: true,
  }
  return {
    names: { session: 'oauth_session', interaction: 'oauth_interaction', resume: 'oauth_resume' },
    keys: [deps.keyedHash('OAuth cookies').toString('base64url')],
    long: options,
    short: options,
  }
}

const features = (deps: ApiDeps): NonNullable<Configuration['features']> => ({
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  revocation: { enabled: true },
  rpInitiatedLogout: { enabled: false },
  userinfo: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  dPoP: { enabled: false },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => apiResource(deps),
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, resource, client) =>
      resourceServer(deps, resource, client.clientId),
  },
})

const { accessSeconds, codeSeconds, decidingSeconds, refreshSeconds } = OAUTH_LIMITS

const configuration = (deps: ApiDeps): Configuration => ({
  adapter: createOauthAdapter(deps),
  jwks: { keys: [deps.accessTokens.signingKey] },
  cookies: cookies(deps),
  features: features(deps),
  routes: { authorization: '/authorize', token: '/token', revocation: '/revoke', jwks: '/jwks' },
  responseTypes: ['code'],
  scopes: ['offline_access'],
  claims: {},
  clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  pkce: { required: () => true },
  allowOmittingSingleRegisteredRedirectUri: false,
  // Where its answer goes is checked to the letter, and tokens are never put into addresses.
  acceptQueryParamAccessTokens: false,
  rotateRefreshToken: true,
  issueRefreshToken: (_ctx, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
  // Sessions are ours: what was let in ends by its own time, or when its owner ends it.
  expiresWithSession: () => Promise.resolve(false),
  // Nobody is let in by what somebody has allowed before: each time is decided on our page.
  loadExistingGrant: async (ctx) => {
    const grantId = ctx.oidc.result?.consent?.grantId
    return grantId ? ctx.oidc.provider.Grant.find(grantId) : undefined
  },
  findAccount: async (_ctx, id) => {
    const found = await findActor(deps.db, id)
    return found ? { accountId: id, claims: () => Promise.resolve({ sub: id }) } : undefined
  },
  interactions: { url: (_ctx, { uid }) => `${deps.publicUrl}${CONSENT_PATH}/${uid}` },
  // Pages say errors in our own words; whoever mounts this reads them here.
  renderError: (ctx: KoaContextWithOIDC, out) => {
    ctx.type = 'application/json'
    ctx.body = JSON.stringify(out)
  },
  ttl: {
    AccessToken: accessSeconds,
    ClientCredentials: accessSeconds,
    AuthorizationCode: codeSeconds,
    IdToken: accessSeconds,
    Interaction: decidingSeconds,
    Session: decidingSeconds,
    Grant: refreshSeconds,
    // However often it is refreshed, it ends when the first one would have.
    RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? refreshSeconds,
  },
})

/** What we keep is a hash, so the hashes are compared. */
function compareSecret(this: { clientSecret?: string }, given: string): boolean {
  const known = Buffer.from(this.clientSecret ?? '', 'hex')
  const shown = sha256(given)
  return known.length === shown.length && timingSafeEqual(known, shown)
}

export function createOauthProvider(deps: ApiDeps): Provider {
  const provider = new Provider(`${deps.publicUrl}${OAUTH_PATH}`, configuration(deps))
  // Protocol and host come from our settings, by the bridge.
  provider.proxy = true
  Object.assign(provider.Client.prototype, { compareClientSecret: compareSecret })
  provider.on('server_error', (_ctx, error) =>
    deps.log.error({ error: String(error.stack) }, 'OAuth failed'),
  )
  provider.on('grant.error', (ctx, error) => {
    const detail = 'error_detail' in error ? String(error.error_detail) : ''
    if (!/already (?:used|consumed)|used already/.test(detail)) return
    const clientId = ctx.oidc.client?.clientId
    deps.log.warn({ clientId }, 'a code or refresh token came twice; its consent is over')
  })
  return provider
}
