/** The ways out to Daraja, one for each call, so that trouble with one leaves the others alone. */
import type { Log } from '../log.ts'
import { createCaller } from './calls.ts'
import { notSent, type Exchange } from './exchange.ts'
import { createTokens } from './tokens.ts'
import { judge, type Verdict } from './verdicts.ts'

/** An app is subscribed to one version of C2B; the other answers that it knows no such product. */
export type C2bVersion = 'v1' | 'v2'

const paths = (c2b: C2bVersion) => ({
  push: '/mpesa/stkpush/v1/processrequest',
  query: '/mpesa/stkpushquery/v1/query',
  reversal: '/mpesa/reversal/v1/request',
  payout: '/mpesa/b2c/v3/paymentrequest',
  status: '/mpesa/transactionstatus/v1/query',
  balance: '/mpesa/accountbalance/v1/query',
  registerUrls: `/mpesa/c2b/${c2b}/registerurl`,
  registerPull: '/pulltransactions/v1/register',
  pull: '/pulltransactions/v1/query',
})
type CallName = keyof ReturnType<typeof paths>

/** A page of Pull has no documented end; the other answers have a few hundred bytes. */
const LONGEST_PAGE_BYTES = 4 * 1024 * 1024
const TOKEN_TIMEOUT_MS = 10_000

export type Wire = {
  /** Null is a request that Daraja would refuse for sure, so it is not sent. */
  send(call: CallName, request: object | null): Promise<Exchange>
  /** What an answer that accepts nothing proves; the log hears it too. */
  judge(call: CallName, answer: Exchange): Verdict
}

export type WireOptions = {
  baseUrl: string
  consumerKey: string
  consumerSecret: string
  /** For one call with its token, its possible repeat and its wait in our queue. */
  timeoutMs: number
  now: () => Date
  fetch: typeof fetch
  c2bVersion?: C2bVersion | undefined
  log?: Pick<Log, 'warn'> | undefined
}

const unfit = notSent('our request does not fit Daraja’s rules', 'configuration')

export function createWire(options: WireOptions): Wire {
  const { baseUrl, fetch: send, timeoutMs, log } = options
  const tokens = createTokens({ ...options, timeoutMs: Math.min(TOKEN_TIMEOUT_MS, timeoutMs) })
  const callers = Object.fromEntries(
    Object.entries(paths(options.c2bVersion ?? 'v2')).map(([call, path]) => {
      const longestAnswer = call === 'pull' ? LONGEST_PAGE_BYTES : undefined
      const caller = { send, tokens, url: `${baseUrl}${path}`, timeoutMs, longestAnswer }
      return [call, createCaller(caller)]
    }),
  ) as Record<CallName, ReturnType<typeof createCaller>>
  return {
    send: (call, request) => (request ? callers[call](request) : Promise.resolve(unfit)),
    judge(call, answer) {
      const verdict = judge(answer)
      if (verdict.kind !== 'unclear') log?.warn({ call, answer: verdict.detail }, 'Daraja refused')
      else log?.warn({ call, answer: verdict.why }, 'Daraja’s answer is unclear')
      return verdict
    },
  }
}
