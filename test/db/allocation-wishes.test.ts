/** Nobody alone turns money without an owner into somebody's credit. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findWaitingAllocation } from '../../db/allocation-wishes.ts'
import { inTransaction } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { changeProfile } from '../../db/own-profile.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { shillings, toDecimal, type Cents } from '../../domain/money.ts'
import type { MoneyTarget } from '../../domain/paybill.ts'
import { buildBooking, buildCustomer, count, nextPhone, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const arrived = async (amount: Cents) => {
  const told = await tellOfPaybill(db, { amount: toDecimal(amount), reference: 'SCHOOL FEES' })
  await matchTold(db, told)
  return told
}
const give = (paymentId: string, target: MoneyTarget, actorId: string) =>
  inTransaction(db, (tx) => allocateMoney(tx, paymentId, { target, actorId, why: 'known' }, NOW))
const creditOf = (ownerId: string): MoneyTarget => ({ purpose: 'credit', ownerId })

describe('money without an owner', () => {
  it('becomes more credit than the limit only when two people say the same', async () => {
    const [friend, payer] = [await buildCustomer(db), await buildCustomer(db)]
    const { paymentId, receipt } = await arrived(shillings(18_000))
    for (const _again of [1, 2])
      expect(await give(paymentId, creditOf(friend), 'amina')).toMatchObject({
        outcome: 'refused',
        code: 'SECOND_PERSON',
      })
    expect(await readCredit(db, friend)).toBe(0)
    expect(await give(paymentId, creditOf(payer), 'baraka')).toMatchObject({ outcome: 'refused' })
    expect(await findWaitingAllocation(db, receipt)).toMatchObject({ askedBy: 'baraka' })
    expect(await give(paymentId, creditOf(payer), 'amina')).toMatchObject({ outcome: 'allocated' })
    expect(await readCredit(db, payer)).toBe(shillings(18_000))
    expect(await readCredit(db, friend)).toBe(0)
    const asked = "audit_entries WHERE action = 'payment.allocation_asked' AND entity_id = $1"
    expect(await count(db, asked, [receipt])).toBe(2)
  })

  it('needs no second person for a little, nor for what a booking needs', async () => {
    const customer = await buildCustomer(db)
    const little = await arrived(shillings(1_000))
    expect(await give(little.paymentId, creditOf(customer), 'amina')).toMatchObject({
      outcome: 'allocated',
    })
    const { held, input } = await buildBooking(db)
    const all = await arrived(held.total)
    const target = { purpose: 'reservation' as const, ownerId: input.reservationId }
    expect(await give(all.paymentId, target, 'amina')).toMatchObject({ applied: held.total })
  })

  it('is nobody’s own by their word alone, neither as credit nor for their booking', async () => {
    const { held, input } = await buildBooking(db)
    const own = { purpose: 'reservation' as const, ownerId: input.reservationId }
    for (const [amount, target] of [
      [shillings(100), creditOf(input.customerId)],
      [held.total, own],
    ] as const) {
      const { paymentId } = await arrived(amount)
      expect(await give(paymentId, target, input.customerId)).toMatchObject({
        code: 'SECOND_PERSON',
      })
      expect(await give(paymentId, target, 'amina')).toMatchObject({ outcome: 'allocated' })
    }
  })

  it('is not given by one person with two accounts, who have one phone', async () => {
    const [work, guest, friend] = await Promise.all([1, 2, 3].map(() => buildCustomer(db)))
    const phone = nextPhone()
    for (const id of [work, guest])
      await inTransaction(db, (tx) => changeProfile(tx, id ?? '', { phone }))
    const { paymentId } = await arrived(shillings(18_000))
    for (const actorId of [work, guest])
      expect(await give(paymentId, creditOf(friend ?? ''), actorId ?? '')).toMatchObject({
        code: 'SECOND_PERSON',
      })
    const little = await arrived(shillings(100))
    expect(await give(little.paymentId, creditOf(guest ?? ''), work ?? '')).toMatchObject({
      code: 'SECOND_PERSON',
    })
  })

  it('cannot get round it by a booking that needs less', async () => {
    const { held, input } = await buildBooking(db)
    const much = await arrived((held.total + shillings(1_001)) as Cents)
    const target = { purpose: 'reservation' as const, ownerId: input.reservationId }
    expect(await give(much.paymentId, target, 'amina')).toMatchObject({ code: 'SECOND_PERSON' })
  })
})
