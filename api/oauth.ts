/** OAuth behind our doors: its endpoints as they are, and its errors on a page of ours where a person sees them. */
import { Hono } from 'hono'
import type { Provider } from 'oidc-provider'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps, Env } from './deps.ts'
import { askNode, type NodeHandler } from './node-bridge.ts'
import { OAUTH_PATH } from './oauth-provider.ts'

/** What a person at a browser is told; the program that sent them reads its own answer. */
const refusal = (status: number): BusinessError =>
  status >= 500
    ? new BusinessError('UNEXPECTED', 'We have noted it. Please try again.')
    : new BusinessError(
        'INVALID_INPUT',
        'The program that sent you here has asked in a way that gari does not answer. Go back to it and begin again.',
      )

export function createOauth(deps: ApiDeps, provider: Provider): Hono<Env> {
  const oauth = new Hono<Env>()
  const handler = provider.callback() as NodeHandler
  const where = { publicUrl: deps.publicUrl, mountedAt: OAUTH_PATH }
  oauth.all(`${OAUTH_PATH}/*`, async (c) => {
    const answer = await askNode(handler, c.req.raw, where)
    const isPage = /\btext\/html\b/.test(c.req.header('accept') ?? '')
    if (answer.status >= 400 && isPage) throw refusal(answer.status)
    return answer
  })
  // RFC 8414: the issuer's path comes last.
  oauth.get(`/.well-known/oauth-authorization-server${OAUTH_PATH}`, async (c) => {
    const address = `${deps.publicUrl}${OAUTH_PATH}/.well-known/openid-configuration`
    return askNode(handler, new Request(address, { headers: c.req.raw.headers }), where)
  })
  return oauth
}
