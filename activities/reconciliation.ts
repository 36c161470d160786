/** Steps of a reconciliation: each one transaction, safe to repeat. Lines never pass through a workflow's history. */
import { inTransaction, type Database, type Tx } from '../db/connection.ts'
import { listUnowned, settleFromReceipt } from '../db/found-money.ts'
import { findMissingAtBank } from '../db/missing-at-bank.ts'
import { compareReportedBalance, compareStatementBalance } from '../db/provider-balances.ts'
import { importLines } from '../db/provider-lines.ts'
import { explainKnownReasons, matchKnown, placeUnknownMoney } from '../db/reconciling.ts'
import {
  closeWhatFits,
  findMissingAtProvider,
  findMoneyOut,
  findOtherAmounts,
  findUnsettled,
} from '../db/reconciling-leftovers.ts'
import { matchBankLines } from '../db/reconciling-bank.ts'
import { finishRun, noteRun, openRun } from '../db/reconciliation-runs.ts'
import type { PullLine } from '../domain/daraja.ts'
import type { SettleDecision } from '../domain/payments.ts'
import {
  PULL_REACH_MS,
  type BankHandOver,
  type FoundReceipt,
  type HandOver,
  type NewLine,
  type PulledPage,
  type PullWindow,
  type ReconciliationInput,
  type RunSummary,
} from '../domain/reconciliation.ts'
import type { Daraja } from '../gateways/daraja.ts'

type World = {
  db: Database
  now: () => Date
  /** After this a step begins no other batch. */
  stepMs?: number
}

/** Of the ten seconds that a step has (workflows/proxies.ts); a batch takes one or two. */
const STEP_MS = 6_000
const TOO_MANY = 'There are more lines than one comparison takes; the next one goes on.'

type Batch<T> = { told: T[]; more: boolean }

/** A transaction for each batch, until nothing is left. Should the step's time be over first, the run says so. */
async function eachBatch<T>(
  { db, stepMs = STEP_MS }: World,
  runId: string,
  batch: (tx: Tx) => Promise<Batch<T>>,
): Promise<T[]> {
  const until = performance.now() + stepMs
  const told: T[] = []
  for (;;) {
    const found = await inTransaction(db, batch)
    told.push(...found.told)
    if (!found.more) return told
    if (performance.now() < until) continue
    await inTransaction(db, (tx) => noteRun(tx, runId, TOO_MANY))
    return told
  }
}

/** Whoever is to be told is told before the rest is looked at, because their lines would only be found again. */
async function compareSome(tx: Tx, runId: string, now: Date): Promise<Batch<HandOver>> {
  await matchKnown(tx)
  await findOtherAmounts(tx, runId)
  const { told, more } = await placeUnknownMoney(tx, runId, now)
  await matchKnown(tx)
  await findMoneyOut(tx, runId, now)
  return { told, more: more && told.length === 0 }
}

export const createReconciliationActivities = ({ db, now, ...limits }: World) => ({
  /** One whose lines came with a file was opened with them; then nothing happens. */
  openReconciliation: ({ runId, kind, actorId }: ReconciliationInput): Promise<void> =>
    inTransaction(db, (tx) => {
      const to = now()
      const from = new Date(to.getTime() - PULL_REACH_MS)
      return openRun(tx, { runId, kind, from, to, actorId })
    }),

  noteReconciliation: (runId: string, note: string): Promise<void> =>
    inTransaction(db, (tx) => noteRun(tx, runId, note)),

  /** Answers whom to tell of which money; empty when every line has found its place. */
  compareLines: (runId: string): Promise<HandOver[]> =>
    eachBatch({ db, now, ...limits }, runId, (tx) => compareSome(tx, runId, now())),

  /** Answers the stories that money without an owner needs. */
  listUnowned: (runId: string): Promise<string[]> =>
    inTransaction(db, (tx) => listUnowned(tx, runId)),

  /** Answers which announced transfers have their line; each with the first that names it. */
  matchBankLines: async (runId: string): Promise<BankHandOver[]> => {
    const found = await eachBatch({ db, now, ...limits }, runId, (tx) => matchBankLines(tx, runId))
    const ids = found.map(({ paymentId }) => paymentId)
    return found.filter(({ paymentId }, index) => ids.indexOf(paymentId) === index)
  },

  explainKnownReasons: (): Promise<boolean> => inTransaction(db, (tx) => explainKnownReasons(tx)),

  settleFromReceipt: (paymentId: string, found: FoundReceipt): Promise<SettleDecision> =>
    inTransaction(db, (tx) => settleFromReceipt(tx, paymentId, found, now())),

  recordUnsettled: (runId: string, told: HandOver[]): Promise<void> =>
    inTransaction(db, (tx) => findUnsettled(tx, runId, told)),

  findMissing: (runId: string): Promise<void> =>
    inTransaction(db, (tx) => findMissingAtProvider(tx, runId)),

  compareStatementBalance: (runId: string): Promise<boolean> =>
    inTransaction(db, (tx) => compareStatementBalance(tx, runId)),

  compareReportedBalance: (runId: string, messageId: string): Promise<boolean> =>
    inTransaction(db, (tx) => compareReportedBalance(tx, runId, messageId, now())),

  finishReconciliation: (runId: string, complete: boolean): Promise<RunSummary> =>
    inTransaction(db, async (tx) => {
      await matchKnown(tx)
      await closeWhatFits(tx)
      await findMissingAtBank(tx, runId, now())
      return finishRun(tx, runId, complete)
    }),
})

const toNewLine = (line: PullLine): NewLine => ({
  source: 'pull',
  key: line.receipt,
  // Pull tells what customers paid us; money that leaves stands in the statement.
  direction: 'in',
  nature: 'money',
  amount: line.amount,
  balance: null,
  at: line.at,
  position: 0,
  party: line.sender,
  phone: line.phone,
  reference: line.reference,
  details: line.kind,
  raw: line.raw,
})

/** Asking costs nothing and what comes is stored once, so this may be repeated. */
export const createPullActivities = ({ db, daraja }: { db: Database; daraja: Daraja }) => ({
  fetchPulledLines: async (
    runId: string,
    { from, to }: PullWindow,
    offset: number,
  ): Promise<PulledPage> => {
    const window = { from: new Date(from), to: new Date(to) }
    const answer = await daraja.pullTransactions({ ...window, offset })
    if (answer.outcome === 'refused') return { outcome: 'refused', code: answer.code }
    if (answer.outcome === 'unknown') return { outcome: 'unknown' }
    if (answer.outcome === 'none') return { outcome: 'end', read: 0 }
    const { lines, unreadable, nextOffset } = answer
    await inTransaction(db, async (tx) => {
      await importLines(tx, runId, lines.map(toNewLine))
      if (unreadable.length > 0)
        await noteRun(tx, runId, `${unreadable.length} rows of Pull could not be read.`)
    })
    const read = lines.length + unreadable.length
    return read === 0 ? { outcome: 'end', read } : { outcome: 'page', read, nextOffset }
  },
})
