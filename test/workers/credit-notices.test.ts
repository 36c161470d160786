/** Money that becomes a customer's credit: they are told, by SMS and mail, in their language, once. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { composeCreditMail, composeCreditSms } from '../../activities/credit-notices.ts'
import { composeSms } from '../../activities/notices.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { findCreditNoticeFacts } from '../../db/credit-notices.ts'
import { postEntry } from '../../db/ledger.ts'
import { agreeToCorrection, postCorrection } from '../../db/ledger-corrections.ts'
import { findNotificationFacts, takeNotifications } from '../../db/notifications.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { declineRefund } from '../../db/refund-approvals.ts'
import { openRefund } from '../../db/refunds.ts'
import { creditTold } from '../../domain/credit-notices.ts'
import type { Posting } from '../../domain/ledger.ts'
import { add, cents, shillings, toDecimal, ZERO } from '../../domain/money.ts'
import type { MoneyTarget } from '../../domain/paybill.ts'
import { hearEvent } from '../../workers/hearing-notices.ts'
import { buildBooking, buildCustomer, buildPaid, buildParty } from '../support/builders.ts'
import { eventsOf, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

const URL = 'https://gari.example'
let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** Everything that was said about this, each event twice, as Kafka may bring it. */
async function hearAll(key: string, type: string): Promise<void> {
  for (const event of await eventsOf(db, key)) {
    if (event.type !== type) continue
    const value = { id: randomUUID(), type: `gari.${type}.v1`, subject: key, data: event.data }
    for (const _time of [1, 2]) await hearEvent({ db }, JSON.stringify(value))
  }
}

async function smsOfCredit() {
  const queued = await takeNotifications(db, 'sms', 50)
  const mails = await takeNotifications(db, 'email', 50)
  const sent = []
  for (const one of [...queued, ...mails]) {
    if (one.customerId === null) throw new Error('this is about no credit alone')
    const facts = await findCreditNoticeFacts(db, one.customerId)
    if (!facts) throw new Error('there is no such customer')
    sent.push(
      one.channel === 'sms'
        ? composeCreditSms(URL, one, facts)
        : await composeCreditMail(URL, one, facts),
    )
  }
  return sent
}

const contactOf = async (id: string) => {
  const facts = await findCreditNoticeFacts(db, id)
  return { phone: facts?.phone ?? '', email: facts?.email ?? '' }
}

const arrived = async (amount = '1000.00') => {
  const told = await tellOfPaybill(db, { amount, reference: 'SCHOOL FEES' })
  await matchTold(db, told)
  return told
}
const give = (paymentId: string, target: MoneyTarget) =>
  inTransaction(db, (tx) =>
    allocateMoney(tx, paymentId, { target, actorId: 'amina', why: 'known' }, NOW),
  )

