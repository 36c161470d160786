/** How a call with a token goes out: limited in time and number, stopped while Daraja is in trouble. */
import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import { exchange, notSent, type Exchange } from './exchange.ts'
import type { Tokens } from './tokens.ts'
import { isTrouble, judge } from './verdicts.ts'

/** For each kind of call, so that a rush of questions never holds a push back. */
const CALLS_AT_ONCE = 24
const CALLS_WAITING = 500
const FAILURES_BEFORE_BREAK = 5
const BREAK_MS = 10_000

type Caller = {
  send: typeof fetch
  tokens: Tokens
  url: string
  timeoutMs: number
  longestAnswer?: number | undefined
}

/** One kind of call; it never rejects. */
export function createCaller(caller: Caller): (body: unknown) => Promise<Exchange> {
  const guarded = protect(caller.timeoutMs)
  return (body) => guarded((signal) => postWithToken(caller, body, signal))
}

type Protected = (work: (signal: AbortSignal) => Promise<Exchange>) => Promise<Exchange>

/** The time-out is outermost: waiting for a place counts, and who has waited too long is not sent at all. */
function protect(timeoutMs: number): Protected {
  const policy = wrap(
    timeout(timeoutMs, TimeoutStrategy.Cooperative),
    bulkhead(CALLS_AT_ONCE, CALLS_WAITING),
    circuitBreaker(
      handleWhenResult((answer) => isTrouble(answer as Exchange)),
      { halfOpenAfter: BREAK_MS, breaker: new ConsecutiveBreaker(FAILURES_BEFORE_BREAK) },
    ),
  )
  return async (work) => {
    try {
      return await policy.execute(({ signal }) => work(signal))
    } catch (error) {
      // All three are thrown in place of starting the work.
      if (error instanceof BrokenCircuitError) return notSent('M-Pesa failed us several times')
      if (error instanceof BulkheadRejectedError) return notSent('too many requests are waiting')
      if (error instanceof TaskCancelledError) return notSent('there was no time left to ask')
      throw error
    }
  }
}

/**
 * The one repeat there is: after "invalid token", which Daraja says before it looks at the request. It counts when the token
 * was fetched for it; one that others had fetched meanwhile may have ended like ours.
 */
async function postWithToken(
  { send, tokens, url, longestAnswer }: Caller,
  body: unknown,
  signal: AbortSignal,
): Promise<Exchange> {
  const post = (token: string) =>
    exchange(send, {
      method: 'POST',
      url,
      authorization: `Bearer ${token}`,
      body,
      longestAnswer,
      signal,
    })
  const held = await tokens.get()
  if (held.kind !== 'token') return held
  const answer = await post(held.token)
  if (judge(answer).kind !== 'invalid-token') return answer
  const fresh = await tokens.replace(held.token)
  if (fresh.kind !== 'token') return fresh
  const second = await post(fresh.token)
  if (fresh.isNew || judge(second).kind !== 'invalid-token') return second
  const fetched = await tokens.replace(fresh.token)
  return fetched.kind === 'token' ? post(fetched.token) : fetched
}
