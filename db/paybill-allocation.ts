/** A person says whose money it is. One of two people at once wins, and the other is told. */
import { cents, formatKes, type Cents } from '../domain/money.ts'
import { DEFAULT_CREDIT_ALONE, type Allocation, type AllocationAnswer } from '../domain/paybill.ts'
import { twoPeopleSay } from './allocation-wishes.ts'
import { appendAudit } from './audit.ts'
import { type Tx } from './connection.ts'
import { isOnePerson } from './one-person.ts'
import { countFor } from './paybill.ts'
import { closeMoneyCase } from './paybill-cases.ts'
import { lockOwner, roomOf, type PaymentOwner } from './payment-owners.ts'
import { readPayment } from './payment-rows.ts'
import { lockReceipt, readReceiptOfStory, type ReceiptRow } from './unmatched-money.ts'

const refused = (
  code: Extract<AllocationAnswer, { outcome: 'refused' }>['code'],
  why: string,
): AllocationAnswer => ({ outcome: 'refused', code, why })

export const takesMoney = (owner: PaymentOwner): boolean => owner.payable || owner.full === true

export async function allocateMoney(
  tx: Tx,
  paymentId: string,
  allocation: Allocation,
  now: Date,
  creditAlone: Cents = DEFAULT_CREDIT_ALONE,
): Promise<AllocationAnswer> {
  const { target } = allocation
  const owner = await lockOwner(tx, target.purpose, target.ownerId)
  if (!owner) return refused('NOT_FOUND', 'What this money should count for does not exist.')
  const held = await readReceiptOfStory(tx, paymentId)
  const row = held && (await lockReceipt(tx, held.receipt))
  if (!row) return refused('NOT_FOUND', 'We have no such money.')
  if (row.paymentId === paymentId) return sameAgain(tx, paymentId, allocation)
  if (row.status !== 'unmatched') return taken()
  if (!takesMoney(owner))
    return refused('RESERVATION_CLOSED', 'That has ended. Choose the customer’s credit instead.')
  const credited = await creditedOf(tx, owner, row.amount)
  const why = await whyTwo(tx, { owner, actorId: allocation.actorId, credited, creditAlone })
  if (why && !(await twoPeopleSay(tx, row.receipt, allocation)))
    return refused(
      'SECOND_PERSON',
      `${why} It is written down: a second person has to say the same.`,
    )
  return count(tx, paymentId, { row, owner, allocation, now })
}

type Giving = { owner: PaymentOwner; actorId: string; credited: Cents; creditAlone: Cents }

/** Why one person is not enough: much of it becomes credit, or they would give it to themselves, however little. */
export async function whyTwo(
  tx: Tx,
  { owner, actorId, credited, creditAlone }: Giving,
): Promise<string | null> {
  if (await isOnePerson(tx, actorId, owner.customerId)) return 'This would be yours.'
  return credited > creditAlone ? `${formatKes(credited)} would become credit.` : null
}

/** What of it its owner does not need, by the rules of the settle. */
export async function creditedOf(tx: Tx, owner: PaymentOwner, amount: Cents): Promise<Cents> {
  if (owner.purpose === 'credit' || !owner.payable) return amount
  return cents(Math.max(0, amount - Math.max(0, await roomOf(tx, owner))))
}

const taken = () => refused('MONEY_TAKEN', 'Somebody else has decided about this money already.')

/** A step that ran twice answers the same; another wish comes too late. */
async function sameAgain(
  tx: Tx,
  paymentId: string,
  { target, actorId }: Allocation,
): Promise<AllocationAnswer> {
  const payment = await readPayment(tx, paymentId)
  const same = payment?.ownerId === target.ownerId && payment.createdBy === actorId
  return payment && same ? answerOf(payment) : taken()
}

type Count = { row: ReceiptRow; owner: PaymentOwner; allocation: Allocation; now: Date }

async function count(
  tx: Tx,
  paymentId: string,
  { row, owner, allocation, now }: Count,
): Promise<AllocationAnswer> {
  const { receipt, amount, heardFrom, payer, reference, paidAt } = row
  const money = { receipt, amount, heardFrom, payer, payerName: null, reference, paidAt }
  const { actorId, why } = allocation
  const resolution = `given to ${owner.number}: ${why}`
  await closeMoneyCase(tx, receipt, { resolution, actorId, now })
  await countFor(tx, { paymentId, money, owner, actorId, now })
  await appendAudit(tx, {
    actor: actorId,
    action: 'payment.allocated',
    entity: 'payment',
    entityId: paymentId,
    after: { receipt, purpose: owner.purpose, number: owner.number },
    why,
  })
  const payment = await readPayment(tx, paymentId)
  if (!payment) throw new Error(`payment ${paymentId} was not written`)
  return answerOf(payment)
}

type Counted = NonNullable<Awaited<ReturnType<typeof readPayment>>>

const answerOf = ({ id, applied, credited, ...row }: Counted): AllocationAnswer => ({
  outcome: 'allocated',
  paymentId: id,
  applied,
  credited,
  told: { purpose: row.purpose, ownerId: row.ownerId, number: row.ownerNumber },
})
