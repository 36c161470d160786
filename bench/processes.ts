/** CPU time of every process below this one, by part, read from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
const PARTS: [pattern: RegExp, name: string][] = [
  [/temporal.*start-dev/, 'Temporal server'],
  [/kafka\.Kafka/, 'Kafka'],
  [/^postgres|\/bin\/postgres/, 'PostgreSQL'],
  [/api\/server\.ts/, 'API'],
  [/workers\/index\.ts/, 'workers and relay'],
  [/local\/index\.ts/, 'supervisor, simulator, inboxes'],
]

type Found = { parent: number; ticks: number; command: string }

const look = (pid: number): Found | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]), command }
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

/** Seconds of CPU so far, by part. */
export function cpuByPart(): Map<string, number> {
  const all = everything()
  const sums = new Map<string, number>()
  for (const [pid, { ticks, command }] of all) {
    if (!isOurs(all, pid)) continue
    const known = PARTS.find(([pattern]) => pattern.test(command))?.[1]
    const part = pid === process.pid ? 'this bench (driver)' : (known ?? 'other')
    sums.set(part, (sums.get(part) ?? 0) + ticks / TICKS_PER_SECOND)
  }
  return sums
}
