/**
 * `npm run histories:record [refunds late …]`: starts the whole of Gari, plays the stories of all groups, or of those
 * named, against the simulator's moods, and writes the histories of their workflows. What stands there already is kept:
 * it is a promise to workflows that run. When its replay fails, the code needs `patched`, not a new recording.
 *
 * `-- --crowd 4 bank`: the same while so many people do everything else. Kept is one history of each kind that has none under
 * load (most of those come from `npm run faults -- --record`). What takes days is recorded elsewhere: recording/tested.ts.
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { connectDatabase } from '../../db/connection.ts'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'
import { connectTemporalClient } from '../../gateways/temporal.ts'
import { createCustomer } from '../support/customer.ts'
import { settings } from '../support/hands.ts'
import { enterOffice } from '../support/office.ts'
import { eventually, startStack } from '../support/stack.ts'
import { bankStories } from './recording/bank.ts'
import { bookStories } from './recording/books.ts'
import { byHandStories } from './recording/by-hand.ts'
import { chargeStories } from './recording/charges.ts'
import { erasureStories } from './recording/erasures.ts'
import { exportStories } from './recording/exports.ts'
import { lateStories } from './recording/late.ts'
import { lonelyStories, paymentStories } from './recording/payments.ts'
import { rentalStories } from './recording/rentals.ts'
import { refundStories } from './recording/refunds.ts'
import { invite } from './recording/crowd.ts'
import { isRecorded, kindsUnderLoad, saveHistory, type Way } from './recording/saving.ts'
import type { Stage, Story } from './recording/stage.ts'

/** Played side by side. */
const GROUPS: Record<string, Story[]> = {
  refunds: refundStories,
  late: lateStories,
  payments: paymentStories,
  'by-hand': byHandStories,
  charges: chargeStories,
  bank: bankStories,
  erasures: erasureStories,
  exports: exportStories,
  rentals: rentalStories,
}
/** Played afterwards, one by one, because they look at everything or stop everything. */
const LONELY: Record<string, Story[]> = { books: bookStories, payments: lonelyStories }
const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: { crowd: { type: 'string', default: '0' } },
})
const people = Number(values.crowd)
const chosen = (groups: Record<string, Story[]>): Story[] =>
  Object.entries(groups)
    .filter(([name]) => named.length === 0 || named.includes(name))
    .flatMap(([, stories]) => stories)
const say = (line: string) => process.stdout.write(`${line}\n`)
/** The longest story waits five minutes until it asks what became of a refund. */
const LONGEST_MS = 8 * 60_000
/** These go on until the car is back, or look again only after an hour. */
const GOES_ON = /^reservation-(?:paid|resumed)|^paybill-sent-back|^data-export/
const AT_ONCE = 8

const stack = await startStack({ HOLD_MINUTES: '1', ERASURE_DAYS: '0' }, 'histories')
const db = connectDatabase({
  url: stack.databaseUrl,
  vault: stack.vault,
  pool: 4,
  applicationName: 'gari-tests',
})
const codec = createPayloadCodec(stack.payloadKey)
const client = await connectTemporalClient({ address: stack.temporal, namespace: 'default', codec })
let failed = 0

/** A story that cannot be played is told, and the others go on. */
async function play(stage: Stage, story: Story): Promise<Way[]> {
  try {
    return await story(stage)
  } catch (error) {
    failed += 1
    say(`a story could not be played: ${String(error)}`)
    return []
  }
}

async function playAll(stage: Stage, stories: Story[], atOnce: number): Promise<Way[]> {
  const ways: Way[] = []
  let next = 0
  const player = async () => {
    for (let story = stories[next++]; story; story = stories[next++])
      ways.push(...(await play(stage, story)))
  }
  await Promise.all(Array.from({ length: atOnce }, player))
  return ways
}

/** One of each kind that has none yet. */
async function chooseUnderLoad(ways: Way[]): Promise<Way[]> {
  const kinds = kindsUnderLoad()
  const wanted: Way[] = []
  for (const way of ways) {
    const { type } = await client.workflow.getHandle(way.workflowId, way.runId).describe()
    if (!kinds.has(type)) wanted.push({ ...way, name: `${way.name}-under-load` })
    kinds.add(type)
  }
  return wanted
}

async function save(way: Way): Promise<void> {
  if (isRecorded(way.name)) return void say(`${way.name}: stands already`)
  const handle = client.workflow.getHandle(way.workflowId, way.runId)
  const hasEnded = async () => (await handle.describe()).status.name !== 'RUNNING'
  try {
    if (!GOES_ON.test(way.name)) await eventually(`${way.name} has ended`, hasEnded, LONGEST_MS)
    say(`${way.name}: ${await saveHistory(client, codec, way)} events`)
  } catch (error) {
    failed += 1
    say(`${way.name}: ${String(error)}`)
  }
}

try {
  await settings(stack, { resultDelayMs: 0 })
  const stage: Stage = {
    stack,
    db,
    client,
    customer: await createCustomer(stack),
    desk: await enterOffice(stack, 'desk'),
    finance: await enterOffice(stack, 'finance'),
    manager: await enterOffice(stack, 'manager'),
  }
  const sendHome = people > 0 ? await invite(stack, people, say) : null
  const ways = await playAll(stage, chosen(GROUPS), AT_ONCE)
  ways.push(...(await playAll(stage, chosen(LONELY), 1)))
  await Promise.all((sendHome ? await chooseUnderLoad(ways) : ways).map(save))
  await sendHome?.()
} finally {
  await client.connection.close()
  await db.close()
  await stack.stop()
}
say(failed === 0 ? 'all were recorded' : `${failed} failed`)
if (failed > 0) process.exitCode = 1
if (process.stdout.writableLength > 0) await once(process.stdout, 'drain')
