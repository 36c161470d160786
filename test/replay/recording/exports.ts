/** Somebody who wants a copy of all that we hold about them; its files lie for days, so the story is saved while it waits. */
import { exportWorkflowId } from '../../../domain/ids.ts'
import { buildGuest } from './erasures.ts'
import { awaitRow, type Story } from './stage.ts'

const copied: Story = async (stage) => {
  const { userId } = await buildGuest(stage)
  const why = 'asked at the desk'
  const { status, body } = await stage.manager.send(`/customers/${userId}/exports`, { why })
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  const sql = "SELECT id FROM exports WHERE user_id = $1 AND status = 'ready'"
  const { id } = await awaitRow<{ id: string }>(stage, 'a copy is ready', sql, [userId])
  return [{ name: 'data-export-ready', workflowId: exportWorkflowId(id) }]
}

export const exportStories: Story[] = [copied]
