/** People ask to be forgotten while stories run, their own and those of others, and whoever does it dies in the middle. */
import { setTimeout as rest } from 'node:timers/promises'
import { closeGate } from '../gate.ts'
import { textIn } from '../log.ts'
import type { Acted, Answer } from '../person.ts'
import { ASK, erasingRules, LINE, unfinished } from './erasing-rules.ts'
import type { Fault, Scene } from './fault.ts'
import {
  beginToPay,
  bookAndPay,
  bookMeanwhile,
  LIVES,
  openAccount,
  type Leaver,
} from './leavers.ts'

const NEEDED = 409
const WHY = 'They stood here with their card'
const DATA = '/account/data'

/** At their own page, or by whoever looks after people's rights. */
function askFor({ id, pages, person }: Leaver, byThemselves: boolean): () => Promise<Answer> {
  return byThemselves
    ? () => pages(DATA, `${DATA}/erasure`, { confirmation: 'ERASE' })
    : () => person.as.manager('POST', `/customers/${id}/erasure`, { why: WHY })
}

const askToBeForgotten = (leaver: Leaver, byThemselves: boolean): Promise<Acted> =>
  leaver.person.act(LINE, ASK, {
    facts: { id: leaver.id, byThemselves },
    ask: askFor(leaver, byThemselves),
  })

const AGAIN_MS = 3_000
const TRIES = 30
/** Money that goes back needs its time; until then they hear that it does. */
async function askUntilTaken(leaver: Leaver, byThemselves: boolean): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { outcome, answer } = await askToBeForgotten(leaver, byThemselves)
    if (outcome !== 'refused' || answer?.status !== NEEDED) return
    await rest(AGAIN_MS)
  }
  throw new Error(`something is in the way of ${leaver.id} for ever`)
}

/** What is in the way must be among the reasons that staff are told. */
async function askInVain(scene: Scene, leaver: Leaver, ...needs: string[]): Promise<void> {
  const { answer } = await askToBeForgotten(leaver, false)
  const told = textIn(answer?.body ?? {}, 'needs')
  if (answer?.status !== NEEDED || needs.some((need) => !told.includes(need)))
    scene.complain(`${leaver.id} is answered ${answer?.status} because of ${told || 'nothing'}`)
}

/** Whoever is in the middle of this dies there, as often as it is said. */
async function killAt(
  { house, until }: Scene,
  table: string,
  event: 'UPDATE' | 'DELETE',
): Promise<void> {
  const gate = await closeGate(house.databaseUrl, table, event)
  try {
    await until(`somebody is being forgotten: ${table}`, gate.isReached)
    await house.keeper.kill('stories')
  } finally {
    await gate.open()
  }
}

/** What only an erasure does: the account loses its name, and the key goes. */
const MOMENTS = [
  ['customer_addresses', 'DELETE'],
  ['subject_keys', 'DELETE'],
] as const
const DIE = ['schedules', 'stories', 'notifier', 'api', 'stories', 'relay'] as const
const BETWEEN_SECONDS = 3

async function killMany(scene: Scene): Promise<void> {
  for (const [table, event] of MOMENTS) await killAt(scene, table, event)
  for (const name of DIE) {
    await scene.house.keeper.kill(name)
    await scene.lasts(BETWEEN_SECONDS)
  }
}

type Cast = { over: Leaver[]; keeping: Leaver; paying: Leaver; racing: Leaver[] }
const RACES = 3

async function gather(scene: Scene): Promise<Cast> {
  const open = () => openAccount(scene)
  const over = await Promise.all(LIVES.map(open))
  const racing = await Promise.all(Array.from({ length: RACES }, open))
  const [keeping, paying] = [await open(), await open()]
  await Promise.all([...LIVES.map((live, nth) => live(at(over, nth), scene)), bookAndPay(keeping)])
  return { over, keeping, paying, racing }
}
function at(all: Leaver[], nth: number): Leaver {
  const one = all[nth]
  if (!one) throw new Error('somebody is missing')
  return one
}

/** Before anybody dies: what is answered then is clear. */
async function askWhileOpen(scene: Scene, { keeping, paying, racing }: Cast): Promise<void> {
  const end = await beginToPay(paying)
  await Promise.all([
    askInVain(scene, keeping, 'booking'),
    askInVain(scene, paying, 'booking', 'payment'),
    ...racing.flatMap((one) => [bookMeanwhile(one), askToBeForgotten(one, false)]),
  ])
  await end()
}

const LATER_SECONDS = 150
const WAITING_LETTERS = 'SELECT id FROM erasure_letters WHERE address IS NOT NULL LIMIT 1'

async function erase(scene: Scene): Promise<void> {
  const { house, sql, log } = scene
  house.remember({ ERASURE_DAYS: '0' })
  await house.replaceApi()
  const cast = await gather(scene)
  scene.begins()
  await askWhileOpen(scene, cast)
  await Promise.all([
    killMany(scene),
    ...cast.over.map((one, nth) => askUntilTaken(one, nth % 2 === 0)),
  ])
  scene.afterwards(async () => {
    await scene.until(
      'whoever asked is forgotten, and no letter waits',
      async () =>
        (await unfinished(sql, log.read())).length === 0 &&
        (await sql(WAITING_LETTERS)).length === 0,
      LATER_SECONDS,
    )
  })
}

export const erasing: Fault[] = [
  {
    number: 38,
    name: 'People ask to be forgotten, with and without something under way, while whoever does it dies again and again',
    promise:
      'who has nothing open is forgotten, all others hear why not; of the forgotten nothing is left in tables, histories and events, and money adds up',
    happen: erase,
    rules: erasingRules,
  },
]
