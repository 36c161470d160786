/**
 * Our books against what M-Pesa and the bank say: pull -> compare -> tell payments of money they missed -> compare
 * the balance -> report.
 *
 * Started by the clock (`reconcileOnSchedule`: Pull every hour, and once a day with the balance), by finance, or with a
 * file that was imported. `balanceReported` (signal) brings M-Pesa's balance. It moves no money: what it finds is handed
 * to the payment's own story, or to people. A provider that does not answer makes the run incomplete, never wrong.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow'
import { reconciliationWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import {
  pullWindows,
  type HandOver,
  type PullWindow,
  type ReconciliationInput,
  type RunKind,
  type RunSummary,
} from '../domain/reconciliation.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'
import { books, providers } from './proxies.ts'
import { handOverMoney, handOverTransfer, startStoryOfMoney } from './receipt-hand-over.ts'
import { balanceReported } from './reconciliation-messages.ts'

/** A page holds hundreds of rows; whoever has more in six hours has other troubles. */
const MOST_PAGES = 200
/** Told payments settle within seconds; one that is parked waits for a person. */
const ROUNDS = 12
const TELL_AGAIN = 3
const SETTLE_MS = 10_000
const BALANCE_WAIT_MS = 10 * MINUTE_MS
/** Events. After days without a word from M-Pesa thousands are told, and a history has an end. */
const LONGEST_HISTORY = 2_000

type State = {
  input: ReconciliationInput
  parking: Parking
  reports: string[]
  /** Rows of M-Pesa's list. */
  read: number
  complete: boolean
}

export async function reconciliation(input: ReconciliationInput): Promise<RunSummary> {
  const { read, complete } = input.goesOn ?? { read: 0, complete: true }
  const state: State = { input, parking: createParking(), reports: [], read, complete }
  setHandler(balanceReported, ({ messageId }) => {
    state.reports.push(messageId)
  })
  const summary = await run(state)
  await condition(allHandlersFinished)
  return summary
}

async function run(state: State): Promise<RunSummary> {
  const { input, parking } = state
  if (!input.goesOn) {
    await parking.insist('open the run', () => books.openReconciliation(input))
    if (pulls(input.kind)) await pullAll(state)
  }
  await compare(state)
  await placeUnowned(state)
  await compareBank(state)
  await explain(state)
  if (input.kind !== 'bank' && state.complete && (state.read > 0 || input.kind === 'statement'))
    await parking.insist('look for what the provider lacks', () => books.findMissing(input.runId))
  if (input.kind === 'statement')
    await parking.insist('compare the balance', () => books.compareStatementBalance(input.runId))
  if (input.kind === 'full') await compareBalance(state)
  const summary = await parking.insist('finish the run', () =>
    books.finishReconciliation(input.runId, state.complete),
  )
  setCurrentDetails(`${summary.status}: ${summary.matched} matched, ${summary.leftOver} left over`)
  return summary
}

const pulls = (kind: RunKind): boolean => kind === 'pull' || kind === 'full'

async function pullAll(state: State): Promise<void> {
  for (const window of pullWindows(Date.now())) {
    setCurrentDetails(`Reading M-Pesa’s list from ${window.from}`)
    const found = await pullWindow(state, window)
    if (found === null) return
    state.read += found
  }
}

/** Null when M-Pesa would not tell: then no other window is asked for either. */
async function pullWindow(state: State, window: PullWindow): Promise<number | null> {
  const { runId } = state.input
  let [offset, read] = [0, 0]
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await providers
      .fetchPulledLines(runId, window, offset)
      .catch(() => ({ outcome: 'unknown' as const }))
    if (found.outcome === 'end') return read
    if (found.outcome !== 'page') {
      const why = found.outcome === 'refused' ? `refused it (${found.code})` : 'did not answer'
      return incomplete(state, `M-Pesa’s Pull ${why}.`)
    }
    read += found.read
    if (found.nextOffset <= offset) return incomplete(state, 'M-Pesa’s Pull went in a circle.')
    offset = found.nextOffset
  }
  return incomplete(state, 'M-Pesa’s Pull has more pages than we read.')
}

