/**
 * People who use Gari all at once: each does one deed after the other, through HTTP and a phone. Seeded, so that a run
 * begins like another with the same seed; what follows depends on who is faster, as it does in life.
 */
import { setTimeout as rest } from 'node:timers/promises'
import type { Action, ActionLog } from './log.ts'
import type { Deed, Line } from './lines/line.ts'
import { createPerson, findVoices, type Person } from './person.ts'
import { createRandom, type Random } from './random.ts'

export type CrowdOptions = {
  lines: readonly Line[]
  log: ActionLog
  seed: number
  people: number
  baseUrl: string
  simulator: string
  mailbox: string
  /** Of the sample staff. */
  password: string
  report: (line: string) => void
}
export type Told = { done: number; givenUp: number }
export type Crowd = {
  /** Everybody begins, or goes on. */
  begin(): void
  /** Nobody begins anything new; resolves when what was begun is done or given up. */
  settle(): Promise<void>
  /** Deeds since the beginning. */
  told(): Told
  /** Somebody for the deeds of a fault itself. */
  stranger: Person
  /** Somebody who was not here before comes for this. */
  welcome(deed: Deed): void
  stop(): Promise<void>
}

const THINK_MS = 400
const CLOSED_MS = 100
/** How long somebody still waits for something when nobody begins anything new. */
const LAST_MS = 15_000

export async function gatherCrowd(options: CrowdOptions): Promise<Crowd> {
  const { lines, seed, people, report } = options
  const voices = await findVoices(options)
  const stopping = new AbortController()
  const told: Told = { done: 0, givenUp: 0 }
  const busy = new Set<Promise<void>>()
  let isOpen = false

  let closedAt = 0
  const common = {
    ...options,
    voices,
    counter: { trips: 0, phones: 0 },
    signal: stopping.signal,
    isStaying: () => isOpen || Date.now() - closedAt < LAST_MS,
  }
  const live = async (nth: number) => {
    const random = createRandom(seed + nth)
    const person = createPerson({ ...common, random })
    while (!stopping.signal.aborted) {
      if (!isOpen) await rest(CLOSED_MS)
      else await keepIn(busy, tell(drawDeed(lines, random), person))
      await rest(THINK_MS * (0.5 + random.share()))
    }
  }
  const tell = ({ name, tell: of }: Deed, person: Person): Promise<void> =>
    of(person).then(
      () => void (told.done += 1),
      (error: unknown) => {
        told.givenUp += 1
        if (!stopping.signal.aborted) report(`${name}: ${String(error).slice(0, 300)}`)
      },
    )
  const lives = Array.from({ length: people }, (_, nth) => live(nth))
  const log = withBesides(options.log)
  const stranger = createPerson({ ...common, log, random: createRandom(seed - 1) })
  return {
    stranger,
    welcome: (deed) => void keepIn(busy, tell(deed, stranger)),
    begin: () => void (isOpen = true),
    settle: async () => {
      isOpen = false
      closedAt = Date.now()
      while (busy.size > 0) await Promise.all(busy)
    },
    told: () => ({ ...told }),
    stop: async () => {
      stopping.abort()
      await Promise.all(lives)
    },
  }
}

/** What the faults themselves do is no load that was held. */
export const isOfCrowd = ({ facts }: Action): boolean => facts['besides'] !== true
const withBesides = (log: ActionLog): ActionLog => ({
  ...log,
  begin: (line, what, facts) => log.begin(line, what, { ...facts, besides: true }),
})

async function keepIn(busy: Set<Promise<void>>, one: Promise<void>): Promise<void> {
  busy.add(one)
  await one
  busy.delete(one)
}

/** Each deed as often as its weight says. */
function drawDeed(lines: readonly Line[], random: Random): Deed {
  const deeds = lines.flatMap((line) => line.deeds)
  let at = random.share() * deeds.reduce((sum, { weight }) => sum + weight, 0)
  for (const deed of deeds) {
    at -= deed.weight
    if (at < 0) return deed
  }
  throw new Error('there is no deed')
}
