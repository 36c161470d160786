import { pause, type Clock } from '../clock.ts'
import { SOURCES } from './sources.ts'

/** Counts and outcomes only: callback URLs carry secrets and bodies carry phones. */
export type Log = (message: string, facts?: Record<string, unknown>) => void

export type Answer = { status: number; json: unknown }

export type Delivery = {
  /** Posts once, or again on failure when retries are asked for; resolves to how it went. */
  post: (url: string, body: unknown, retries?: number) => Promise<string>
  /** Posts once and reads what comes back; null when nothing did in time. */
  ask: (url: string, body: unknown, timeoutMs: number) => Promise<Answer | null>
}

type Parts = {
  clock: Clock
  fetch: (url: string, init: RequestInit) => Promise<Response>
  log: Log
  settings: { nameSource: boolean }
}

const POST_TIMEOUT_MS = 10_000
const RETRY_DELAY_MS = 5_000

/** Safaricom follows no redirect, signs nothing, and does not try again. */
export const createDelivery = (parts: Parts): Delivery => {
  const nextSource = turns(SOURCES)
  const attempt = async (url: string, body: unknown, timeoutMs: number) => {
    const headers = new Headers({ 'Content-Type': 'application/json' })
    if (parts.settings.nameSource) headers.set('X-Forwarded-For', nextSource())
    return exchange(parts, url, { body, timeoutMs, headers })
  }
  return {
    post: async (url, body, retries = 0) => {
      let outcome = outcomeOf(await attempt(url, body, POST_TIMEOUT_MS))
      for (let left = retries; left > 0 && !outcome.startsWith('2'); left -= 1) {
        await pause(parts.clock, RETRY_DELAY_MS)
        outcome = outcomeOf(await attempt(url, body, POST_TIMEOUT_MS))
      }
      parts.log('notice delivered', { outcome })
      return outcome
    },
    ask: async (url, body, timeoutMs) => {
      const answer = await attempt(url, body, timeoutMs)
      return typeof answer === 'string' ? null : answer
    },
  }
}

type Sent = { body: unknown; timeoutMs: number; headers: Headers }
type Failure = 'timeout' | 'unreachable'

const exchange = async (
  { clock, fetch: send }: Parts,
  url: string,
  { body, timeoutMs, headers }: Sent,
): Promise<Answer | Failure> => {
  const limit = new AbortController()
  let outcome: Failure = 'unreachable'
  const cancelTimer = clock.after(timeoutMs, () => {
    outcome = 'timeout'
    limit.abort()
  })
  try {
    const response = await send(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: limit.signal,
    })
    return { status: response.status, json: parse(await response.text()) }
  } catch {
    return outcome
  } finally {
    cancelTimer()
  }
}

const outcomeOf = (answer: Answer | Failure): string =>
  typeof answer === 'string' ? answer : String(answer.status)

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const turns = <T>(list: readonly [T, ...T[]]) => {
  let turn = -1
  return (): T => {
    turn = (turn + 1) % list.length
    return list[turn] ?? list[0]
  }
}
