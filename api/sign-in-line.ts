/**
 * Where everybody waits whose password is to be hashed. A sign-in costs a core for a while and several statements, so few are
 * let in at once, and a flood of them takes neither the cores nor the database from others. Nobody is kept waiting by how
 * many others come: browsers that have signed in before and strangers take turns, and so do the addresses of each.
 */
import { availableParallelism } from 'node:os'
import { BusinessError } from '../domain/errors.ts'

/** `known` is whose browser or program has signed in before, or who is signed in. */
export type Comer = { source: string; known: boolean }

export type SignInLine = <T>(comer: Comer, work: () => Promise<T>) => Promise<T>

/** As many as passwords are hashed at once (gateways/passwords.ts): one core is always left to everybody else. */
const AT_ONCE = Math.max(1, Math.min(4, availableParallelism() - 1))
const MOST_WAITING = 200
const LONGEST_MS = 10_000

type Waiting = { enter: () => void; turnAway: () => void }

const busy = () =>
  new BusinessError('TEMPORARILY_UNAVAILABLE', 'Too many people are signing in. Try again.')

/** Who waits, by address; whoever was served last stands at the end. */
function createLane() {
  const lines = new Map<string, Waiting[]>()
  const keep = (source: string, line: Waiting[]): void => {
    if (line.length > 0) lines.set(source, line)
    else lines.delete(source)
  }
  const lengthOf = (source: string): number => lines.get(source)?.length ?? 0
  return {
    lengthOf,
    length: () => [...lines.values()].reduce((sum, { length }) => sum + length, 0),
    add: (source: string, one: Waiting) => keep(source, [...(lines.get(source) ?? []), one]),
    remove: (source: string, one: Waiting) =>
      keep(source, lines.get(source)?.filter((other) => other !== one) ?? []),
    /** The first of the address whose turn it is. */
    takeNext(): Waiting | undefined {
      const [first] = lines
      if (!first) return undefined
      const [source, [next, ...others]] = first
      lines.delete(source)
      keep(source, others)
      return next
    },
    /** The address that most wait from. */
    longest: (): string =>
      [...lines.keys()].reduce((most, one) => (lengthOf(one) > lengthOf(most) ? one : most), ''),
    takeLatest(source: string): Waiting | undefined {
      const line = lines.get(source) ?? []
      const latest = line.pop()
      keep(source, line)
      return latest
    },
  }
}
type Lane = ReturnType<typeof createLane>

/** The two lanes, and who comes next or has to go. */
function createLanes() {
  const known = createLane()
  const strangers = createLane()
  let turn = known
  const otherThan = (lane: Lane): Lane => (lane === known ? strangers : known)
  return {
    of: (comer: Comer): Lane => (comer.known ? known : strangers),
    length: () => known.length() + strangers.length(),
    takeNext(): Waiting | undefined {
      if (turn.length() === 0) turn = otherThan(turn)
      const next = turn.takeNext()
      if (next) turn = otherThan(turn)
      return next
    },
    /** Somebody of the longer lane goes, or of the longest line; false when that would be the one who comes. */
    makeRoomFor(comer: Comer): boolean {
      const own = comer.known ? known : strangers
      const crowded = otherThan(own).length() > own.length() ? otherThan(own) : own
      const source = crowded.longest()
      if (crowded === own && crowded.lengthOf(source) <= own.lengthOf(comer.source) + 1)
        return false
      crowded.takeLatest(source)?.turnAway()
      return true
    },
  }
}

/** Throws BusinessError TEMPORARILY_UNAVAILABLE for who would wait too long, and for the last of those who are too many. */
export function createSignInLine({
  atOnce = AT_ONCE,
  mostWaiting = MOST_WAITING,
  longestMs = LONGEST_MS,
} = {}): SignInLine {
  const lanes = createLanes()
  let inside = 0

  const letIn = (): void => {
    while (inside < atOnce) {
      const next = lanes.takeNext()
      if (!next) return
      inside += 1
      next.enter()
    }
  }
  const wait = (comer: Comer): Promise<void> => {
    if (lanes.length() >= mostWaiting && !lanes.makeRoomFor(comer)) return Promise.reject(busy())
    const lane = lanes.of(comer)
    return new Promise((resolve, reject) => {
      const turnAway = () => {
        clearTimeout(tooLong)
        reject(busy())
      }
      const enter = () => {
        clearTimeout(tooLong)
        resolve()
      }
      const one: Waiting = { enter, turnAway }
      const tooLong = setTimeout(() => {
        lane.remove(comer.source, one)
        turnAway()
      }, longestMs)
      lane.add(comer.source, one)
      letIn()
    })
  }
  return async (comer, work) => {
    await wait(comer)
    try {
      return await work()
    } finally {
      inside -= 1
      letIn()
    }
  }
}
