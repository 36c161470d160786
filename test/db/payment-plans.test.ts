/** Big amounts in steps, in the books: begun once, what the next step follows from, gone on with, ended once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { endCharge } from '../../db/charges.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { endPlan, findPlan, goOnWithPlan, openPlan, readPlanFacts } from '../../db/payment-plans.ts'
import { addPlanPhone, restPlanPhone } from '../../db/plan-phones.ts'
import type { ChargeInput } from '../../domain/charges.ts'
import { cents, shillings } from '../../domain/money.ts'
import { NEVER, type PlanInput } from '../../domain/payment-plans.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { buildBooking, buildParty, buildPrompt, count, nextPhone } from '../support/builders.ts'
import { NOW, settle } from '../support/builders.ts'
import { buildCharge, payCharge, promptCharge } from '../support/charges.ts'
import type { BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const TOTAL = shillings(600_000)
const LATER = new Date(NOW.getTime() + HOUR_MS)
const build = (over: Partial<ChargeInput> = {}) => buildCharge(db, { total: TOTAL, ...over })

const wishFor = ({ input }: BuiltCharge, over: Partial<PlanInput> = {}): PlanInput => ({
  planId: randomUUID(),
  purpose: 'charge',
  ownerId: input.chargeId,
  partyId: input.parties[0]?.id ?? '',
  actorId: 'amina',
  amount: TOTAL,
  phones: [nextPhone(), nextPhone()].map((phone) => ({ phone, phoneHash: '' })),
  deadline: new Date(NOW.getTime() + 2 * DAY_MS).toISOString(),
  ...over,
})
const open = (wish: PlanInput, now = NOW) => inTransaction(db, (tx) => openPlan(tx, wish, now))
/** One that runs. */
async function begin(charge: BuiltCharge, over: Partial<PlanInput> = {}, now = NOW) {
  const wish = wishFor(charge, over)
  expect(await open(wish, now)).toMatchObject({ outcome: 'opened' })
  return wish
}
const goOn = (planId: string, endedCodes = ['1']) =>
  inTransaction(db, (tx) => goOnWithPlan(tx, { planId, actorId: 'amina', endedCodes }, LATER))
const end = (planId: string, as: 'done' | 'stopped') =>
  inTransaction(db, (tx) => endPlan(tx, planId, as, 'amina'))
const add = (planId: string, phone = nextPhone()) =>
  inTransaction(db, (tx) => addPlanPhone(tx, { planId, phone, actorId: 'amina' }))
const endOf = ({ input: { chargeId } }: BuiltCharge) =>
  inTransaction(db, (tx) => endCharge(tx, { chargeId, reason: 'desk', actorId: 'd', note: null }))
const audited = (planId: string, action: string) =>
  count(db, "audit_entries WHERE entity_id = $1 AND action = $2 AND actor = 'amina'", [
    planId,
    action,
  ])
const factsOf = (planId: string, now = NOW) => readPlanFacts(db, planId, now)

describe('a plan', () => {
  it('begins once, also when its step runs twice', async () => {
    const charge = await build()
    const wish = await begin(charge)
    expect(await open(wish)).toMatchObject({
      outcome: 'opened',
      ownerNumber: charge.opened.number,
      customerId: charge.input.customerId,
    })
    expect(await audited(wish.planId, 'plan.started')).toBe(1)
    expect(await open(wishFor(charge))).toMatchObject({ code: 'PLAN_OVER' })
    await end(wish.planId, 'stopped')
    expect(await open(wishFor(charge))).toMatchObject({ outcome: 'opened' })
  })

  it('is for what is there, still takes money, and asks for no more than is owed', async () => {
    const charge = await build()
    const nobody = wishFor(charge, { ownerId: randomUUID() })
    expect(await open(nobody)).toMatchObject({ code: 'NOT_FOUND' })
    const much = wishFor(charge, { amount: cents(TOTAL + 100) })
    expect(await open(much)).toMatchObject({ code: 'AMOUNT_ABOVE_BALANCE' })
    await endOf(charge)
    expect(await open(wishFor(charge))).toMatchObject({ code: 'PLAN_OVER' })
  })

  it('ends once: what stands is answered', async () => {
    const { planId } = await begin(await build())
    expect(await end(planId, 'done')).toBe('done')
    expect(await end(planId, 'stopped')).toBe('done')
    expect(await audited(planId, 'plan.done')).toBe(1)
    expect(await audited(planId, 'plan.stopped')).toBe(0)
  })
})

