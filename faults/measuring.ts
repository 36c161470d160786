/** How much work got done meanwhile, and how soon somebody who came afterwards was served. */
import { setTimeout as rest } from 'node:timers/promises'
import { isOfCrowd } from './crowd.ts'
import { book, payByPrompt, waitFor } from './lines/booking.ts'
import type { Deed } from './lines/line.ts'
import type { Stage } from './stage.ts'

const RECOVERED_MS = 60_000
const NEWCOMER_MS = 10_000
const LOOK_MS = 250
const SECOND_MS = 1_000

/** Actions that were clearly answered, per second. */
export async function rateOf({ log }: Stage, during: () => Promise<unknown>): Promise<number> {
  const from = Date.now()
  await during()
  const to = Date.now()
  const answered = log
    .read()
    .filter(isOfCrowd)
    .filter(
      ({ outcome, endedAt }) =>
        (outcome === 'ok' || outcome === 'refused') &&
        endedAt !== null &&
        endedAt >= from &&
        endedAt <= to,
    )
  return Math.round((answered.length / Math.max(1, to - from)) * SECOND_MS * 10) / 10
}

/** All others may still wait for what the fault left them with. */
const newcomer: Deed = {
  name: 'comes afterwards',
  weight: 0,
  tell: async (person) => {
    const one = await book(person)
    if (!one) return
    await payByPrompt(person, one, one.phones[0] ?? '', one.total)
    await waitFor(person, one, 'confirmed')
  },
}

/** Since the healing began: a part that must start again is not there before. */
export async function untilRecovered(
  { house, log, crowd }: Stage,
  healedAt: number,
): Promise<number | null> {
  let welcomed = 0
  const isServed = () => {
    const actions = log.read().filter(({ beganAt }) => beganAt >= healedAt)
    const after = new Set(
      actions
        .filter(({ what, outcome }) => what === 'book' && outcome === 'ok')
        .map(({ facts }) => facts['id']),
    )
    return actions.some(
      ({ what, outcome, facts }) =>
        what === 'see confirmed' && outcome === 'ok' && after.has(facts['id'] ?? null),
    )
  }
  while (Date.now() - healedAt < RECOVERED_MS) {
    if (Date.now() - healedAt >= welcomed * NEWCOMER_MS) {
      crowd.welcome(newcomer)
      welcomed += 1
    }
    if (isServed() && (await house.isWhole().catch(() => false))) return Date.now() - healedAt
    await rest(LOOK_MS)
  }
  return null
}
