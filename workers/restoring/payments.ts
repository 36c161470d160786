/**
 * Prompts after a restore. Between the copy and now a request may have been sent, and paid, of which neither the books
 * nor the story know. So none is sent again: it is unknown, and watched until M-Pesa says what became of it. A story
 * that stands before its request, or in the middle of it, begins again from the row, which says so.
 */
import { inTransaction } from '../../db/connection.ts'
import { readPayment, type PaymentRow } from '../../db/payment-rows.ts'
import { openPayment, recordUnknown } from '../../db/payments.ts'
import { listAnnouncedTransfers, listPrompts } from '../../db/restored-books.ts'
import { paymentWorkflowId } from '../../domain/ids.ts'
import { isOpenPayment, type PaymentInput } from '../../domain/payments.ts'
import type { TenderInput } from '../../domain/tenders.ts'
import { listRunning, lookAt, readStory, type Told } from '../../gateways/histories.ts'
import { begin, beginAnew, end, promptStory, transferStory } from './starting.ts'
import { forEach, knowsHowItWent, type Restored } from './world.ts'

const WHY = 'restored: it may have been sent in the time that is lost'
const PAYMENT = /^payment:(.*)$/

export async function mendPayments(world: Restored): Promise<void> {
  const { db, since } = world
  const rows = await listPrompts(db, since)
  await forEach(rows, (row) => mendPrompt(world, row))
  await forEach(await listAnnouncedTransfers(db), (row) => mendTransfer(world, row))
  if (world.isQuiet) await mendUnwritten(world, new Set(rows.map(({ id }) => id)))
}

async function mendPrompt(world: Restored, row: PaymentRow): Promise<void> {
  const { client, findings, before } = world
  const story = await lookAt(client, paymentWorkflowId(row.id))
  if (!story?.isRunning) {
    if (!isOpenPayment(row.status) || row.requestedAt > before) return
    await doubt(world, row)
    findings.missingStories.push(paymentWorkflowId(row.id))
    return begin(client, promptStory(row, world.phoneHash))
  }
  if (!world.isQuiet) return
  const told = await readStory(client, paymentWorkflowId(row.id), story.runId)
  if (row.status === 'requested' && !knowsHowItWent(told)) await doubt(world, row)
  if (isBehind(row, told)) await beginFromRow(world, row)
}

/** With its next step it would send a request that the books call sent, or that may have been sent. */
const isBehind = ({ status }: PaymentRow, told: Told): boolean => {
  if (told.asked === 'asking') return true
  if (status === 'requested')
    return !knowsHowItWent(told) && (told.asked === 'not_sent' || told.hasAnswers)
  return told.asked === 'not_sent' && status !== 'refused'
}

async function beginFromRow({ client, findings, phoneHash }: Restored, row: PaymentRow) {
  findings.staleStories.push(paymentWorkflowId(row.id))
  await beginAnew(client, promptStory(row, phoneHash))
}

async function doubt({ db, findings }: Restored, row: PaymentRow): Promise<void> {
  if (row.status !== 'requested') return
  findings.doubtfulPrompts.push(row.id)
  await inTransaction(db, (tx) => recordUnknown(tx, row.id, WHY))
}

async function mendTransfer({ client, findings, before }: Restored, row: PaymentRow) {
  const id = paymentWorkflowId(row.id)
  if (row.requestedAt > before || (await lookAt(client, id))?.isRunning) return
  findings.missingStories.push(id)
  await begin(client, transferStory(row))
}

/**
 * Stories that are not in the books yet, or that the books take for decided. The request of one without a row may have
 * been sent all the same, so it is written down as unknown: M-Pesa's list finds the money by that.
 */
async function mendUnwritten(world: Restored, seen: ReadonlySet<string>): Promise<void> {
  const running = await listRunning(world.client, ['payment'])
  const unseen = running.flatMap((id) => PAYMENT.exec(id)?.[1] ?? []).filter((id) => !seen.has(id))
  await forEach(unseen, async (id) => {
    const row = await readPayment(world.db, id)
    if (row?.channel === 'prompt') return mendPrompt(world, row)
    if (!row) await writeDown(world, id)
  })
}

async function writeDown(world: Restored, id: string): Promise<void> {
  const { db, client, findings } = world
  const story = await lookAt(client, paymentWorkflowId(id))
  if (!story?.isRunning) return
  const told = await readStory(client, paymentWorkflowId(id), story.runId)
  const input = told.input as PaymentInput | TenderInput
  // Rings no phone; its one step writes it down.
  if ('tender' in input) return
  const row = await inTransaction(db, async (tx) => {
    // As old as it is: M-Pesa's list looks for the money of a request by when it was made.
    const opened = await openPayment(tx, input, story.beganAt)
    if (opened.outcome === 'refused') return null
    await recordUnknown(tx, id, WHY)
    return readPayment(tx, id)
  })
  if (!row) {
    // What has asked for nothing yet is refused by the books themselves.
    if (told.asked === 'never') return
    findings.refusedStories.push(paymentWorkflowId(id))
    return end(client, paymentWorkflowId(id))
  }
  findings.doubtfulPrompts.push(id)
  if (!told.isFresh) await beginFromRow(world, row)
}