describe('money of nobody that becomes credit', () => {
  it('is told to the customer with its receipt, once by SMS and once by mail', async () => {
    const customer = await buildCustomer(db)
    const { phone, email } = await contactOf(customer)
    const { paymentId, receipt } = await arrived()
    await give(paymentId, { purpose: 'credit', ownerId: customer })
    await hearAll(paymentId, 'payment.succeeded')
    const sent = await smsOfCredit()
    expect(sent.map((one) => one?.to)).toEqual([phone, email])
    for (const one of sent) {
      expect(one?.text).toContain(`Your M-Pesa payment ${receipt} of KSh 1,000 is now your credit.`)
      expect(one?.text).toContain(`${URL}/account/credit`)
    }
  })

  it('is told in Swahili to whoever reads that', async () => {
    const customer = await buildCustomer(db)
    await select(db, "UPDATE users SET language = 'sw' WHERE id = $1 RETURNING id", [customer])
    const { paymentId, receipt } = await arrived()
    await give(paymentId, { purpose: 'credit', ownerId: customer })
    await hearAll(paymentId, 'payment.succeeded')
    const [sms, mail] = await smsOfCredit()
    expect(mail).toMatchObject({ html: expect.stringContaining('<html lang="sw"') })
    expect(sms?.text).toContain(`Malipo yako ya M-Pesa ${receipt} ya KSh 1,000 sasa ni salio lako.`)
  })

  it('is told by SMS alone where no mail is known', async () => {
    const customer = await buildCustomer(db)
    await select(db, 'UPDATE users SET email = NULL WHERE id = $1 RETURNING id', [customer])
    const { paymentId } = await arrived()
    await give(paymentId, { purpose: 'credit', ownerId: customer })
    await hearAll(paymentId, 'payment.succeeded')
    const sent = await smsOfCredit()
    expect(sent).toMatchObject([{ to: (await contactOf(customer)).phone }])
  })

  it('is told by mail alone where no phone is known', async () => {
    const customer = await buildCustomer(db)
    await select(db, 'UPDATE users SET phone_sealed = NULL, phone_index = NULL WHERE id = $1', [
      customer,
    ])
    const { paymentId } = await arrived()
    await give(paymentId, { purpose: 'credit', ownerId: customer })
    await hearAll(paymentId, 'payment.succeeded')
    const sent = await smsOfCredit()
    expect(sent).toMatchObject([{ to: (await contactOf(customer)).email }])
  })
})

it.each([
  ['payment.succeeded', { purpose: 'credit' }, 'c1'],
  ['payment.succeeded', { purpose: 'reservation' }, null],
  ['payment.overpaid', { purpose: 'credit' }, null],
  ['refund.declined', { payment_id: null }, 'c1'],
  ['refund.declined', { payment_id: 'p1' }, null],
  ['refund.settled', { payment_id: null }, null],
])('%s with %j is news about credit alone to %s', (type, data, who) => {
  const event = { type: `gari.${type}.v1`, data: { ...data, customer_id: 'c1' } }
  expect(creditTold(event)).toBe(who)
})

it.each([
  ['all of it', true],
  ['a part of it', false],
])('what a booking does not need, %s, is told to its customer alone', async (_what, isPaid) => {
  const parties = [buildParty({ name: 'Otieno' }), buildParty({ name: 'Achieng' })]
  const booking = await buildBooking(db, { parties })
  if (isPaid) await buildPaid(db, booking, booking.held.total)
  const needed = isPaid ? ZERO : booking.held.total
  const { paymentId } = await arrived(toDecimal(add(needed, shillings(1_000))))
  const { reservationId, customerId } = booking.input
  await give(paymentId, { purpose: 'reservation', ownerId: reservationId })
  await hearAll(paymentId, 'payment.overpaid')
  const [queued] = await takeNotifications(db, 'sms', 50)
  const facts = await findNotificationFacts(db, reservationId)
  if (!queued || queued.chargeId !== null || queued.customerId !== null || !facts)
    throw new Error('nobody is told')
  const sms = composeSms(() => `${URL}/account/credit`, queued, facts)
  expect(sms?.to).toBe((await contactOf(customerId)).phone)
  expect(sms?.text).toContain('KSh 1,000 more than was owed came')
  expect(await takeNotifications(db, 'email', 50)).toHaveLength(1)
})

