/** Money sent by hand for a charge: found by its number, counted as what it is, suggested when the number is wrong. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { endCharge, progressCharge } from '../../db/charges.ts'
import { inTransaction } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { findByReference } from '../../db/payable-references.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { previewAllocation } from '../../db/paybill-preview.ts'
import { findUnmatched } from '../../db/paybill-queue.ts'
import { suggestFor } from '../../db/paybill-suggestions.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { shillings, toDecimal, type Cents } from '../../domain/money.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildParty, KSH_1000, NOW } from '../support/builders.ts'
import { buildCharge, promptCharge, type BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

type Over = Parameters<typeof tellOfPaybill>[1]
const pay = ({ opened }: BuiltCharge, amount: Cents, over: Over = {}) =>
  tellOfPaybill(db, { reference: opened.number, amount: toDecimal(amount), ...over })
const end = ({ input: { chargeId } }: BuiltCharge) =>
  inTransaction(db, (tx) =>
    endCharge(tx, { chargeId, reason: 'desk', actorId: 'desk', note: null }),
  )
const bare = (number: string) => number.replaceAll('-', '').toLowerCase()

describe('a charge’s number as the account', () => {
  it('is taken while it is open, however it is typed, and no longer', async () => {
    const charge = await buildCharge(db)
    const { number } = charge.opened
    const open = { purpose: 'charge', ownerId: charge.input.chargeId, number, payable: true }
    const later = new Date(Date.now() + DAY_MS)
    expect(await findByReference(db, number, later)).toEqual(open)
    expect(await findByReference(db, bare(number), later)).toEqual(open)
    await end(charge)
    expect(await findByReference(db, number, later)).toMatchObject({ payable: false })
  })

  it('counts for it as what it is, and for whoever’s phone M-Pesa shows', async () => {
    const parties = [buildParty({ phone: '+254722000111' }), buildParty({ phone: '+254733000222' })]
    const charge = await buildCharge(db, { type: 'deposit', parties })
    const told = await pay(charge, KSH_1000, { phone: '2547 ***** 222' })
    expect(await matchTold(db, told)).toMatchObject({
      standing: 'settled',
      ownerOpen: true,
      told: { purpose: 'charge', ownerId: charge.input.chargeId },
    })
    expect(await readPayment(db, told.paymentId)).toMatchObject({
      type: 'deposit',
      channel: 'paybill',
      applied: KSH_1000,
      partyId: parties[1]?.id,
    })
  })

  it('beyond the balance becomes credit, and all of it once the charge is paid', async () => {
    const charge = await buildCharge(db, { total: KSH_1000 })
    const { chargeId, customerId } = charge.input
    await matchTold(db, await pay(charge, shillings(1_300)))
    const counted = await inTransaction(db, (tx) => progressCharge(tx, chargeId))
    expect(counted).toMatchObject({ status: 'paid', paid: KSH_1000 })
    expect(await readCredit(db, customerId)).toBe(shillings(300))
    const phone = charge.input.parties[0]?.phone.slice(1) ?? ''
    await matchTold(db, await pay(charge, KSH_1000, { phone }))
    expect(await readCredit(db, customerId)).toBe(shillings(1_300))
  })

  it('is the money of its prompt when one is on that phone', async () => {
    const charge = await buildCharge(db)
    const prompt = await promptCharge(db, charge, KSH_1000)
    const phone = prompt.phone.replace('+', '')
    const told = await pay(charge, KSH_1000, { phone })
    expect(await matchTold(db, told)).toMatchObject({ standing: 'waiting' })
  })

  it('that has ended looks for a home', async () => {
    const charge = await buildCharge(db)
    await end(charge)
    const told = await pay(charge, KSH_1000)
    expect(await matchTold(db, told)).toMatchObject({ standing: 'settled', ownerOpen: false })
  })
})

describe('money that names nothing', () => {
  it('suggests the open charge of that amount, and is given to it', async () => {
    const total = shillings(7_777)
    const charge = await buildCharge(db, { total })
    const { chargeId, customerId } = charge.input
    const told = await pay(charge, total, { reference: 'mirror' })
    expect(await matchTold(db, told)).toMatchObject({ standing: 'unmatched' })
    const money = await findUnmatched(db, told.receipt)
    if (!money) throw new Error('it is not on the list')
    const [first] = await suggestFor(db, money, 3)
    expect(first).toMatchObject({
      purpose: 'charge',
      ownerId: chargeId,
      status: 'pending',
      customerId,
      balance: total,
      likeness: { sameAmount: true },
    })
    const target = { purpose: 'charge' as const, ownerId: chargeId }
    expect(await previewAllocation(db, target, total)).toMatchObject({
      name: charge.opened.number,
      applied: total,
      refused: null,
    })
    const wish = { target, actorId: 'finance', why: 'the customer called' }
    const given = await inTransaction(db, (tx) => allocateMoney(tx, told.paymentId, wish, NOW))
    expect(given).toMatchObject({ outcome: 'allocated', applied: total })
  })

  it('suggests a charge whose number is nearly what was typed', async () => {
    const charge = await buildCharge(db, { total: shillings(9_876) })
    const typed = `${charge.opened.number.slice(0, -1)}X`
    const told = await pay(charge, shillings(50), { reference: typed })
    await matchTold(db, told)
    const money = await findUnmatched(db, told.receipt)
    const found = money ? await suggestFor(db, money, 10) : []
    expect(found.map(({ number }) => number)).toContain(charge.opened.number)
  })
})
