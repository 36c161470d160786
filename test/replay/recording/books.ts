/** Comparisons with M-Pesa, and documents. */
import {
  creditNoteWorkflowId,
  invoiceWorkflowId,
  reconciliationWorkflowId,
} from '../../../domain/ids.ts'
import { compare, uploadStatement } from '../../support/office.ts'
import { eventually } from '../../support/stack.ts'
import type { Way } from './saving.ts'
import { awaitRow, bookPaid, MINUTES, type Story } from './stage.ts'

const compared: Story = async ({ stack, finance }) => {
  const { run: full } = await compare(finance, 'full')
  const csv = await (await fetch(`${stack.simulator}/_control/statement.csv`)).text()
  const { run: statement } = await uploadStatement(stack, finance, csv)
  const of = (name: string, id: string): Way => ({
    name: `reconciliation-${name}`,
    workflowId: reconciliationWorkflowId(id),
  })
  return [of('list-and-balance', full.id), of('statement', statement.id)]
}

/** The hourly one, whose hour has come. */
const onSchedule: Story = async ({ client }) => {
  const schedule = client.schedule.getHandle('reconcile-hourly')
  await schedule.trigger()
  const workflowId = await eventually(
    'the clock has started it',
    async () => {
      const { info } = await schedule.describe()
      const action = info.recentActions.at(-1)?.action
      return action?.type === 'startWorkflow' ? action.workflow.workflowId : null
    },
    MINUTES,
  )
  return [{ name: 'reconcile-on-schedule', workflowId }]
}

const invoiced: Story = async (stage) => {
  const { held } = await bookPaid(stage)
  const sql = "SELECT id FROM invoices WHERE owner_id = $1 AND status = 'paid'"
  const { id } = await awaitRow<{ id: string }>(stage, 'the invoice is paid', sql, [held.id])
  return [{ name: 'invoice-registered-and-paid', workflowId: invoiceWorkflowId(id) }]
}

/** A cancelled booking's invoice is credited, and the control unit told. */
const credited: Story = async (stage) => {
  const { held } = await bookPaid(stage)
  const invoice = 'SELECT id FROM invoices WHERE owner_id = $1 AND number IS NOT NULL'
  const { id } = await awaitRow<{ id: string }>(stage, 'the invoice', invoice, [held.id])
  await stage.customer.cancel(held.id)
  const sql = 'SELECT id FROM credit_notes WHERE invoice_id = $1'
  const note = await awaitRow<{ id: string }>(stage, 'the credit note', sql, [id])
  return [
    { name: 'credit-note-registered-and-sent', workflowId: creditNoteWorkflowId(note.id) },
    { name: 'invoice-credited-in-full', workflowId: invoiceWorkflowId(id) },
  ]
}

export const bookStories: Story[] = [invoiced, credited, onSchedule, compared]
