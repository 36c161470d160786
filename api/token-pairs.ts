/** What a sign-in over REST gives: an access token for minutes, and a refresh token that is good once for the next two. */
import type { Context } from 'hono'
import { inTransaction } from '../db/connection.ts'
import { addRefreshToken, useRefreshToken } from '../db/refresh-tokens.ts'
import { createSession } from '../db/sessions.ts'
import { ACCESS_TOKEN_MS, SESSION } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps } from './deps.ts'
import { markOf, wrongCredentials, type Opening } from './sessions.ts'
import { codeNeeded } from './sign-in-codes.ts'
import { newToken, sha256 } from './tokens.ts'

export type TokenPair = {
  access_token: string
  token_type: 'Bearer'
  expires_in: number
  refresh_token: string
}

type Whose = { userId: string; sessionId: string }

/** `sessionId` and the refresh token are known to their holder only; what we keep are their hashes. */
async function pairOf(deps: ApiDeps, whose: Whose, refreshToken: string): Promise<TokenPair> {
  return {
    access_token: await deps.accessTokens.sign(whose, deps.now()),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_MS / 1000,
    refresh_token: refreshToken,
  }
}

/** The session's id stands in front, so that the next access token can name it. */
const newRefreshToken = (sessionId: string): string => `${sessionId}.${newToken()}`
const REFRESH_TOKEN = /^([\w-]{43})\.[\w-]{43}$/

/** However often it is refreshed, it ends two weeks after the sign-in, and sooner when nobody uses it. */
export async function openTokens(c: Context, deps: ApiDeps, who: Opening): Promise<TokenPair> {
  const sessionId = newToken()
  const refreshToken = newRefreshToken(sessionId)
  const tokenHash = sha256(sessionId)
  const session = {
    ...who,
    kind: 'bearer' as const,
    tokenHash,
    csrf: '',
    expiresAt: new Date(deps.now().getTime() + SESSION.absoluteMs),
    ...markOf(c, deps),
  }
  await inTransaction(deps.db, async (tx) => {
    const opened = await createSession(tx, session)
    if (opened === 'factor_needed') throw codeNeeded()
    if (opened === 'refused') throw wrongCredentials()
    await addRefreshToken(tx, { tokenHash: sha256(refreshToken), sessionHash: tokenHash })
  })
  return pairOf(deps, { userId: who.userId, sessionId }, refreshToken)
}

/** Throws SIGN_IN_REQUIRED, in the same words for one that is unknown, over, or was used before. */
export async function refresh(deps: ApiDeps, refreshToken: string): Promise<TokenPair> {
  const sessionId = REFRESH_TOKEN.exec(refreshToken)?.[1] ?? ''
  const next = newRefreshToken(sessionId)
  // What ends the session of a token that was used twice must be kept, so nothing is thrown in here.
  const used = await inTransaction(deps.db, async (tx) => {
    const found = await useRefreshToken(tx, sha256(refreshToken))
    if (found)
      await addRefreshToken(tx, { tokenHash: sha256(next), sessionHash: found.sessionHash })
    return found
  })
  if (!used) throw new BusinessError('SIGN_IN_REQUIRED', 'This sign-in is over. Sign in again.')
  return pairOf(deps, { userId: used.userId, sessionId }, next)
}
