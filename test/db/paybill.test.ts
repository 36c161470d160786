/** Money sent by hand is counted once, whoever tells us first, and stays visible when nobody knows whose it is. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { settleFromMessage } from '../../db/payment-reports.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { settleFromQuery } from '../../db/payment-settling.ts'
import { refusePayment } from '../../db/payments.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { fromDecimal, toDecimal, type Cents } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { PROMPT_WAIT_MS } from '../../domain/paybill.ts'
import { HOUR_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCallback,
  buildMessage,
  buildPaid,
  buildPrompt,
  count,
  eventsOf,
  KSH_1000,
  nextReceipt,
  NOW,
  progress,
  type Booking,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchAgain, matchTold, tellOfPaybill, type Told } from '../support/paybill.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const pay = (booking: Booking, amount: Cents, over: Parameters<typeof tellOfPaybill>[1] = {}) =>
  tellOfPaybill(db, { reference: booking.held.number, amount: toDecimal(amount), ...over })

const callback = async (prompt: Prompted, receipt: string) => {
  const body = buildCallback(prompt, { receipt })
  const { messageId } = await buildMessage(db, prompt.paymentId, body)
  return inTransaction(db, (tx) => settleFromMessage(tx, prompt.paymentId, messageId, NOW))
}

/** What stands in an account because of this receipt, and in all accounts together. */
async function balance(account: string): Promise<number> {
  const row = await selectOne<{ sum: string }>(
    db,
    'SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = $1',
    [account],
  )
  return Number(row?.sum)
}

/** How much more M-Pesa money stands in the books after the work. */
async function received(work: () => Promise<unknown>): Promise<number> {
  const before = await balance('mpesa_clearing')
  await work()
  return (await balance('mpesa_clearing')) - before
}

const paidOf = async ({ input }: Booking) => (await findReservation(db, input.reservationId))?.paid

describe('money that names an open booking', () => {
  it('counts for it, and a repeat changes nothing', async () => {
    const booking = await buildBooking(db)
    const told = await pay(booking, KSH_1000, { reference: booking.held.number.toLowerCase() })
    const sum = await received(async () => {
      for (let time = 0; time < 2; time += 1) {
        expect(await matchTold(db, told)).toMatchObject({
          standing: 'settled',
          paymentId: told.paymentId,
          ownerOpen: true,
          told: { purpose: 'reservation', ownerId: booking.input.reservationId },
        })
      }
      await progress(db, booking.input.reservationId)
    })
    expect(sum).toBe(KSH_1000)
    expect(await paidOf(booking)).toBe(KSH_1000)
    expect(await readPayment(db, told.paymentId)).toMatchObject({
      channel: 'paybill',
      method: 'mpesa',
      phone: null,
      receipt: told.receipt,
      applied: KSH_1000,
      status: 'settled',
    })
    expect(await eventsOf(db, told.paymentId)).toMatchObject([
      { type: 'payment.succeeded', data: { channel: 'paybill', receipt: told.receipt } },
    ])
  })

  it('beyond the balance becomes credit, and so does all of it once the booking is paid', async () => {
    const booking = await buildBooking(db)
    const { total } = booking.held
    const over = fromDecimal(toDecimal(total).replace(/^/, '1')) as Cents
    await matchTold(db, await pay(booking, over))
    await progress(db, booking.input.reservationId)
    const customer = booking.input.customerId
    expect(await readCredit(db, customer)).toBe(over - total)
    const phone = booking.input.parties[0]?.phone.slice(1) ?? ''
    const second = await pay(booking, KSH_1000, { phone })
    expect(await matchTold(db, second)).toMatchObject({ standing: 'settled', ownerOpen: true })
    expect(await readPayment(db, second.paymentId)).toMatchObject({
      applied: 0,
      credited: KSH_1000,
    })
    expect(await readCredit(db, customer)).toBe(over - total + KSH_1000)
  })

  it('that has ended looks for a home', async () => {
    const booking = await buildBooking(db)
    const { reservationId } = booking.input
    await inTransaction(db, (tx) =>
      endReservation(tx, { reservationId, reason: 'deadline', actorId: 'clock', note: null }),
    )
    const told = await pay(booking, KSH_1000)
    expect(await matchTold(db, told)).toMatchObject({ standing: 'settled', ownerOpen: false })
  })

  it('is the share of the person whose number M-Pesa shows', async () => {
    const parties = [
      { id: '5f0c1d2e-0000-4000-8000-000000000001', name: 'Wanjiku', phone: '+254722000111' },
      { id: '5f0c1d2e-0000-4000-8000-000000000002', name: 'Otieno', phone: '+254733000222' },
    ].map((party) => ({ ...party, share: null }))
    const booking = await buildBooking(db, { parties })
    for (const [phone, party] of [
      ['2547 ***** 222', 1],
      [createHash('sha256').update('254733000222').digest('hex'), 1],
      ['254722000111', 0],
      ['2547 ***** 999', 0],
    ] as const) {
      const told = await pay(booking, KSH_1000, { phone })
      await matchTold(db, told)
      expect((await readPayment(db, told.paymentId))?.partyId).toBe(booking.held.parties[party]?.id)
    }
  })
})

