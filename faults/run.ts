/** One house, one crowd, one fault after the other: load on, fault, heal, quiet, check. */
import { setTimeout as rest } from 'node:timers/promises'
import { findBlind } from './checker/blind.ts'
import { findBroken, GENERAL_RULES, type Broken } from './checker/index.ts'
import { untilQuiet } from './checker/quiet.ts'
import { readAwaited, type Inspector, type Rule } from './checker/world.ts'
import type { Fault } from './catalogue/fault.ts'
import { LINES } from './lines/index.ts'
import { askForTheList } from './lines/payments.ts'
import { keepRows } from './keeping.ts'
import { createRandom } from './random.ts'
import { recordStories } from './recording.ts'
import { inHouse, type Run, type Stage } from './stage.ts'
import { suffer, type Suffered } from './suffering.ts'
import { seconds, tellBroken } from './telling.ts'

/** What it left behind. */
export type Left = { quietMs: number; broken: Broken[] }
export type Row = Suffered & Left

/** How long people work undisturbed before each fault. */
const CALM_MS = 8_000
const SHORT_CALM_MS = 2_000
const AFTER_MS = 5_000
/** What is broken stays broken; what was under way while somebody looked is not. */
const SECOND_LOOK_MS = 10_000
/** For most of them; some say that they need longer. */
export const QUIET_MS = 60_000
const LISTED = 'what no report told of comes with M-Pesa’s list'
const LISTED_MS = 600_000
const ASK_MS = 30_000
const SECOND_MS = 1_000

/** Has a house's rows as soon as its faults were played, and again when the house was left with more to tell. */
export type Keep = (rows: Row[]) => Promise<void>

/** Each fault by itself: load on, fault, heal, quiet, check. In one house, but for those that need one of their own. */
export async function runFaults(run: Run, keep: Keep): Promise<Row[]> {
  const alone = run.faults.filter(needsHouse)
  const together = run.faults.filter((fault) => !needsHouse(fault))
  const rows: Row[] = []
  for (const faults of [together, ...alone.map((fault) => [fault])]) {
    if (faults.length === 0) continue
    rows.push(...(await runInTurn({ ...run, faults }, keep)))
  }
  return rows.toSorted((one, other) => one.number - other.number)
}

const needsHouse = ({ hasHouseOfItsOwn, needsSmallDisk }: Fault): boolean =>
  Boolean(hasHouseOfItsOwn || needsSmallDisk)

const runInTurn = (run: Run, keep: Keep): Promise<Row[]> =>
  inHouse(run, (stage) =>
    playAll(stage, keep, async (rows) => {
      for (const fault of run.faults) rows.push(await play(stage, fault, CALM_MS))
    }),
  )

/** Of those that share a house. */
export const drawable = (faults: readonly Fault[]): Fault[] =>
  faults.filter((fault) => !needsHouse(fault))

/** Faults as they are drawn, each after a while that is drawn as well, until `isOver`. */
export const runAtRandom = (
  run: Run,
  isOver: (played: number) => boolean,
  keep: Keep,
): Promise<Row[]> =>
  inHouse(run, (stage) => {
    const random = createRandom(run.seed)
    const faults = drawable(run.faults)
    if (faults.length === 0) throw new Error('each of these faults needs a house of its own')
    return playAll(stage, keep, async (rows) => {
      while (!isOver(rows.length)) {
        const fault = faults[random.pick(faults.length)]
        if (fault) rows.push(await play(stage, fault, CALM_MS * random.share()))
      }
    })
  })

async function playAll(
  stage: Stage,
  keep: Keep,
  playThem: (rows: Row[]) => Promise<void>,
): Promise<Row[]> {
  const rows = await keepRows(keep, playThem, (played) => comeHome(stage, played))
  // A house of its own may have had workers with other code.
  if (stage.isRecorded && !stage.faults.some(needsHouse))
    for (const name of await recordStories(stage.house)) stage.say(`recorded: ${name}`)
  return rows
}

