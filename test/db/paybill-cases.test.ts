/** Money that nobody claims for a day is a case of finance, and whoever claims it closes it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { findOpenCase, listCases } from '../../db/finance-cases.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { settleFromMessage } from '../../db/payment-reports.ts'
import { openRefund } from '../../db/refunds.ts'
import { MONEY_UNMATCHED } from '../../domain/finance-cases.ts'
import { shillings } from '../../domain/money.ts'
import { ESCALATE_AFTER_MS } from '../../domain/paybill.ts'
import { HOUR_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCallback,
  buildMessage,
  buildPrompt,
  KSH_1000,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchAgain, matchTold, tellOfPaybill, type Told } from '../support/paybill.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const aDayLater = new Date(NOW.getTime() + ESCALATE_AFTER_MS)

async function buildForgotten(): Promise<Told> {
  const told = await tellOfPaybill(db, { reference: 'wanjiku', amount: 1000 })
  await matchTold(db, told)
  await matchAgain(db, told, aDayLater)
  return told
}
const openCaseOf = ({ paymentId }: Told) => findOpenCase(db, MONEY_UNMATCHED, paymentId)
const closedCaseOf = async ({ paymentId }: Told) =>
  (await listCases(db, { status: 'closed', limit: 100 })).items.find(
    ({ subject }) => subject === paymentId,
  )

describe('money without an owner', () => {
  it('is nobody’s case in its first day', async () => {
    const told = await tellOfPaybill(db, { reference: 'wanjiku', amount: 1000 })
    await matchTold(db, told)
    await matchAgain(db, told, new Date(aDayLater.getTime() - HOUR_MS))
    expect(await openCaseOf(told)).toBeNull()
  })

  it('is one case after a day, which leads to it and says nothing of its payer', async () => {
    const told = await buildForgotten()
    const first = await openCaseOf(told)
    await matchAgain(db, told, new Date(aDayLater.getTime() + ESCALATE_AFTER_MS))
    expect(await openCaseOf(told)).toMatchObject({
      id: first?.id,
      amount: KSH_1000,
      place: `/finance/unmatched/${told.receipt}`,
    })
    expect(JSON.stringify(first)).not.toMatch(/wanjiku|JANE|2547/i)
  })

  it('is no case any more once somebody said whose it is, and the case says who', async () => {
    const told = await buildForgotten()
    const { input, held } = await buildBooking(db)
    const target = { purpose: 'reservation', ownerId: input.reservationId } as const
    const wish = { target, actorId: 'finance', why: 'she called' }
    const answer = await inTransaction(db, (tx) =>
      allocateMoney(tx, told.paymentId, wish, aDayLater),
    )
    expect(answer).toMatchObject({ outcome: 'allocated', applied: KSH_1000 })
    expect(await openCaseOf(told)).toBeNull()
    const resolution = `given to ${held.number}: she called`
    expect(await closedCaseOf(told)).toMatchObject({ resolution })
  })

  it('is no case any more once its prompt claims it', async () => {
    const told = await buildForgotten()
    const prompt = await buildPrompt(db, await buildBooking(db), { amount: shillings(1_000) })
    const body = buildCallback(prompt, { receipt: told.receipt })
    const { messageId } = await buildMessage(db, prompt.paymentId, body)
    const decision = await inTransaction(db, (tx) =>
      settleFromMessage(tx, prompt.paymentId, messageId, aDayLater),
    )
    expect(decision).toMatchObject({ outcome: 'settled' })
    expect(await openCaseOf(told)).toBeNull()
    expect(await closedCaseOf(told)).toMatchObject({ resolution: 'found its payment by callback' })
  })

  it('is no case any more once it is on its way back', async () => {
    const told = await buildForgotten()
    const wish = {
      refundId: told.paymentId,
      receipt: told.receipt,
      reason: 'nobody knows the payer',
      actorId: 'finance',
    }
    const policy = { approvalAbove: shillings(20_000), now: aDayLater }
    const plan = await inTransaction(db, (tx) => openRefund(tx, wish, policy))
    expect(plan).toMatchObject({ outcome: 'ready' })
    expect(await openCaseOf(told)).toBeNull()
    expect(await closedCaseOf(told)).toMatchObject({
      resolution: 'goes back: nobody knows the payer',
    })
  })
})