async function incomplete(state: State, why: string): Promise<null> {
  state.complete = false
  await state.parking.insist('note what is missing', () =>
    books.noteReconciliation(state.input.runId, why),
  )
  return null
}

/** Until nobody is left to be told, or those who are left do not settle. */
async function compare(state: State): Promise<void> {
  const { runId } = state.input
  const told = new Set(state.input.goesOn?.told)
  let left: HandOver[] = []
  let quiet = 0
  while (quiet < ROUNDS) {
    left = await state.parking.insist('compare', () => books.compareLines(runId))
    if (left.length === 0) return
    const fresh = left.filter(({ receipt }) => !told.has(receipt))
    if (fresh.length > 0 && workflowInfo().historyLength > LONGEST_HISTORY)
      await goOn(state, without(left, fresh))
    // A story that ended just when it was told is told once more, and then settled in the books.
    for (const one of quiet === TELL_AGAIN ? left : fresh) {
      await handOverMoney(one, state.parking)
      told.add(one.receipt)
    }
    setCurrentDetails(`Money of ${told.size} payments was found in M-Pesa’s list`)
    quiet = fresh.length > 0 ? 0 : quiet + 1
    await condition(() => false, SETTLE_MS)
  }
  await state.parking.insist('note what does not settle', () => books.recordUnsettled(runId, left))
}

const without = (all: HandOver[], some: HandOver[]) => all.filter((one) => !some.includes(one))

/** The same run under a history of its own, and only for money that nobody was told of: what never settles has an end. */
function goOn({ input, read, complete }: State, waiting: HandOver[]): Promise<never> {
  const told = waiting.map(({ receipt }) => receipt)
  return continueAsNew<typeof reconciliation>({ ...input, goesOn: { read, complete, told } })
}

/** What nobody told us of is counted for what its payer typed, or waits in finance's queue. */
async function placeUnowned({ input: { runId }, parking }: State): Promise<void> {
  const unowned = await parking.insist('list money without an owner', () =>
    books.listUnowned(runId),
  )
  for (const storyId of unowned) await startStoryOfMoney(storyId)
  if (unowned.length > 0) await condition(() => false, SETTLE_MS)
}

/** Announced transfers are told of their line once; then we look again, because most settle at once. */
async function compareBank({ input: { runId }, parking }: State): Promise<void> {
  const match = () => parking.insist('compare the bank', () => books.matchBankLines(runId))
  const waiting = await match()
  for (const one of waiting) await handOverTransfer(one, parking)
  if (waiting.length === 0) return
  await condition(() => false, SETTLE_MS)
  await match()
}

async function explain(state: State): Promise<void> {
  while (await state.parking.insist('book charges', () => books.explainKnownReasons()));
}

/** Asked once: the next day asks again. */
async function compareBalance(state: State): Promise<void> {
  const { runId } = state.input
  const answer = await providers
    .requestAccountBalance({ subjectId: runId, remarks: 'Daily comparison' })
    .catch(() => ({ outcome: 'unknown' as const }))
  if (answer.outcome === 'refused') {
    await incomplete(state, `M-Pesa refused to tell the balance (${answer.code}).`)
    return
  }
  await condition(() => state.reports.length > 0, BALANCE_WAIT_MS)
  const messageId = state.reports.shift()
  const used =
    messageId !== undefined &&
    (await state.parking.insist('compare the balance', () =>
      books.compareReportedBalance(runId, messageId),
    ))
  if (!used) await incomplete(state, 'M-Pesa has not told the balance.')
}

/** The clock starts this; the run has an id of its own, which stands in the address of M-Pesa's report. */
export async function reconcileOnSchedule({ kind }: { kind: RunKind }): Promise<RunSummary | null> {
  const runId = uuid4()
  try {
    return await executeChild<typeof reconciliation>('reconciliation', {
      workflowId: reconciliationWorkflowId(runId),
      taskQueue: TASK_QUEUES.payments,
      args: [{ runId, kind, actorId: 'clock' }],
      // The clock waits two hours for it; a step that parks waits for a person, however long.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary:
        kind === 'full' ? 'Daily comparison with M-Pesa' : 'Hourly comparison with M-Pesa',
    })
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null
    throw error
  }
}