describe('a correction of the ledger', () => {
  const lines = (amount: number, to: 'unexplained' | 'customer_credit', subject: string) => [
    { account: 'bank' as const, amount: shillings(amount) },
    { account: to, amount: shillings(-amount), subject },
  ]
  const correct = async (wrong: Posting[], right: Posting[] | null) => {
    const reference = randomUUID()
    await inTransaction(db, (tx) => postEntry(tx, { kind: 'test', reference, postings: wrong }))
    const [entry] = await select<{ id: string }>(
      db,
      'SELECT id FROM ledger_entries WHERE reference = $1',
      [reference],
    )
    const wish = { entryId: entry?.id ?? '', right, reason: 'it is theirs', actorId: 'amina' }
    await inTransaction(db, (tx) => postCorrection(tx, wish))
    const { entryId } = wish
    expect(await smsOfCredit()).toEqual([])
    await inTransaction(db, (tx) => agreeToCorrection(tx, { entryId, actorId: 'baraka' }))
  }

  it('that adds to a credit is told to its customer once two people have said it', async () => {
    const customer = await buildCustomer(db)
    await correct(lines(700, 'unexplained', 'X1'), lines(700, 'customer_credit', customer))
    const sent = await smsOfCredit()
    expect(sent.map((one) => one?.to)).toEqual(Object.values(await contactOf(customer)))
    expect(sent[0]?.text).toContain('We added KSh 700 to your credit.')
    await correct(lines(300, 'unexplained', 'X3'), lines(300, 'customer_credit', customer))
    const [, mail] = await smsOfCredit()
    expect(mail?.text).toContain('We added KSh 300 to your credit.')
    expect(mail?.text).toContain('Your whole credit is KSh 1,000.')
  })

  it('that adds to the credits of two is told to both', async () => {
    const both = [await buildCustomer(db), await buildCustomer(db)]
    await correct(lines(700, 'unexplained', 'X4'), [
      { account: 'bank', amount: shillings(700) },
      ...both.map((subject, index) => ({
        account: 'customer_credit' as const,
        amount: shillings(index === 0 ? -300 : -400),
        subject,
      })),
    ])
    const contacts = await Promise.all(both.map(contactOf))
    expect(new Set((await smsOfCredit()).map((one) => one?.to))).toEqual(
      new Set(contacts.flatMap(({ phone, email }) => [phone, email])),
    )
  })

  it('that moves it from one customer to another is told to who has more, with what is more', async () => {
    const [one, other] = [await buildCustomer(db), await buildCustomer(db)]
    await correct(lines(700, 'customer_credit', one), lines(700, 'customer_credit', other))
    const sent = await smsOfCredit()
    expect(sent.map((letter) => letter?.to)).toEqual(Object.values(await contactOf(other)))
    await correct(lines(500, 'customer_credit', one), lines(600, 'customer_credit', one))
    expect((await smsOfCredit())[0]?.text).toContain('We added KSh 100 to your credit.')
  })

  it('that takes away, or names no customer, is told to nobody', async () => {
    const customer = await buildCustomer(db)
    await correct(lines(700, 'customer_credit', customer), null)
    await correct(lines(700, 'unexplained', 'X2'), lines(700, 'customer_credit', 'somebody'))
    expect(await smsOfCredit()).toEqual([])
  })
})

describe('credit that was to go back', () => {
  it('and stays, because the second person said no, is told to the customer', async () => {
    const customer = await buildCustomer(db)
    const amount = shillings(900)
    await inTransaction(db, (tx) =>
      postEntry(tx, {
        kind: 'test',
        reference: randomUUID(),
        postings: [
          { account: 'bank', amount },
          { account: 'customer_credit', amount: cents(0 - amount), subject: customer },
        ],
      }),
    )
    const refundId = randomUUID()
    const wish = { creditOf: customer, amount, actorId: customer, askedBy: 'person' as const }
    const input = { refundId, reason: 'The customer asked for the credit', ...wish }
    await inTransaction(db, (tx) => openRefund(tx, input, { approvalAbove: ZERO, now: NOW }))
    const no = { actorId: 'baraka', note: 'not theirs', now: NOW }
    await inTransaction(db, (tx) => declineRefund(tx, refundId, no))
    await hearAll(refundId, 'refund.declined')
    const sent = await smsOfCredit()
    expect(sent).toHaveLength(2)
    expect(sent[0]?.text).toContain(
      'We could not agree to send KSh 900 back to you. It stays your credit.',
    )
    expect(sent[0]?.text).toContain('Your whole credit is KSh 900.')
    expect(sent[0]?.text).not.toContain('not theirs')
  })
})