describe('what its next step follows from', () => {
  it('is what is paid and asked for since it began', async () => {
    const charge = await build()
    await payCharge(db, charge, shillings(100_000))
    const amount = shillings(500_000)
    const { planId } = await begin(charge, { amount }, LATER)
    expect(await factsOf(planId)).toMatchObject({ owed: amount, free: amount, payable: true })
    // As if it had begun before the money came.
    await select(db, 'UPDATE payment_plans SET created_at = $2 WHERE id = $1 RETURNING id', [
      planId,
      NOW,
    ])
    expect(await factsOf(planId)).toMatchObject({ owed: shillings(400_000) })
    await payCharge(db, charge, shillings(250_000))
    const { paymentId } = await promptCharge(db, charge, shillings(50_000))
    const left = { owed: shillings(150_000), free: shillings(100_000) }
    expect(await factsOf(planId)).toMatchObject(left)
    const lost = "UPDATE payments SET status = 'unknown' WHERE id = $1 RETURNING id"
    await select(db, lost, [paymentId])
    expect(await factsOf(planId)).toMatchObject(left)
  })

  it('is also what others pay, and what is on their phones', async () => {
    const charge = await build({ parties: [buildParty(), buildParty()] })
    const { planId } = await begin(charge)
    await promptCharge(db, charge, shillings(250_000), 1)
    expect(await factsOf(planId)).toMatchObject({ owed: TOTAL, free: shillings(350_000) })
    await payCharge(db, charge, shillings(200_000), 1)
    expect(await factsOf(planId)).toMatchObject({
      owed: shillings(400_000),
      free: shillings(150_000),
    })
  })

  it('is what its phones were asked for lately, for whatever it was', async () => {
    const { planId, phones } = await begin(await build())
    const phone = phones[1]?.phone ?? ''
    const prompt = await buildPrompt(db, await buildBooking(db), { phone, amount: shillings(900) })
    const asked = { position: 1, amount: shillings(900) }
    expect((await factsOf(planId)).payments).toMatchObject([{ ...asked, state: 'open' }])
    const nextWeek = new Date(NOW.getTime() + 7 * DAY_MS)
    expect((await factsOf(planId, nextWeek)).payments).toHaveLength(1)
    const earlier = "requested_at = requested_at - interval '20 minutes'"
    await select(db, `UPDATE payments SET ${earlier} WHERE id = $1 RETURNING id`, [
      prompt.paymentId,
    ])
    await settle(db, prompt)
    // A day's limit counts the day on which it was paid.
    const paid = { ...asked, state: 'paid', at: NOW.getTime() }
    expect((await factsOf(planId)).payments).toMatchObject([paid])
    expect((await factsOf(planId, nextWeek)).payments).toEqual([])
  })

  it('is nothing more once that has ended for which it pays', async () => {
    const charge = await build()
    const { planId } = await begin(charge)
    await endOf(charge)
    expect(await factsOf(planId)).toMatchObject({ payable: false })
  })
})

describe('to go on', () => {
  it('is to consent for today, and wakes only phones whose rest a person can end', async () => {
    const { planId } = await begin(await build())
    await add(planId)
    const until = LATER.getTime() + HOUR_MS
    await restPlanPhone(db, { planId, position: 0, code: '1', until })
    await restPlanPhone(db, { planId, position: 1, code: '3', until })
    await restPlanPhone(db, { planId, position: 2, code: '2001', until: NEVER })
    await goOn(planId)
    const { phones, consentedAt } = await factsOf(planId)
    expect(phones).toEqual([
      { position: 0, restsUntil: 0, restCode: null },
      { position: 1, restsUntil: until, restCode: '3' },
      { position: 2, restsUntil: NEVER, restCode: '2001' },
    ])
    expect(consentedAt).toBe(LATER.getTime())
    expect(await audited(planId, 'plan.went_on')).toBe(1)
  })

  it('is nothing when it is over', async () => {
    const { planId } = await begin(await build())
    await end(planId, 'stopped')
    await goOn(planId)
    expect((await findPlan(db, planId))?.consentedAt).toEqual(NOW)
    expect(await audited(planId, 'plan.went_on')).toBe(0)
  })
})

describe('one more phone', () => {
  it('is last in line, once, and none after the fifth or the end', async () => {
    const { planId } = await begin(await build())
    const phone = nextPhone()
    for (const _time of [1, 2])
      expect(await add(planId, phone)).toEqual({ outcome: 'added', position: 2 })
    expect(await audited(planId, 'plan.phone_added')).toBe(1)
    for (const place of [3, 4])
      expect(await add(planId)).toEqual({ outcome: 'added', position: place })
    expect(await add(planId)).toMatchObject({ code: 'INVALID_INPUT' })
    await end(planId, 'stopped')
    expect(await add(planId)).toMatchObject({ code: 'PLAN_OVER' })
    expect(await add(planId, phone)).toEqual({ outcome: 'added', position: 2 })
  })

  it('of several named at the same moment has each a place of its own', async () => {
    const charges = await Promise.all([1, 2, 3, 4].map(() => build()))
    const plans = await Promise.all(charges.map((charge) => begin(charge)))
    const named = plans.flatMap(({ planId }) => [planId, planId, planId])
    const added = await Promise.all(named.map((planId) => add(planId)))
    const places = added.map((one) => (one.outcome === 'added' ? one.position : -1))
    expect(places.filter((place) => place === 3)).toHaveLength(4)
    expect(places.filter((place) => place === 4)).toHaveLength(4)
  })
})
