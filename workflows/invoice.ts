/**
 * One invoice, from its number to its money.
 *
 * draft -> issued (number, control unit, e-mail) -> sent -> paid, or overdue with reminders -> paid. Its money comes in
 * elsewhere: `invoiceMoved` (signal: money is a fact) makes it look again, and each timer does so too, so a lost
 * signal only delays. Credited in full it is cancelled. After the last reminder finance has a case, and the story
 * goes on looking until the invoice is settled one way or the other.
 */
import {
  allHandlersFinished,
  condition,
  defineSignal,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow'
import type { InvoiceStanding } from '../activities/invoices.ts'
import { CASE_AFTER_DAYS, isOpenInvoice, reminderPlan, type Reminder } from '../domain/invoices.ts'
import { DAY_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'
import { invoiceBooks, registerWithEtims } from './registering.ts'

export const invoiceMoved = defineSignal('invoiceMoved')

export type InvoiceInput = { invoiceId: string }
export type InvoiceOutcome = { outcome: 'paid' | 'cancelled' }
type State = { id: string; parking: Parking; moved: boolean }
type Deed = { at: number; reminder: Reminder | null }

/** Nothing is due any more; somebody may still pay. */
const LOOK_AGAIN_MS = 7 * DAY_MS

export async function invoice({ invoiceId }: InvoiceInput): Promise<InvoiceOutcome> {
  const state: State = { id: invoiceId, parking: createParking(), moved: false }
  setHandler(invoiceMoved, () => {
    state.moved = true
  })
  const outcome = await run(state)
  await condition(allHandlersFinished)
  return { outcome }
}

async function run(state: State): Promise<InvoiceOutcome['outcome']> {
  const { id, parking } = state
  const issued = await parking.insist('issue the invoice', () => invoiceBooks.issueInvoice(id))
  if (!issued.number || !issued.issuedAt || !issued.dueAt) return 'cancelled'
  setCurrentDetails(`${issued.number} for ${issued.ownerNumber} is issued`)
  await registerWithEtims(parking, 'invoice', id)
  await parking.insist('send the invoice', () => invoiceBooks.mailInvoice(id))
  const deeds = planOf(new Date(issued.issuedAt), new Date(issued.dueAt))
  for (;;) {
    const now = await look(state)
    if (!isOpenInvoice(now.status)) return now.status === 'paid' ? 'paid' : 'cancelled'
    await rest(state, deeds)
  }
}

/** Reminders, the end of the last day, and the day on which a person looks; in the order of time. */
const planOf = (issuedAt: Date, dueAt: Date): Deed[] =>
  [
    ...reminderPlan(issuedAt, dueAt).map(({ reminder, at }) => ({ reminder, at: at.getTime() })),
    { reminder: null, at: dueAt.getTime() },
    { reminder: null, at: dueAt.getTime() + CASE_AFTER_DAYS * DAY_MS },
  ].toSorted((a, b) => a.at - b.at)

async function look({ id, parking }: State): Promise<InvoiceStanding> {
  const standing = await parking.insist('look at the money', () => invoiceBooks.recountInvoice(id))
  setCurrentDetails(`${standing.number} for ${standing.ownerNumber} is ${standing.status}`)
  return standing
}

/** Until money moves, or the next deed is due and done. */
async function rest(state: State, deeds: Deed[]): Promise<void> {
  const [next] = deeds
  const pause = next ? Math.max(1, next.at - Date.now()) : LOOK_AGAIN_MS
  const moved = await condition(() => state.moved, pause)
  state.moved = false
  if (moved || !next) return
  deeds.shift()
  const { id, parking } = state
  const { reminder } = next
  if (reminder)
    await parking.insist('remind of it', () => invoiceBooks.remindOfInvoice(id, reminder))
  else if (deeds.length === 0)
    await parking.insist('open a case', () => invoiceBooks.openInvoiceCase(id))
}
