/**
 * What others wait for while strangers try passwords: each check of one takes a core and 19 MiB for a while, so only a few are
 * made at once, and the rest of Gari goes on beside them.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { startStack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { percentile } from './measure.ts'
import type { Options } from './options.ts'

/** People who look around, steadily, whoever else is there. */
const LOOKS_PER_SECOND = 40
const PATHS = ['/', '/sign-in', '/api/v1/vehicles?limit=20', '/api/v1/locations']
const GUESSERS = 50
const ROUNDS = 3
const SECOND_MS = 1_000
const LAST_OCTETS = 250

const FIRST_SIGN_INS = 20

type Looks = { times: number[]; failed: number }
type Guesses = { checked: number; turnedAway: number; odd: number }

/** Each at its own time, however long the one before takes. */
async function look(baseUrl: string, seconds: number, seen: Looks): Promise<void> {
  const asked: Promise<void>[] = []
  const began = performance.now()
  for (let nth = 0; nth < seconds * LOOKS_PER_SECOND; nth += 1) {
    await rest(Math.max(0, began + (nth * SECOND_MS) / LOOKS_PER_SECOND - performance.now()))
    asked.push(lookOnce(`${baseUrl}${PATHS[nth % PATHS.length]}`, seen))
  }
  await Promise.all(asked)
}

async function lookOnce(url: string, seen: Looks): Promise<void> {
  const start = performance.now()
  try {
    const answer = await fetch(url)
    await answer.arrayBuffer()
    if (!answer.ok) seen.failed += 1
    seen.times.push(performance.now() - start)
  } catch {
    seen.failed += 1
  }
}

/** A name that nobody has, from one of many addresses: no limit on one account or one address holds it up. */
async function guessOnce(baseUrl: string): Promise<number> {
  const answer = await fetch(`${baseUrl}/api/v1/auth/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `198.51.100.${1 + Math.floor(Math.random() * LAST_OCTETS)}`,
    },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID() }),
  })
  await answer.arrayBuffer()
  return answer.status
}

async function guess(baseUrl: string, until: AbortSignal, heard: Guesses): Promise<void> {
  while (!until.aborted) {
    const status = await guessOnce(baseUrl)
    if (status === 401) heard.checked += 1
    else if (status === 503 || status === 429) heard.turnedAway += 1
    else heard.odd += 1
  }
}

async function underFlood(
  baseUrl: string,
  heard: Guesses,
  work: () => Promise<void>,
): Promise<void> {
  const ending = new AbortController()
  const guessers = Array.from({ length: GUESSERS }, () => guess(baseUrl, ending.signal, heard))
  await work()
  ending.abort()
  await Promise.all(guessers)
}

const ms = (value: number) => value.toFixed(1)

function row(name: string, { times, failed }: Looks): { p99: number; line: string } {
  const sorted = times.toSorted((one, other) => one - other)
  const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)]
  return { p99, line: `| ${name} | ${ms(p50)} | ${ms(p99)} | ${times.length} | ${failed} |` }
}

export async function benchLogin({ seconds }: Options): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' }, 'bench-login')
  try {
    const [calm, flooded]: Looks[] = [0, 1].map(() => ({ times: [], failed: 0 }))
    if (!calm || !flooded) return
    const heard: Guesses = { checked: 0, turnedAway: 0, odd: 0 }
    // The first answers of a new process are slower than all later ones, and so are its first sign-ins.
    await look(stack.baseUrl, 2, { times: [], failed: 0 })
    for (let nth = 0; nth < FIRST_SIGN_INS; nth += 1) await guessOnce(stack.baseUrl)
    for (let round = 0; round < ROUNDS; round += 1) {
      await look(stack.baseUrl, seconds, calm)
      await underFlood(stack.baseUrl, heard, () => look(stack.baseUrl, seconds, flooded))
    }
    const [alone, beside] = [row('alone', calm), row('beside the guesses', flooded)]
    const total = seconds * ROUNDS
    await keepFigures(
      'A flood of sign-ins',
      `\`npm run bench -- login --seconds ${seconds}\`: ${LOOKS_PER_SECOND} pages and lists a second, alone and beside ${GUESSERS} callers
who try passwords of names that nobody has, from ${LAST_OCTETS} addresses, turn about. The callers and Gari share the cores.`,
      [
        '| pages and lists | p50 ms | p99 ms | answered | failed |',
        '|---|---|---|---|---|',
        alone.line,
        beside.line,
        '',
        `p99 ratio ${(beside.p99 / alone.p99).toFixed(2)} (aim <= 2). Guesses checked: ${(heard.checked / total).toFixed(0)} a second;`,
        `turned away: ${(heard.turnedAway / total).toFixed(0)} a second; answered otherwise: ${heard.odd}.`,
      ],
    )
    if (calm.failed + flooded.failed + heard.odd > 0) process.exitCode = 1
  } finally {
    await stack.stop()
  }
}
