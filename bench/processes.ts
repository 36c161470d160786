/** CPU time and memory of every process below this one, by part, read from /proc (Linux). */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
const KIB_PER_MIB = 1_024
const PARTS: [pattern: RegExp, name: string][] = [
  [/temporal.*start-dev|\/temporal-server /, 'Temporal server'],
  [/kafka\.Kafka/, 'Kafka'],
  [/^postgres: \S+ temporal/, 'PostgreSQL for Temporal'],
  [/^postgres|\/bin\/postgres/, 'PostgreSQL'],
  [/api\/server\.ts/, 'API'],
  [/workers\/index\.ts/, 'workers and relay'],
  [/bench\/bare\/alone\.ts/, 'bare worker'],
  [/local\/index\.ts/, 'supervisor, simulator, inboxes'],
]
export const DRIVER = 'this bench (driver)'

type Found = {
  pid: number
  parent: number
  ticks: number
  /** Of its children that have ended, and of theirs. */
  endedTicks: number
  command: string
}

const look = (pid: number): Found | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return {
      pid,
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      endedTicks: Number(fields[13]) + Number(fields[14]),
      command,
    }
  } catch {
    // It ended while we looked.
    return null
  }
}

const everything = (): Map<number, Found> => {
  const all = new Map<number, Found>()
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? look(Number(name)) : null
    if (found) all.set(Number(name), found)
  }
  return all
}

const isOurs = (all: Map<number, Found>, pid: number): boolean => {
  for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === process.pid) return true
  return false
}

type Child = Pick<Found, 'pid' | 'parent' | 'command'>

const everythingByPs = (): Child[] =>
  spawnSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .map((found) => ({
      pid: Number(found?.[1]),
      parent: Number(found?.[2]),
      command: found?.[3] ?? '',
    }))

/** Those that this process has started itself; also where there is no /proc. */
export const ownChildren = (): Child[] =>
  (process.platform === 'linux' ? [...everything().values()] : everythingByPs()).filter(
    ({ parent }) => parent === process.pid,
  )

const partOf = ({ pid, command }: Found): string =>
  pid === process.pid ? DRIVER : (PARTS.find(([pattern]) => pattern.test(command))?.[1] ?? 'other')

function sumByPart<T>(measure: (found: Found) => T, add: (one: T, other: T) => T): Map<string, T> {
  const all = everything()
  const sums = new Map<string, T>()
  for (const found of all.values()) {
    if (!isOurs(all, found.pid)) continue
    const [part, value] = [partOf(found), measure(found)]
    const known = sums.get(part)
    sums.set(part, known === undefined ? value : add(known, value))
  }
  return sums
}

const POSTMASTER = /\/bin\/postgres /

/** Seconds of CPU so far, by part. PostgreSQL has a process for each connection, and those come and go. */
export const cpuByPart = (): Map<string, number> =>
  sumByPart(
    ({ ticks, endedTicks, command }) =>
      (ticks + (POSTMASTER.test(command) ? endedTicks : 0)) / TICKS_PER_SECOND,
    (one, other) => one + other,
  )

/** Seconds of CPU of ours so far, also of those that have ended; by part those can no longer be told. */
const allSeconds = (): number =>
  [
    ...sumByPart(
      ({ ticks, endedTicks }) => (ticks + endedTicks) / TICKS_PER_SECOND,
      (one, other) => one + other,
    ).values(),
  ].reduce((sum, value) => sum + value, 0)

/** Seconds that the machine's cores were busy since its start, with ours and everybody else's; what its host gives to other guests is theirs. */
function busySeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND
}

export type Cores = {
  /** By part of ours. */
  byPart: Map<string, number>
  ours: number
  /** Busy with what is not ours. */
  others: number
  /** Of the whole machine. */
  all: number
}

/** Cores in use, on average, from now until the answer is called. */
export function watchCores(): () => Cores {
  const [before, oursBefore, busyBefore] = [cpuByPart(), allSeconds(), busySeconds()]
  const began = performance.now()
  return () => {
    const seconds = (performance.now() - began) / 1_000
    const byPart = new Map(
      [...cpuByPart()].map(([part, value]) => [part, (value - (before.get(part) ?? 0)) / seconds]),
    )
    const ours = (allSeconds() - oursBefore) / seconds
    const all = (busySeconds() - busyBefore) / seconds
    return { byPart, ours, others: Math.max(0, all - ours), all }
  }
}

/** What a machine does beside it, such as an editor, may take so much; above it figures say nothing of us. */
const QUIET_CORES = 0.3

export const isQuiet = (others: number): boolean => others <= QUIET_CORES

/** Throws when the machine was not ours alone. */
export function assertQuiet(others: number): void {
  if (!isQuiet(others))
    throw new Error(
      `not kept: ${others.toFixed(1)} cores were busy with what is not ours; measure again on a quiet machine`,
    )
}

/** What a process was told at its start. */
export const environmentOf = (pid: number): Record<string, string> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

/**
 * Of what several processes share, each counts its part only (PSS), so that the sum is what the machine gives. `kept`
 * leaves out the pages of files, such as programs, which the system takes back whenever it likes.
 */
export type Memory = { whole: number; kept: number }

const kibOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)

function memoryOf({ pid }: Found): Memory {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kept = kibOf(text, 'Pss_Anon') + kibOf(text, 'Pss_Shmem')
    return { whole: kibOf(text, 'Pss') / KIB_PER_MIB, kept: kept / KIB_PER_MIB }
  } catch {
    // It ended while we looked.
    return { whole: 0, kept: 0 }
  }
}

/** MiB, by part. */
export const memoryByPart = (): Map<string, Memory> =>
  sumByPart(memoryOf, (one, other) => ({
    whole: one.whole + other.whole,
    kept: one.kept + other.kept,
  }))
