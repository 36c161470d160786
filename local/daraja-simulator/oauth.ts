import type { Context } from 'hono'
import { auth } from 'hono/utils/basic-auth'
import type { Clock } from './clock.ts'
import { invalidAuthentication, invalidGrant, refuse } from './errors.ts'
import { newAccessToken } from './ids.ts'
import type { Merchant, Settings } from './settings.ts'

/** Access tokens live in memory only: after a restart every old one is invalid, as clients must expect. */
export type Tokens = {
  issue: () => string
  isValid: (token: string) => boolean
  revoke: (token?: string) => void
}

const TOKEN_LIMIT = 1_000

export const createTokens = (clock: Clock, settings: Settings): Tokens => {
  const expiries = new Map<string, number>()
  return {
    issue: () => {
      if (settings.newTokenKillsOld) expiries.clear()
      const [oldest] = expiries.keys()
      if (oldest !== undefined && expiries.size >= TOKEN_LIMIT) expiries.delete(oldest)
      const token = newAccessToken()
      expiries.set(token, clock.now().getTime() + settings.tokenLifetimeMs)
      return token
    },
    isValid: (token) => (expiries.get(token) ?? 0) > clock.now().getTime(),
    revoke: (token) => (token === undefined ? expiries.clear() : void expiries.delete(token)),
  }
}

type Parts = { merchant: Merchant; settings: Settings; tokens: Tokens }

/** `GET /oauth/v1/generate?grant_type=client_credentials` with Basic authentication. */
export const answerOauth =
  ({ merchant, settings, tokens }: Parts) =>
  (c: Context): Response => {
    const given = auth(c.req.raw)
    if (!given) return refuse(c, invalidAuthentication)
    if (c.req.query('grant_type') !== 'client_credentials') return refuse(c, invalidGrant)
    if (given.username !== merchant.consumerKey || given.password !== merchant.consumerSecret)
      return settings.wrongKeyAnswer === 'json' ? refuse(c, invalidAuthentication) : c.text('', 400)
    // The lifetime is a string on the wire, and one second short of what it is.
    const expiresIn = String(Math.max(0, Math.floor(settings.tokenLifetimeMs / 1000) - 1))
    return c.json({ access_token: tokens.issue(), expires_in: expiresIn })
  }
