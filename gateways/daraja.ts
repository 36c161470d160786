/**
 * Safaricom's Daraja. Every call is sent once; the only repeat is after "invalid token", which Daraja answers before
 * it looks at the request. What cannot be told for sure is answered as unknown, never as refused.
 */
import type { PullClock } from '../domain/schemas/daraja-pull.ts'
import { exchange } from './daraja/exchange.ts'
import { createInitiatorCalls, type InitiatorCalls } from './daraja/initiator.ts'
import { createPaybillCalls, type PaybillCalls } from './daraja/paybill.ts'
import { createPushes, type Pushes } from './daraja/pushes.ts'
import type { Merchant } from './daraja/requests.ts'
import { createWire, type C2bVersion } from './daraja/wire.ts'
import type { Log } from './log.ts'

export type Daraja = Pushes &
  InitiatorCalls &
  PaybillCalls & {
    /** Whether Safaricom can be reached; spends no token and moves nothing. */
    ping(): Promise<boolean>
  }

export type DarajaOptions = Merchant & {
  baseUrl: string
  consumerKey: string
  consumerSecret: string
  /** Of the app's C2B product; v2 unless told. */
  c2bVersion?: C2bVersion
  /** Which clock Pull's times tell; Nairobi's unless told. */
  pullClock?: PullClock
  /** For one call with its token, its possible repeat and its wait in our queue. */
  timeoutMs?: number
  now?: () => Date
  fetch?: typeof fetch
  log?: Pick<Log, 'warn'>
}

/** Below the 40 s that the workflow gives a push, with room for a last token. */
const TIMEOUT_MS = 25_000
const PING_TIMEOUT_MS = 2_000

export function createDaraja(options: DarajaOptions): Daraja {
  const { now = () => new Date(), fetch: send = fetch, timeoutMs = TIMEOUT_MS } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const wire = createWire({ ...options, baseUrl, now, fetch: send, timeoutMs })
  return {
    ...createPushes(wire, options, now),
    ...createInitiatorCalls(wire, options),
    ...createPaybillCalls(wire, options, options.pullClock ?? 'nairobi'),
    async ping() {
      const signal = AbortSignal.timeout(Math.min(PING_TIMEOUT_MS, timeoutMs))
      const answer = await exchange(send, { method: 'GET', url: `${baseUrl}/`, signal })
      return answer.kind === 'answer' && answer.status < 500 && answer.status !== 403
    },
  }
}
