/** Whoever speaks to a story that has ended is told so in the words of what it was about. */
import { expect, it } from '@jest/globals'
import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { createChargeWorkflows } from '../../api/charge-messages.ts'
import { createParkedMessages } from '../../api/parked-workflows.ts'
import { createRefundMessages } from '../../api/refund-messages.ts'
import { withDeadline } from '../../api/temporal-answers.ts'

const gone = () => Promise.reject(new WorkflowNotFoundError('it has ended', 'id', undefined))
const client = {
  withDeadline: <T>(_deadline: number, work: () => Promise<T>) => work(),
  workflow: { getHandle: () => ({ executeUpdate: gone }) },
} as unknown as Client
const call = <T>(work: () => Promise<T>) => withDeadline(client, 1_000, work)

const wish = { partyId: 'p', forPartyId: 'q', actorId: 'a' }
const say = { actorId: 'a', note: null }
const charges = createChargeWorkflows(client, call)
const refunds = createRefundMessages(client, call)
const parked = createParkedMessages(client, call)

it.each<[string, () => Promise<unknown>, string]>([
  ['a charge', () => charges.declineShare('c', 'p'), 'CHARGE_CLOSED'],
  ['a booking', () => charges.coverShare('reservation', 'r', wish), 'RESERVATION_CLOSED'],
  ['a plan', () => charges.goOn('p', 'a'), 'PLAN_OVER'],
  ['what operations look after', () => parked.retryStep('payment:p'), 'NOT_FOUND'],
  ['a refund', () => refunds.decideRefund('r', 'approve', say), 'REFUND_REFUSED'],
])('of %s', async (_what, work, code) => {
  await expect(work()).rejects.toMatchObject({ code })
})