describe('money of a prompt, which is reported as a payment by hand too', () => {
  const set = async () => {
    const booking = await buildBooking(db)
    const prompt = await buildPrompt(db, booking, { amount: KSH_1000 })
    const phone = `2547 ***** ${prompt.phone.slice(-3)}`
    return { booking, prompt, phone, receipt: nextReceipt(), at: new Date() }
  }
  const finish = async (booking: Booking, told: Told, prompt: Prompted) => {
    expect(await matchAgain(db, told)).toMatchObject({
      standing: 'settled',
      paymentId: prompt.paymentId,
    })
    await progress(db, booking.input.reservationId)
    expect(await paidOf(booking)).toBe(KSH_1000)
    expect(await count(db, 'payments WHERE receipt = $1', [told.receipt])).toBe(1)
    expect(await balance('unexplained')).toBe(0)
  }

  it('is known when the callback came first', async () => {
    const { booking, prompt, ...shown } = await set()
    const sum = await received(async () => {
      await callback(prompt, shown.receipt)
      const told = await pay(booking, KSH_1000, shown)
      await matchTold(db, told)
      await finish(booking, told, prompt)
    })
    expect(sum).toBe(KSH_1000)
  })

  it('waits for the callback when the confirmation came first', async () => {
    const { booking, prompt, ...shown } = await set()
    const sum = await received(async () => {
      const told = await pay(booking, KSH_1000, shown)
      expect(await matchTold(db, told)).toMatchObject({ standing: 'waiting' })
      expect(await matchAgain(db, told)).toMatchObject({ standing: 'waiting' })
      expect(await callback(prompt, shown.receipt)).toMatchObject({ outcome: 'settled' })
      await finish(booking, told, prompt)
    })
    expect(sum).toBe(KSH_1000)
  })

  it('is one payment when both come at once, again and again', async () => {
    for (let time = 0; time < 8; time += 1) {
      const { booking, prompt, ...shown } = await set()
      const sum = await received(async () => {
        const told = await pay(booking, KSH_1000, shown)
        await Promise.all([
          matchTold(db, told),
          callback(prompt, shown.receipt),
          matchTold(db, told),
          callback(prompt, shown.receipt),
        ])
        await finish(booking, told, prompt)
      })
      expect(sum).toBe(KSH_1000)
    }
  })

  it('brings the receipt to a prompt that a query had settled', async () => {
    const { booking, prompt, ...shown } = await set()
    const sum = await received(async () => {
      await inTransaction(db, (tx) =>
        settleFromQuery(tx, prompt.paymentId, { outcome: 'paid' }, NOW),
      )
      const told = await pay(booking, KSH_1000, shown)
      await matchTold(db, told)
      await finish(booking, told, prompt)
    })
    expect(sum).toBe(KSH_1000)
    expect((await readPayment(db, prompt.paymentId))?.receipt).toBe(shown.receipt)
  })

  it('counts as the prompt’s when nobody can say what became of the prompt', async () => {
    const { booking, prompt, ...shown } = await set()
    const told = await pay(booking, KSH_1000, shown)
    await matchTold(db, told)
    const later = new Date(shown.at.getTime() + PROMPT_WAIT_MS + HOUR_MS)
    expect(await matchAgain(db, told, later)).toMatchObject({ paymentId: prompt.paymentId })
    await callback(prompt, shown.receipt)
    await finish(booking, told, prompt)
  })

  it('is a payment by hand when the prompt was refused', async () => {
    const { booking, prompt, ...shown } = await set()
    const told = await pay(booking, KSH_1000, shown)
    await matchTold(db, told)
    await inTransaction(db, (tx) => refusePayment(tx, prompt.paymentId, reasonFor('1032')))
    expect(await matchAgain(db, told)).toMatchObject({ paymentId: told.paymentId })
    await progress(db, booking.input.reservationId)
    expect(await paidOf(booking)).toBe(KSH_1000)
    expect(await balance('unexplained')).toBe(0)
  })

  it.each([
    ['of another phone', { phone: '2547 ***** 999' }],
    ['long after the prompt', { at: new Date(Date.now() + HOUR_MS) }],
    ['of another amount', { amount: '999.00' }],
  ])('is no such money: %s', async (_, over) => {
    const { booking, prompt: _prompt, ...shown } = await set()
    const told = await pay(booking, KSH_1000, { ...shown, ...over })
    expect(await matchTold(db, told)).toMatchObject({ paymentId: told.paymentId })
  })

  it('paid twice, by prompt and by hand, is two sums; the second is never lost', async () => {
    const { booking, prompt, ...shown } = await set()
    const own = nextReceipt()
    const sum = await received(async () => {
      const told = await pay(booking, KSH_1000, shown)
      await matchTold(db, told)
      const later = new Date(shown.at.getTime() + PROMPT_WAIT_MS + HOUR_MS)
      await matchAgain(db, told, later)
      expect(await callback(prompt, own)).toMatchObject({ outcome: 'settled' })
    })
    expect(sum).toBe(2 * KSH_1000)
    expect(
      await count(db, "mpesa_receipts WHERE receipt = $1 AND status = 'unmatched'", [own]),
    ).toBe(1)
    await select(db.owner, 'DELETE FROM mpesa_receipts WHERE receipt = $1 RETURNING receipt', [own])
  })
})

