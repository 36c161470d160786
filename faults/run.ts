/** One house, one crowd, one fault after the other: load on, fault, heal, quiet, check. */
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { findBroken, GENERAL_RULES, type Broken } from './checker/index.ts'
import { untilQuiet } from './checker/quiet.ts'
import { startWatching } from './checker/watch.ts'
import { createInspector, type Inspector, type Rule } from './checker/world.ts'
import { gatherCrowd, type Crowd } from './crowd.ts'
import type { Fault, Scene } from './catalogue/fault.ts'
import { buildHouse, until, type House } from './house.ts'
import { LINES } from './lines/index.ts'
import { openLog, type ActionLog } from './log.ts'

/** What one fault did. */
export type Suffered = {
  number: number
  name: string
  promise: string
  /** Answered actions per second before the fault, and while it lasted. */
  calm: number
  meanwhile: number
  lastedMs: number
  /** From the healing until somebody who came after it had their booking confirmed. Null: nobody had within the limit. */
  recoveredMs: number | null
  /** Of the fault's own promise. */
  complaints: string[]
}
/** What it left behind. */
export type Left = { quietMs: number; broken: Broken[] }
export type Row = Suffered & Left

export type Run = {
  seed: number
  people: number
  faults: readonly Fault[]
  say: (line: string) => void
}
type Stage = Run & { house: House; crowd: Crowd; log: ActionLog; inspector: Inspector }

/** How long people work undisturbed before each fault. */
const CALM_MS = 8_000
const SHORT_CALM_MS = 2_000
const AFTER_MS = 5_000
const RECOVERED_MS = 60_000
const QUIET_MS = 60_000
const LOOK_MS = 250
const WITHIN_S = 30
const SECOND_MS = 1_000

/** Each fault by itself: load on, fault, heal, quiet, check. */
export const runFaults = (run: Run): Promise<Row[]> =>
  inHouse(run, async (stage) => {
    const rows: Row[] = []
    for (const fault of run.faults) {
      const suffered = await suffer(stage, fault, CALM_MS)
      const left = await lookAfter(stage, [fault])
      rows.push({ ...suffered, ...left })
      run.say(left.broken.map(tellBroken).join('\n'))
    }
    return rows
  })

/** One after the other without a rest, and one look at the end; then each rule is broken on purpose. */
export const runTogether = (
  run: Run,
): Promise<{ suffered: Suffered[]; left: Left; blind: string[] }> =>
  inHouse(run, async (stage) => {
    const suffered: Suffered[] = []
    for (const fault of run.faults) suffered.push(await suffer(stage, fault, SHORT_CALM_MS))
    const left = await lookAfter(stage, run.faults)
    run.say(left.broken.map(tellBroken).join('\n'))
    return { suffered, left, blind: await findBlindRules(stage, run.faults) }
  })

async function inHouse<T>(run: Run, work: (stage: Stage) => Promise<T>): Promise<T> {
  const { say, seed, people } = run
  const house = await buildHouse({
    report: (line) => say(`    ${line}`),
    smallDisk: run.faults.some(({ needsSmallDisk }) => needsSmallDisk),
  })
  const log = openLog(join(house.folder, 'actions.jsonl'))
  const inspector = await createInspector({ ...house, readActions: () => log.read() })
  try {
    await startWatching(inspector.sql)
    await settleProvider(house)
    const told = { log, seed, people, report: (line: string) => say(`    gave up: ${line}`) }
    const crowd = await gatherCrowd({ ...house, ...told, lines: LINES })
    try {
      return await work({ ...run, house, crowd, log, inspector })
    } finally {
      await crowd.stop()
    }
  } finally {
    await inspector.close()
    await house.stop()
  }
}

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

async function suffer(stage: Stage, fault: Fault, calmMs: number): Promise<Suffered> {
  const { house, crowd, say } = stage
  const { number, name, promise } = fault
  const complaints: string[] = []
  say(`${number}. ${name}`)
  crowd.begin()
  const calm = await rateOf(stage, () => rest(calmMs))
  const began = performance.now()
  const meanwhile = await rateOf(stage, () =>
    fault.happen(createScene(stage, complaints)).catch((error: unknown) => {
      complaints.push(`the fault itself failed: ${String(error).slice(0, 300)}`)
    }),
  )
  const lastedMs = Math.round(performance.now() - began)
  await heal(house)
  const recoveredMs = await untilRecovered(stage)
  const suffered = { number, name, promise, calm, meanwhile, lastedMs, recoveredMs, complaints }
  say(tellSuffered(suffered))
  return suffered
}

