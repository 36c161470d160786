/** People who want to be forgotten; the stack of the recordings waits no days for them. */
import { createUser } from '../../../db/accounts.ts'
import { inTransaction } from '../../../db/connection.ts'
import { erasureWorkflowId } from '../../../domain/ids.ts'
import { awaitRow, newPhone, type Stage, type Story } from './stage.ts'

export const buildGuest = ({ db }: Stage): Promise<{ userId: string }> =>
  inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: null,
      passwordHash: null,
      firstName: 'Payer',
      lastName: '',
      phone: `+${newPhone()}`,
      phoneVerified: true,
    }),
  )

const forgotten: Story = async (stage) => {
  const { userId } = await buildGuest(stage)
  const why = 'asked at the desk'
  const { status, body } = await stage.manager.send(`/customers/${userId}/erasure`, { why })
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  const sql = "SELECT id FROM erasures WHERE user_id = $1 AND status = 'done'"
  const { id } = await awaitRow<{ id: string }>(stage, 'somebody is forgotten', sql, [userId])
  return [{ name: 'erasure-done', workflowId: erasureWorkflowId(id) }]
}

export const erasureStories: Story[] = [forgotten]
