/**
 * One OAuth token for the whole process. Daraja may end an old token when a new one is issued, so nobody fetches
 * one for themselves: whoever needs a new token joins the fetch that is under way.
 */
import { tokenAnswer } from '../../domain/schemas/daraja-calls.ts'
import { exchange, notSent, type Exchange } from './exchange.ts'

export type TokenAnswer = { kind: 'token'; token: string } | Extract<Exchange, { kind: 'not-sent' }>
/** Of a token that somebody else had fetched meanwhile, nobody knows whether it still holds. */
export type Replacement = TokenAnswer & { isNew: boolean }

export type Tokens = {
  get(): Promise<TokenAnswer>
  /** Another one than this, which Daraja just called invalid. */
  replace(invalid: string): Promise<Replacement>
}

type Options = {
  baseUrl: string
  consumerKey: string
  consumerSecret: string
  timeoutMs: number
  now: () => Date
  fetch: typeof fetch
}

const REFRESH_EARLY_MS = 2 * 60_000
const SECOND_MS = 1_000
/** Tokens live an hour; a longer claim is not believed. */
const LONGEST_LIFE_MS = 24 * 60 * 60_000
const OAUTH_PATH = '/oauth/v1/generate?grant_type=client_credentials'

type Held = { token: string; refreshAt: number; expiresAt: number }

export function createTokens(options: Options): Tokens {
  let held: Held | null = null
  let underWay: Promise<TokenAnswer> | null = null

  const refresh = async (): Promise<TokenAnswer> => {
    const startedAt = options.now().getTime()
    const answer = await fetchToken(options)
    if (answer.kind !== 'fetched') return answer
    const lifeMs = Math.min(answer.lifeMs, LONGEST_LIFE_MS)
    const early = Math.min(REFRESH_EARLY_MS, lifeMs / 2)
    held = {
      token: answer.token,
      refreshAt: startedAt + lifeMs - early,
      expiresAt: startedAt + lifeMs,
    }
    return { kind: 'token', token: answer.token }
  }
  const join = (): Promise<TokenAnswer> => {
    underWay ??= refresh().finally(() => {
      underWay = null
    })
    return underWay
  }

  return {
    async get() {
      const now = options.now().getTime()
      if (held && now < held.refreshAt) return { kind: 'token', token: held.token }
      const spare = held && now < held.expiresAt ? held.token : null
      const fresh = await join()
      // An early refresh that failed is no reason to stop: the old token still holds.
      return fresh.kind !== 'token' && spare ? { kind: 'token', token: spare } : fresh
    },
    async replace(invalid) {
      if (held && held.token !== invalid) return { kind: 'token', token: held.token, isNew: false }
      held = null
      return { ...(await join()), isNew: true }
    },
  }
}

type Fetched = { kind: 'fetched'; token: string; lifeMs: number }

/** Whatever goes wrong here, the request that needed the token was not sent. */
async function fetchToken(
  options: Options,
): Promise<Fetched | Exclude<TokenAnswer, { token: string }>> {
  const { baseUrl, consumerKey, consumerSecret, timeoutMs } = options
  const answer = await exchange(options.fetch, {
    method: 'GET',
    url: `${baseUrl}${OAUTH_PATH}`,
    authorization: `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`,
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (answer.kind === 'not-sent') return answer
  if (answer.kind === 'lost') return refused('M-Pesa gave us no token', 'unreachable')
  const read = tokenAnswer.safeParse(answer.json)
  if (answer.status === 200 && read.success) {
    const { access_token: token, expires_in: seconds } = read.data
    return { kind: 'fetched', token, lifeMs: seconds * SECOND_MS }
  }
  // A wrong key is answered with 400 and an empty body or 400.008.01, by some versions with 401.
  const wrongKey = answer.status === 400 || answer.status === 401
  return wrongKey
    ? refused('M-Pesa refused our consumer key', 'configuration')
    : refused('M-Pesa gave us no token', 'unreachable')
}

const refused = (why: string, fault: 'unreachable' | 'configuration') =>
  notSent(why, fault) as Exclude<TokenAnswer, { token: string }>
