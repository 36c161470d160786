/**
 * `npm run histories:tested`: what the tests of stories live through in skipped time. A way behind `patched` that opens after
 * a day, or when three things go wrong at once, is played there and hardly anywhere else: a story that went one of which no
 * history stands yet is kept. `GARI_TEST_BEFORE=some-patch npm run histories:tested -- -t refund`: the tests are played by the
 * code without that patch, so that some fail, and kept is one story that the change would have broken.
 */
import type { Client } from '@temporalio/client'
import type { PayloadCodec } from '@temporalio/common'
import { Worker } from '@temporalio/worker'
import { patchToCome } from '../../support/shared-server.ts'
import { bundleOfRun } from '../../support/workflow-bundle.ts'
import { answerPatch, patchesOf, recordedPatches, type Event } from '../patches.ts'
import { historyNames, REFUSED } from '../replaying.ts'
import {
  isRecorded,
  readHistory,
  saveHistory,
  writeHistory,
  type History,
  type Way,
} from './saving.ts'

/** Tests give Temporal plain words. */
const OPEN: PayloadCodec = {
  encode: async (payloads) => payloads,
  decode: async (payloads) => payloads,
}
const NAMESPACE = 'default'

/** For a story that only a test can tell, since it needs what no stack of ours has: two master keys, days, a worker that is behind. */
export async function keepTested(client: Client, way: Way): Promise<void> {
  if (!isRecorded(way.name)) await saveHistory(client, OPEN, way)
}

type Told = { type: string; history: History }

/** Of all that the test server has told so far. */
export async function recordTested(client: Client): Promise<void> {
  const told = await readAll(client)
  const toCome = patchToCome()
  return toCome ? recordTimeBefore(told, toCome) : recordNewWays(told)
}

async function readAll(client: Client): Promise<Told[]> {
  const which = { namespace: NAMESPACE, startTimeFilter: {} }
  const { workflowService } = client
  const closed = await workflowService.listClosedWorkflowExecutions(which)
  // A story that waits for ever is how it was before some patches.
  const open = patchToCome() ? await workflowService.listOpenWorkflowExecutions(which) : null
  const all: Told[] = []
  for (const { execution, type } of [...closed.executions, ...(open?.executions ?? [])]) {
    const way = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' }
    all.push({ type: type?.name ?? '', history: await readHistory(client, OPEN, way) })
  }
  return all
}

async function recordNewWays(told: Told[]): Promise<void> {
  const known = recordedPatches()
  for (const { type, history } of told) {
    const fresh = patchesOf(history.events as Event[]).filter((id) => !known.has(id))
    const [first] = fresh
    if (!first) continue
    const name = `${kebab(type)}-patched-${first}`
    await writeHistory(name, history)
    for (const id of fresh) known.set(id, [name])
  }
}

async function recordTimeBefore(told: Told[], id: string): Promise<void> {
  const ending = `-before-${id}`
  if (historyNames().some((name) => name.endsWith(`${ending}.json`))) return
  const { code } = await bundleOfRun()
  const workflowBundle = answerPatch(code, id, true)
  for (const { type, history } of told) {
    const replay = Worker.runReplayHistory({ workflowBundle }, history)
    if ((await replay.then(() => '', nameOfError)) !== REFUSED) continue
    return writeHistory(`${kebab(type)}${ending}`, history)
  }
}

const nameOfError = (error: unknown): string => (error instanceof Error ? error.name : '')
const kebab = (type: string) => type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
