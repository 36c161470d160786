/** Addresses that other programs know without asking (RFC 8615): the public halves of the keys that sign our tokens. */
import { Hono } from 'hono'
import type { ApiDeps, Env } from './deps.ts'

export const JWKS_PATH = '/.well-known/jwks.json'

export function createWellKnown(deps: ApiDeps): Hono<Env> {
  const wellKnown = new Hono<Env>()
  wellKnown.get(JWKS_PATH, (c) => {
    c.header('Cache-Control', 'public, max-age=300')
    c.header('Content-Type', 'application/jwk-set+json')
    return c.body(JSON.stringify({ keys: deps.accessTokens.keys }))
  })
  return wellKnown
}
