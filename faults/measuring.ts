/** How much work got done meanwhile, and how soon somebody who came afterwards was served. */
import { setTimeout as rest } from 'node:timers/promises'
import { isOfCrowd } from './crowd.ts'
import { book, payByPrompt, waitFor } from './lines/booking.ts'
import type { Deed } from './lines/line.ts'
import type { Action } from './log.ts'
import type { Stage } from './stage.ts'

const RECOVERED_MS = 60_000
const NEWCOMER_MS = 10_000
const LOOK_MS = 250
const SECOND_MS = 1_000

/** Actions that were clearly answered, per second. */
export function rateBetween({ log }: Pick<Stage, 'log'>, from: number, to: number): number {
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

/** When the first who booked after this moment saw it confirmed; null while nobody has. */
export function servedAt(actions: readonly Action[], since: number): number | null {
  const later = actions.filter(({ beganAt, outcome }) => beganAt >= since && outcome === 'ok')
  const booked = new Set(
    later.filter(({ what }) => what === 'book').map(({ facts }) => facts['id']),
  )
  const seen = later
    .filter(({ what, facts }) => what === 'see confirmed' && booked.has(facts['id'] ?? null))
    .map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY)
  return seen.length > 0 ? Math.min(...seen) : null
}

/** `wholeAt`: when all parts were seen up, where somebody saw to it. */
type Healing = { at: number; wholeAt: number | null }

/** Since the healing began: a part that must start again is not there before. */
export async function untilRecovered(
  { house, log, crowd }: Stage,
  { at, wholeAt }: Healing,
): Promise<number | null> {
  const isWhole = async () => wholeAt !== null || (await house.isWhole().catch(() => false))
  let welcomed = 0
  // Where the fault went on after it, somebody of the crowd may have been served long ago.
  const began = wholeAt === null ? at : Date.now()
  for (;;) {
    const served = servedAt(log.read(), at)
    if (served !== null && (await isWhole())) {
      const tookMs = (wholeAt === null ? Date.now() : Math.max(served, wholeAt)) - at
      return tookMs <= RECOVERED_MS ? tookMs : null
    }
    if (Date.now() - began >= RECOVERED_MS) return null
    if (Date.now() - began >= welcomed * NEWCOMER_MS) {
      crowd.welcome(newcomer)
      welcomed += 1
    }
    await rest(LOOK_MS)
  }
}
