/**
 * Refunds after a restore: none is paid twice. A reversal that the books call decided and not sent may have been sent
 * since the copy was taken, so it counts as sent and is waited for. A payout is sent again under its old key, which
 * M-Pesa pays once (decision 0022).
 */
import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../db/connection.ts'
import { findLeftover } from '../../db/refund-leftovers.ts'
import { findRefund, type RefundRow } from '../../db/refund-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { recordRefundSent } from '../../db/refund-settling.ts'
import { listRefunds } from '../../db/restored-books.ts'
import { refundWorkflowId } from '../../domain/ids.ts'
import type { RefundInput, RefundStatus } from '../../domain/refunds.ts'
import { listRunning, lookAt, readStory, type Told } from '../../gateways/histories.ts'
import { begin, beginAnew, isBegunByUs, refundOf, refundStory, signal } from './starting.ts'
import { forEach, knowsHowItWent, type Restored } from './world.ts'

const REFUND = /^refund:(.*)$/
const DECIDED: readonly RefundStatus[] = ['requested', 'approved', 'refused']
const ENDED: readonly RefundStatus[] = ['settled', 'declined']

export async function mendRefunds(world: Restored): Promise<void> {
  const rows = await listRefunds(world.db, world.since)
  await forEach(rows, (row) => mendRefund(world, row))
  if (!world.isQuiet) return
  await mendUnwritten(world, new Set(rows.map(({ id }) => id)))
  await askAbout(world)
}

/** Their reports may have come in the time that is lost; without this they would be waited for as if they had just been sent. */
async function askAbout({ db, client, since }: Restored): Promise<void> {
  const sent = (await listRefunds(db, since)).filter(({ status }) => status === 'sent')
  await forEach(sent, ({ id }) => signal(client, refundWorkflowId(id), 'lookNow'))
}

async function mendRefund(world: Restored, row: RefundRow): Promise<void> {
  const { client, findings, before } = world
  const id = refundWorkflowId(row.id)
  const story = await lookAt(client, id)
  if (!story?.isRunning) {
    if (ENDED.includes(row.status) || row.requestedAt > before) return
    if (DECIDED.includes(row.status)) await doubt(world, row)
    findings.missingStories.push(id)
    return begin(client, refundStory(row))
  }
  if (!world.isQuiet) return
  const told = await readStory(client, id, story.runId)
  if (told.isFresh && isBegunByUs(story)) return
  const isDoubtful = mayHaveBeenSent(row, told)
  if (isDoubtful) await doubt(world, row)
  if (!told.isFresh && (isDoubtful || isBehind(row, told))) await beginFromRow(world, row)
}

/** One that M-Pesa refused waits for a person, who looks before it is sent again. */
const mayHaveBeenSent = (row: RefundRow, told: Told): boolean =>
  row.method === 'reversal' &&
  ['requested', 'approved'].includes(row.status) &&
  !knowsHowItWent(told)

/**
 * It waits for what the books know to be over, or would send what they call sent. A person's word that the books have and
 * it has not heard is over as well.
 */
const isBehind = ({ status, decidedBy, waitsBecause }: RefundRow, told: Told): boolean => {
  if (status === 'declined') return !told.updates.includes('declineRefund')
  if (status === 'settled') return true
  if (status === 'sent' && ['asking', 'not_sent'].includes(told.asked)) return true
  const isDecided = status !== 'awaiting_approval' && waitsBecause !== null && decidedBy !== null
  return isDecided && told.asked === 'never' && !told.updates.includes('approveRefund')
}

async function beginFromRow({ client, db, findings }: Restored, row: RefundRow): Promise<void> {
  findings.staleStories.push(refundWorkflowId(row.id))
  // A story that hears the no gives back what the wish had kept; one that begins after it does not. First, because after
  // `beginAnew` nobody would look for it any more; begun twice, the second finds nothing left.
  const left = await inTransaction(db, (tx) => findLeftover(tx, row.id))
  if (left) {
    const reason = 'what was left when a refund was declined'
    const input = {
      refundId: randomUUID(),
      paymentId: left.paymentId,
      reason,
      actorId: 'gari',
    }
    await begin(client, refundOf(input, left.ownerNumber))
  }
  await beginAnew(client, refundStory(row))
}

async function doubt({ db, findings }: Restored, row: RefundRow): Promise<void> {
  if (row.method !== 'reversal') return
  findings.doubtfulRefunds.push(row.id)
  await inTransaction(db, (tx) => recordRefundSent(tx, row.id, null))
}

/** One without a row has not begun in the books, and may have begun since: it is opened, and then doubted like the others. */
async function mendUnwritten(world: Restored, seen: ReadonlySet<string>): Promise<void> {
  const running = await listRunning(world.client, ['refund'])
  const unseen = running.flatMap((id) => REFUND.exec(id)?.[1] ?? []).filter((id) => !seen.has(id))
  await forEach(unseen, async (id) => {
    const row = await findRefund(world.db, id)
    await (row ? mendRefund(world, row) : writeDown(world, id))
  })
}

async function writeDown(world: Restored, id: string): Promise<void> {
  const { db, client, now, approvalAbove, findings } = world
  const story = await lookAt(client, refundWorkflowId(id))
  if (!story?.isRunning) return
  const told = await readStory(client, refundWorkflowId(id), story.runId)
  if (told.isFresh && isBegunByUs(story)) return
  const input = told.input as RefundInput
  const row = await inTransaction(db, async (tx) => {
    await openRefund(tx, input, { approvalAbove, now })
    return findRefund(tx, id)
  })
  // It cannot be opened yet, and looks again by itself.
  if (!row) return
  if (row.status === 'approved') await doubt(world, row)
  if (told.isFresh) return
  findings.staleStories.push(refundWorkflowId(id))
  await beginAnew(client, refundOf(input, row.ownerNumber))
}
