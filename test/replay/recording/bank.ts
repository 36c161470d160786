/** Bank money that nobody announced: finance imports the bank's list and says whose the line is. */
import { paymentWorkflowId } from '../../../domain/ids.ts'
import { importBankFile } from '../../support/office.ts'
import { awaitRow, book, MINUTES, whole, type Stage, type Story } from './stage.ts'

/** The bank's list shows what this booking costs, in words that say nothing. */
async function arrived(stage: Stage) {
  const held = await book(stage)
  const reference = `ZZ${held.number.replaceAll(/\D/g, '')}`
  await importBankFile(stage.finance, [
    { reference, description: 'EFT', amount: whole(held.balance_due) },
  ])
  const found = await awaitRow<{ line: string; finding: string }>(
    stage,
    'the line is on the worklist',
    `SELECT l.id AS line, f.id AS finding FROM provider_lines l JOIN reconciliation_findings f ON f.line_id = l.id
     WHERE l.reference = $1`,
    [reference],
  )
  return { held, ...found }
}

const given: Story = async (stage) => {
  const { held, line, finding } = await arrived(stage)
  const page = `/finance/reconciliation/findings/${finding}`
  const form = { purpose: 'reservation', owner_id: held.id, why: 'She showed the slip' }
  await stage.finance.submit(page, `${page}/give`, form)
  await stage.customer.until(held.id, 'confirmed', MINUTES)
  return [{ name: 'bank-money-given-to-a-booking', workflowId: paymentWorkflowId(line) }]
}

export const bankStories: Story[] = [given]
