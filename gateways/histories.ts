/** Stories as Temporal keeps them, read from outside: whether one runs, what it has heard, and what it believes it sent. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { LoadedDataConverter } from '@temporalio/common'
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow/index.js'
import proto from '@temporalio/proto'
import type { History } from '@temporalio/common/lib/proto-utils.js'

/** As Temporal has it now: the newest run of its id, and the sentence that it was started with. */
export type StoryLook = {
  runId: string
  isRunning: boolean
  summary: string
  beganAt: Date
  endedAt: Date | null
}

/**
 * What its history says of the last call that may move money. `asking`: it does not know yet whether that was sent.
 * `not_sent`: M-Pesa refused it, or no worker took it.
 */
export type Asked = 'never' | 'asking' | 'sent' | 'not_sent'
export type Told = {
  /** It has taken no step yet, so it will read the books as they are. */
  isFresh: boolean
  /** It has the answer of at least one step. */
  hasAnswers: boolean
  asked: Asked
  /** M-Pesa's code of a refusal. */
  refusal: string | null
  /** Ids of the stored reports that it was told of. */
  reports: string[]
  /** Names of the updates that it took. */
  updates: string[]
  /** What it was started with. */
  input: unknown
}

/** Activities that may charge a customer or pay one (workflows/proxies.ts). */
const MOVES_MONEY = new Set(['requestStkPush', 'requestReversal', 'requestPayout'])
const { TIMEOUT_TYPE_SCHEDULE_TO_START: NEVER_STARTED } = proto.temporal.api.enums.v1.TimeoutType

type HistoryEvent = NonNullable<History['events']>[number]
type Call = { scheduledAt: string; end: HistoryEvent | null }

/** Null where Temporal knows no such story. */
export async function lookAt(client: Client, workflowId: string): Promise<StoryLook | null> {
  try {
    const story = await client.workflow.getHandle(workflowId).describe()
    const summary = (await story.staticSummary()) ?? ''
    return {
      runId: story.runId,
      isRunning: story.status.name === 'RUNNING',
      summary,
      beganAt: story.startTime,
      endedAt: story.closeTime ?? null,
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

export async function readStory(client: Client, workflowId: string, runId: string): Promise<Told> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  return tell(client.options.loadedDataConverter, events ?? [])
}

/** Ids of the running stories of these types. */
export async function listRunning(client: Client, types: readonly string[]): Promise<string[]> {
  const named = types.map((type) => `'${type}'`).join(', ')
  const ids: string[] = []
  const query = `ExecutionStatus = 'Running' AND WorkflowType IN (${named})`
  for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId)
  return ids
}

async function tell(converter: LoadedDataConverter, events: HistoryEvent[]): Promise<Told> {
  const decode = (payloads: Parameters<typeof decodeFromPayloadsAtIndex>[2]) =>
    decodeFromPayloadsAtIndex<unknown>(converter, 0, payloads)
  const reports: string[] = []
  for (const { workflowExecutionSignaledEventAttributes: signal } of events) {
    if (!signal) continue
    const said = (await decode(signal.input?.payloads)) as { messageId?: string } | undefined
    if (said?.messageId) reports.push(said.messageId)
  }
  return {
    isFresh: !events.some((event) => event.workflowTaskCompletedEventAttributes),
    hasAnswers: events.some((event) => event.markerRecordedEventAttributes),
    ...(await judge(lastCall(events), decode)),
    reports,
    updates: events.flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: update }) =>
      update ? [update.acceptedRequest?.input?.name ?? ''] : [],
    ),
    input: await decode(events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads),
  }
}

const endOf = (event: HistoryEvent): string | null => {
  const end =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes
  return end ? String(end.scheduledEventId) : null
}

function lastCall(events: HistoryEvent[]): Call | null {
  let call: Call | null = null
  for (const event of events) {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name ?? ''
    if (MOVES_MONEY.has(name)) call = { scheduledAt: String(event.eventId), end: null }
    else if (call && endOf(event) === call.scheduledAt) call.end = event
  }
  return call
}

type Answer = { outcome?: string; code?: string; reason?: { code?: string } }
type Decode = (payloads: Parameters<typeof decodeFromPayloadsAtIndex>[2]) => Promise<unknown>

/** Whatever hides the answer means, for the story as for us: it may have been sent. */
async function judge(
  call: Call | null,
  decode: Decode,
): Promise<{ asked: Asked; refusal: string | null }> {
  if (!call) return { asked: 'never', refusal: null }
  if (!call.end) return { asked: 'asking', refusal: null }
  const { activityTaskTimedOutEventAttributes: late, activityTaskCompletedEventAttributes: done } =
    call.end
  if (late?.failure?.timeoutFailureInfo?.timeoutType === NEVER_STARTED)
    return { asked: 'not_sent', refusal: null }
  if (!done) return { asked: 'sent', refusal: null }
  const answer = (await decode(done.result?.payloads)) as Answer | undefined
  return answer?.outcome === 'refused'
    ? { asked: 'not_sent', refusal: answer.code ?? answer.reason?.code ?? null }
    : { asked: 'sent', refusal: null }
}
