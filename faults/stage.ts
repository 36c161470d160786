/** A house with people in it, for one fault or many. */
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { watchDatabase } from './checker/watch.ts'
import { createInspector, type Inspector } from './checker/world.ts'
import { gatherCrowd, type Crowd } from './crowd.ts'
import type { Fault, Scene } from './catalogue/fault.ts'
import { buildHouse, until, type House } from './house.ts'
import { LINES } from './lines/index.ts'
import { SANDBOX } from '../local/daraja-simulator/settings.ts'
import { openLog, type ActionLog } from './log.ts'

export type Run = {
  seed: number
  people: number
  faults: readonly Fault[]
  /** Each takes no longer than it must: `npm test` has minutes, not an hour. */
  isShort?: boolean
  /** What the stories did is written down for the replay test. */
  isRecorded?: boolean
  say: (line: string) => void
}
/** A house with people in it, and somebody who looks. */
export type Stage = Run & {
  house: House
  crowd: Crowd
  log: ActionLog
  inspector: Inspector
  /** What earlier faults of this house broke already. */
  found: Set<string>
  /** What faults have left to come to its end by itself. */
  unended: Promise<void>[]
}

const WITHIN_S = 30
const SECOND_MS = 1_000

export async function inHouse<T>(run: Run, work: (stage: Stage) => Promise<T>): Promise<T> {
  const { say, seed, people } = run
  const house = await buildHouse({
    report: (line) => say(`    ${line}`),
    smallDisk: run.faults.some(({ needsSmallDisk }) => needsSmallDisk),
    witness: watchDatabase,
  })
  const log = openLog(join(house.folder, 'actions.jsonl'))
  const inspector = await createInspector({
    ...house,
    readActions: () => log.read(),
    logs: join(house.folder, 'logs'),
    stores: { Temporal: join(house.folder, 'temporal'), Kafka: join(house.folder, 'kafka') },
    secrets: secretsOf(house),
  })
  try {
    await settleProvider(house)
    const told = { log, seed, people, report: (line: string) => say(`    gave up: ${line}`) }
    const crowd = await gatherCrowd({ ...house, ...told, lines: LINES })
    try {
      return await work({ ...run, house, crowd, log, inspector, found: new Set(), unended: [] })
    } finally {
      await crowd.stop()
    }
  } finally {
    await inspector.close()
    await house.stop()
  }
}

/** The house's own, those that M-Pesa knows us by, and the staff's password. */
const secretsOf = ({ secrets, password }: House): string[] => [
  ...Object.values(secrets),
  password,
  SANDBOX.consumerKey,
  SANDBOX.consumerSecret,
  SANDBOX.passkey,
  SANDBOX.initiatorPassword,
]

/** Phones that answer by themselves at once, and a paybill that does not ask us first, so that strays come in. */
async function settleProvider({ simulator }: House): Promise<void> {
  const settings = {
    promptDelayMs: 0,
    processingMs: 0,
    resultDelayMs: 200,
    c2bValidation: false,
    autopilot: { answer: 'pay', afterMs: 0 },
  }
  const answer = await fetch(`${simulator}/_control/settings`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  })
  if (!answer.ok) throw new Error(`the simulator refuses: ${await answer.text()}`)
}

/** What a fault says while it happens. */
export type Course = {
  began: number
  complaints: string[]
  /** Looked at once all is healed. */
  later: ((healedAt: number) => Promise<void>)[]
  /** Null where the healing begins with the end of the fault. */
  healing: { at: number; wholeAt: number } | null
}

export const createScene = (
  { house, crowd, log, inspector, unended, isShort = false }: Stage,
  course: Course,
): Scene => ({
  house,
  isShort,
  log,
  sql: inspector.sql,
  stranger: crowd.stranger,
  lasts: (seconds) => rest(seconds * SECOND_MS),
  until: (what, look, withinSeconds = WITHIN_S) => until(what, look, withinSeconds * SECOND_MS),
  outlasts: async (work) => {
    const ended = work.then(
      () => undefined,
      (error: unknown) => void course.complaints.push(`did not end well: ${String(error)}`),
    )
    if (isShort) unended.push(ended)
    else await ended
  },
  complain: (what) => void course.complaints.push(what),
  begins: () => void (course.began = Date.now()),
  afterwards: (look) => void course.later.push(look),
  heals: async (bringBack) => {
    const at = Date.now()
    await bringBack()
    course.healing = { at, wholeAt: Date.now() }
  },
})

/** Also where the fault failed in its middle. */
export async function heal({ simulator, proxies, keeper }: House): Promise<void> {
  await proxies.healAll()
  await keeper.healAll()
  await fetch(`${simulator}/_control/moods`, { method: 'DELETE' })
}
