import { pause, type Clock } from './clock.ts'

/** Counts and outcomes only: callback URLs carry secrets and bodies carry phones. */
export type Log = (message: string, facts?: Record<string, unknown>) => void

export type Delivery = {
  /** Posts once, or again on failure when retries are asked for; resolves to how it went. */
  post: (url: string, body: unknown, retries?: number) => Promise<string>
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>

const POST_TIMEOUT_MS = 10_000
const RETRY_DELAY_MS = 5_000

/** Safaricom follows no redirect, signs nothing, and does not try again. */
export const createDelivery = (clock: Clock, fetchUrl: Fetch, log: Log): Delivery => {
  const attempt = async (url: string, body: unknown): Promise<string> => {
    try {
      const response = await fetchUrl(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(POST_TIMEOUT_MS),
      })
      await response.arrayBuffer()
      return String(response.status)
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable'
    }
  }
  return {
    post: async (url, body, retries = 0) => {
      let outcome = await attempt(url, body)
      for (let left = retries; left > 0 && !outcome.startsWith('2'); left -= 1) {
        await pause(clock, RETRY_DELAY_MS)
        outcome = await attempt(url, body)
      }
      log('callback delivered', { outcome })
      return outcome
    },
  }
}