describe('money that names nothing of ours', () => {
  it('stands in the books without an owner, and is told once', async () => {
    const told = await tellOfPaybill(db, { reference: 'wanjiku', amount: 1000 })
    const sum = await received(async () => {
      for (let time = 0; time < 2; time += 1)
        expect(await matchTold(db, told)).toMatchObject({ standing: 'unmatched', amount: KSH_1000 })
    })
    expect(sum).toBe(KSH_1000)
    expect((await eventsOf(db, told.paymentId)).map(({ type }) => type)).toEqual([
      'money.unexplained',
    ])
    expect(JSON.stringify(await eventsOf(db, told.paymentId))).not.toContain('wanjiku')
  })

  it('paid to a till waits for a prompt of the same phone only', async () => {
    const booking = await buildBooking(db)
    const amount = 777_00 as Cents
    const prompt = await buildPrompt(db, booking, { amount, phone: '+254712000126' })
    const till = { type: 'Buy Goods', amount: '777.00', at: new Date() }
    const other = await tellOfPaybill(db, { ...till, phone: '2547 ***** 999' })
    expect(await matchTold(db, other)).toMatchObject({ standing: 'unmatched' })
    const own = await tellOfPaybill(db, { ...till, phone: '2547 ***** 126' })
    expect(await matchTold(db, own)).toMatchObject({ standing: 'waiting' })
    await callback(prompt, own.receipt)
    expect(await matchAgain(db, own)).toMatchObject({ paymentId: prompt.paymentId })
  })

  it('is not given to a booking that was made later and got the number', async () => {
    const booking = await buildBooking(db)
    const at = new Date(Date.now() - HOUR_MS)
    const told = await tellOfPaybill(db, { reference: booking.held.number, at })
    expect(await matchTold(db, told)).toMatchObject({ standing: 'unmatched' })
  })

  it.each([
    ['a receipt', { receipt: '' }],
    ['an amount', { amount: '' }],
  ])('without %s is for a person to read', async (_, over) => {
    const told = await tellOfPaybill(db, over)
    expect(await matchTold(db, told)).toMatchObject({ standing: 'unreadable' })
  })
})

it('the ledger balances after all of it', async () => {
  const booking = await buildBooking(db)
  await buildPaid(db, booking, KSH_1000)
  expect(
    await count(db, '(SELECT sum(amount_cents) AS s FROM ledger_postings) t WHERE s <> 0'),
  ).toBe(0)
})
