/** A steady stream of requests at a rate, by autocannon. */
import { setTimeout as rest } from 'node:timers/promises'
import autocannon, { type Options, type Result } from 'autocannon'
import { percentile } from './measure.ts'

/** Answered and failed are requests; p50 and p99 are milliseconds to the answer. */
export type Shots = {
  perSecond: number
  p50: number
  p99: number
  answered: number
  failed: number
}

/** Writes the next request, and what to do when it is answered with 200. */
export type NextShot = () => { path: string; body: string; accepted: () => void }

/** What autocannon keeps for one request until its answer. */
type Context = { accepted?: () => void }

/**
 * One connection of autocannon sends its share of a second at once, and then nothing till the next second. So there are
 * many, each with its own part of the second, and together they are steady.
 */
const SHOOTERS = 20
const SECOND_MS = 1_000

export async function shoot(
  origin: string,
  next: NextShot,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Shots> {
  const times: number[] = []
  const options: Options = {
    url: origin,
    connections: 1,
    overallRate: rate / SHOOTERS,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request, context: Context) => {
          const { accepted, ...shot } = next()
          context.accepted = accepted
          return { ...request, ...shot }
        },
        onResponse: (status, _body, context: Context) => {
          if (status === 200) context.accepted?.()
        },
      },
    ],
  }
  const results = await Promise.all(
    Array.from({ length: SHOOTERS }, async (_, index) => {
      await rest((index * SECOND_MS) / SHOOTERS)
      return fire(options, times)
    }),
  )
  const sum = (pick: (result: Result) => number) =>
    results.reduce((total, result) => total + pick(result), 0)
  times.sort((left, right) => left - right)
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    answered: sum((result) => result['2xx']),
    failed: sum((result) => result.non2xx + result.errors + result.timeouts),
  }
}

const fire = (options: Options, times: number[]): Promise<Result> =>
  new Promise((resolve, reject) => {
    const instance = autocannon(options, (error: Error | null, result) => {
      if (error) reject(error)
      else resolve(result)
    })
    instance.on('response', (_client, _status, _bytes, ms) => times.push(ms))
  })
