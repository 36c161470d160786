/**
 * Safaricom's Daraja. A push and a reversal are sent once; the only repeat is after "invalid token", which Daraja
 * answers before it looks at the request. What cannot be told for sure is answered as unknown, never as refused.
 */
import type { PushAnswer, PushState, ReversalAnswer } from '../domain/payments.ts'
import { readPush, readQuery, readReversal, refusePush, refuseReversal } from './daraja/answers.ts'
import { createCaller } from './daraja/calls.ts'
import { exchange, notSent } from './daraja/exchange.ts'
import {
  buildPush,
  buildQuery,
  buildReversal,
  type Merchant,
  type Push,
  type Reversal,
} from './daraja/requests.ts'
import { createTokens } from './daraja/tokens.ts'
import { judge, type Verdict } from './daraja/verdicts.ts'
import type { Log } from './log.ts'

export type Daraja = {
  /** Asks the phone. Accepted means that it will be asked, not that anybody paid. */
  requestStkPush(push: Push): Promise<PushAnswer>
  /** Tells the outcome of a push, but never a receipt, an amount or a phone. */
  queryStkPush(checkoutRequestId: string): Promise<PushState>
  /** Sends a customer's payment back, in full. Accepted means that a result will be reported. */
  requestReversal(reversal: Reversal): Promise<ReversalAnswer>
  /** Whether Safaricom can be reached; spends no token and moves nothing. */
  ping(): Promise<boolean>
}

export type DarajaOptions = Merchant & {
  baseUrl: string
  consumerKey: string
  consumerSecret: string
  /** For one call with its token, its possible repeat and its wait in our queue. */
  timeoutMs?: number
  now?: () => Date
  fetch?: typeof fetch
  log?: Pick<Log, 'warn'>
}

const PATHS = {
  push: '/mpesa/stkpush/v1/processrequest',
  query: '/mpesa/stkpushquery/v1/query',
  reversal: '/mpesa/reversal/v1/request',
}
/** Below the 40 s that the workflow gives a push, with room for a last token. */
const TIMEOUT_MS = 25_000
const TOKEN_TIMEOUT_MS = 10_000
const PING_TIMEOUT_MS = 2_000

/** Daraja would refuse it for sure, so it is not sent. */
const unfit = notSent('our request does not fit Daraja’s rules', 'configuration')

export function createDaraja(options: DarajaOptions): Daraja {
  const { now = () => new Date(), fetch: send = fetch, timeoutMs = TIMEOUT_MS, log } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const tokens = createTokens({
    ...options,
    baseUrl,
    now,
    fetch: send,
    timeoutMs: Math.min(TOKEN_TIMEOUT_MS, timeoutMs),
  })
  const caller = (path: string) =>
    createCaller({ send, tokens, url: `${baseUrl}${path}`, timeoutMs })
  const post = {
    push: caller(PATHS.push),
    query: caller(PATHS.query),
    reversal: caller(PATHS.reversal),
  }
  const heard = (call: keyof typeof PATHS, verdict: Verdict): Verdict => {
    if (verdict.kind !== 'unclear') log?.warn({ call, answer: verdict.detail }, 'Daraja refused')
    else log?.warn({ call, answer: verdict.why }, 'Daraja’s answer is unclear')
    return verdict
  }

  return {
    async requestStkPush(push) {
      const request = buildPush(options, push, now())
      const answer = request ? await post.push(request) : unfit
      return readPush(answer) ?? refusePush(heard('push', judge(answer)))
    },
    async queryStkPush(checkoutRequestId) {
      const request = buildQuery(options, checkoutRequestId, now())
      return readQuery(request ? await post.query(request) : unfit, checkoutRequestId)
    },
    async requestReversal(reversal) {
      const request = buildReversal(options, reversal)
      const answer = request ? await post.reversal(request) : unfit
      return readReversal(answer) ?? refuseReversal(heard('reversal', judge(answer)))
    },
    async ping() {
      const signal = AbortSignal.timeout(Math.min(PING_TIMEOUT_MS, timeoutMs))
      const answer = await exchange(send, { method: 'GET', url: `${baseUrl}/`, signal })
      return answer.kind === 'answer' && answer.status < 500 && answer.status !== 403
    },
  }
}