/** Of what no report told us M-Pesa's list tells, which counts once it is some minutes old. */
async function comeHome({ crowd, inspector, say }: Stage, rows: Row[]): Promise<Row[]> {
  const until = Date.now() + LISTED_MS
  const look = async () => [...(await readAwaited(inspector.sql, await inspector.readProvider()))]
  let awaited = await look()
  say(`${awaited.length} payments by hand that only M-Pesa’s list can tell of`)
  while (awaited.length > 0 && Date.now() < until) {
    await askForTheList(crowd.stranger).catch(() => undefined)
    await rest(ASK_MS)
    awaited = await look()
  }
  if (awaited.length === 0) return rows
  const broken = { rule: LISTED, kind: 'lost' as const, what: awaited }
  say(tellBroken(broken))
  return rows.map((row, nth) =>
    nth === rows.length - 1 ? { ...row, broken: [...row.broken, broken] } : row,
  )
}

async function play(stage: Stage, fault: Fault, calmMs: number): Promise<Row> {
  const suffered = await suffer(stage, fault, calmMs)
  const { quietMs, broken } = await lookAfter(stage, [fault])
  // Rules of the fault's own are broken on purpose here: `--together` does not come to them.
  const rules = needsHouse(fault) ? rulesFor([fault]) : (fault.rules ?? [])
  const blind = rules.length > 0 ? await findBlind(stage.inspector, rules) : []
  const all = [...broken, ...asBroken('each rule sees what breaks it', blind)]
  stage.say(all.map(tellBroken).join('\n'))
  return { ...suffered, quietMs, broken: all }
}

/** One after the other without a rest, and one look at the end; then each rule is broken on purpose. */
export const runTogether = (
  run: Run,
): Promise<{ suffered: Suffered[]; left: Left; blind: string[] }> =>
  inHouse({ ...run, isShort: true }, async (stage) => {
    const suffered: Suffered[] = []
    for (const fault of run.faults) suffered.push(await suffer(stage, fault, SHORT_CALM_MS))
    await Promise.all(stage.unended)
    const left = await lookAfter(stage, run.faults)
    run.say(left.broken.map(tellBroken).join('\n'))
    return { suffered, left, blind: await findBlind(stage.inspector, rulesFor(run.faults)) }
  })

async function lookAfter(stage: Stage, faults: readonly Fault[]): Promise<Left> {
  const { crowd, inspector } = stage
  await rest(AFTER_MS)
  await crowd.settle()
  const longest = Math.max(...faults.map((fault) => (fault.rest?.seconds ?? 0) * SECOND_MS))
  const quiet = await untilQuiet(inspector, Math.max(QUIET_MS, longest))
  stage.say(`   quiet after ${seconds(quiet.tookMs)}`)
  const broken = await lookTwice(inspector, rulesFor(faults))
  return {
    quietMs: quiet.tookMs,
    broken: newIn(stage, [...broken, ...asBroken('all comes to rest', quiet.busy)]),
  }
}

async function lookTwice(inspector: Inspector, rules: Rule[]): Promise<Broken[]> {
  const first = await findBroken(await inspector.look(), rules)
  if (first.length === 0) return []
  await rest(SECOND_LOOK_MS)
  const again = new Map(
    (await findBroken(await inspector.look(), rules)).map(({ rule, what }) => [rule, what]),
  )
  return first
    .map((one) => ({
      ...one,
      what: one.what.filter((what) => again.get(one.rule)?.includes(what)),
    }))
    .filter(({ what }) => what.length > 0)
}

/** Each is said once, beside the fault that broke it. */
const newIn = ({ found }: Stage, all: Broken[]): Broken[] =>
  all.flatMap((one) => {
    const fresh = one.what.filter((what) => !found.has(`${one.rule}: ${what}`))
    for (const what of fresh) found.add(`${one.rule}: ${what}`)
    return fresh.length > 0 ? [{ ...one, what: fresh }] : []
  })

function rulesFor(faults: readonly Fault[]): Rule[] {
  const instead = new Map(faults.flatMap((fault) => Object.entries(fault.instead ?? {})))
  const usual = [...GENERAL_RULES, ...LINES.flatMap((line) => line.rules)]
  return [
    ...usual.map((rule) => instead.get(rule.name) ?? rule),
    ...faults.flatMap(({ rules }) => rules ?? []),
  ]
}

const asBroken = (rule: string, what: string[]): Broken[] =>
  what.length > 0 ? [{ rule, kind: 'wrong', what }] : []
