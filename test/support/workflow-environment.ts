/**
 * A time-skipping Temporal server and our workers on it, kept from test to test of a file while nothing is left on
 * it: a test that leaves a story open takes its server with it, so that none can stir in another's time.
 */
import { afterAll } from '@jest/globals'
import { WorkflowNotFoundError } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { loadToolPaths } from '../../config.ts'
import { prepareTestServer } from '../../local/test-server.ts'
import { recordTested } from '../replay/recording/tested.ts'
import { isRecording } from './shared-server.ts'
import { createPlayers, type Players } from './workflow-players.ts'

const SEARCH_ATTRIBUTES = {
  BookingNumber: 2,
  CustomerId: 2,
  VehiclePlate: 2,
  Vin: 2,
  BusinessStatus: 2,
  AmountKes: 3,
  PhoneHash: 2,
  NeedsAttention: 5,
}
const NAMESPACE = 'default'
const PROBE_MS = 1_000

Runtime.install({ logger: new DefaultLogger('ERROR') })

export type WorkflowEnvironment = {
  env: TestWorkflowEnvironment
  /** Has the workers of both queues do these activities for as long as the work takes. */
  during<T>(activities: object, work: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

type Stage = { env: TestWorkflowEnvironment; players: Players }
let stage: Stage | null = null

export async function startWorkflowEnvironment(): Promise<WorkflowEnvironment> {
  stage ??= await setStage()
  const { env, players } = stage
  const stop = async () => {
    if (stage?.env !== env) return
    if (isRecording()) await recordTested(env.client)
    if ((await isAnyOpen(env)) || !(await isFree(env))) await leaveStage()
  }
  return { env, during: (activities, work) => players.during(activities, work), stop }
}

async function setStage(): Promise<Stage> {
  const path = await prepareTestServer(loadToolPaths().cache)
  const env = await startServer(path)
  await env.connection.operatorService.addSearchAttributes({
    namespace: NAMESPACE,
    searchAttributes: SEARCH_ATTRIBUTES,
  })
  return { env, players: await createPlayers(env.nativeConnection) }
}

/** The SDK grants the server five seconds to start, which a busy machine may not have for it at once. */
async function startServer(path: string, triesLeft = 3): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    })
  } catch (error) {
    if (triesLeft === 0) throw error
    return startServer(path, triesLeft - 1)
  }
}

async function leaveStage(): Promise<void> {
  const left = stage
  stage = null
  if (!left) return
  const { env, players } = left
  await players.leave()
  await env.teardown()
}

afterAll(leaveStage)

/** Whether the server's time is anybody's: a step that was never ended would hold the clock still for ever. */
async function isFree(env: TestWorkflowEnvironment): Promise<boolean> {
  const since = performance.now()
  await env.sleep(PROBE_MS)
  return performance.now() - since < PROBE_MS
}

async function isAnyOpen({ connection }: TestWorkflowEnvironment): Promise<boolean> {
  const { executions } = await connection.workflowService.listOpenWorkflowExecutions({
    namespace: NAMESPACE,
    startTimeFilter: {},
  })
  return executions.length > 0
}

/** Says it again until the workflow has parked; the test's own time limit ends what never does. */
export async function whenParked(say: () => Promise<void>): Promise<void> {
  for (;;) {
    const refused = await say().then(
      () => null,
      (error: unknown) => error as { cause?: { type?: string } },
    )
    // The test server may lose an update, which is then said again; one whose workflow has ended needs no more.
    if (
      !refused ||
      (refused instanceof WorkflowNotFoundError && !refused.message.startsWith('update '))
    )
      return
    if (refused instanceof WorkflowNotFoundError) continue
    if (refused.cause?.type !== 'NOT_FOUND') throw refused
  }
}