async function lookAfter(stage: Stage, faults: readonly Fault[]): Promise<Left> {
  const { crowd, inspector } = stage
  await rest(AFTER_MS)
  await crowd.settle()
  const longest = Math.max(...faults.map((fault) => (fault.rest?.seconds ?? 0) * SECOND_MS))
  const quiet = await untilQuiet(inspector, Math.max(QUIET_MS, longest))
  stage.say(`   quiet after ${seconds(quiet.tookMs)}`)
  const broken = await findBroken(await inspector.look(), rulesFor(faults))
  return {
    quietMs: quiet.tookMs,
    broken: [...broken, ...asBroken('all comes to rest', quiet.busy)],
  }
}

const rulesFor = (faults: readonly Fault[]): Rule[] => [
  ...GENERAL_RULES,
  ...LINES.flatMap((line) => line.rules),
  ...faults.flatMap(({ rules }) => rules ?? []),
]

/** The names of rules that do not see what breaks them. */
async function findBlindRules({ inspector }: Stage, faults: readonly Fault[]): Promise<string[]> {
  const world = await inspector.look()
  const blind: string[] = []
  for (const rule of rulesFor(faults))
    await inspector.pretend(async (sql) => {
      const planted = await rule.plant({ ...world, sql })
      const [found] = await findBroken(planted, [rule])
      if (!found) blind.push(rule.name)
    })
  return blind
}

const asBroken = (rule: string, what: string[]): Broken[] =>
  what.length > 0 ? [{ rule, kind: 'wrong', what }] : []

/** Actions that were clearly answered, per second. */
async function rateOf({ log }: Stage, during: () => Promise<unknown>): Promise<number> {
  const from = Date.now()
  await during()
  const to = Date.now()
  const answered = log
    .read()
    .filter(
      ({ outcome, endedAt }) =>
        (outcome === 'ok' || outcome === 'refused') &&
        endedAt !== null &&
        endedAt >= from &&
        endedAt <= to,
    )
  return Math.round((answered.length / Math.max(1, to - from)) * SECOND_MS * 10) / 10
}

const createScene = ({ house, crowd, log, inspector }: Stage, complaints: string[]): Scene => ({
  house,
  log,
  sql: inspector.sql,
  stranger: crowd.stranger,
  lasts: (seconds) => rest(seconds * SECOND_MS),
  until: (what, look, withinSeconds = WITHIN_S) => until(what, look, withinSeconds * SECOND_MS),
  complain: (what) => void complaints.push(what),
})

/** Also where the fault failed in its middle. */
async function heal({ simulator, proxies, keeper }: House): Promise<void> {
  await proxies.healAll()
  await keeper.healAll()
  await fetch(`${simulator}/_control/moods`, { method: 'DELETE' })
}

async function untilRecovered({ house, log }: Stage): Promise<number | null> {
  const healedAt = Date.now()
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
    if (isServed() && (await house.isWhole().catch(() => false))) return Date.now() - healedAt
    await rest(LOOK_MS)
  }
  return null
}

const seconds = (ms: number): string => `${(ms / SECOND_MS).toFixed(1)} s`
const SHOWN = 3

const tellSuffered = (suffered: Suffered): string => {
  const { calm, meanwhile, lastedMs, recoveredMs, complaints } = suffered
  const load = `${calm}/s before, ${meanwhile}/s during ${seconds(lastedMs)}`
  const back = recoveredMs === null ? 'NOT recovered' : `recovered in ${seconds(recoveredMs)}`
  return [`   ${load}; ${back}`, ...complaints.map((one) => `   BROKEN: ${one}`)].join('\n')
}

const tellBroken = ({ rule, what }: Broken): string =>
  `   BROKEN: ${rule} (${what.length}): ${what.slice(0, SHOWN).join('; ')}`
