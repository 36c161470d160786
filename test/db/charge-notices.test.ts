/** From what happened to a charge to the words that people read: each once, in their language, with their link. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { composeChargeMail, composeChargeSms } from '../../activities/charge-notices.ts'
import {
  findChargeNoticeFacts,
  queueChargeNotices,
  type ChargeNoticeFacts,
  type QueuedChargeNotice,
} from '../../db/charge-notices.ts'
import { endCharge, progressCharge } from '../../db/charges.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { refusePayment } from '../../db/payments.ts'
import { takeNotifications } from '../../db/notifications.ts'
import { chargeNoticesFor, chargeTold } from '../../domain/charge-notices.ts'
import type { ChargeInput } from '../../domain/charges.ts'
import { shillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { buildParty, eventsOf, NOW, type OutboxLine } from '../support/builders.ts'
import { buildCharge, payCharge, promptCharge, type BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const LINKS = {
  publicUrl: 'https://gari.example',
  chargeLink: (id: string, partyId: string) => `https://gari.example/c/${id}/${partyId}`,
}
let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** What the notifier does with one event. */
async function hear(event: OutboxLine, eventId: string = randomUUID()): Promise<void> {
  const chargeId = chargeTold(event)
  if (!chargeId) return
  await inTransaction(db, async (tx) => {
    const facts = await factsOf(chargeId)
    const { total, parties } = facts.charge
    const notices = chargeNoticesFor(event, { total, parties, customer: facts.customer })
    const queued = notices.map((notice) => ({ ...notice, eventId, chargeId }))
    await queueChargeNotices(tx, queued)
  })
}

async function factsOf(chargeId: string): Promise<ChargeNoticeFacts> {
  const facts = await findChargeNoticeFacts(db, chargeId, NOW)
  if (!facts) throw new Error('there is no such charge')
  return facts
}

const taken = async (channel: 'sms' | 'email') =>
  (await takeNotifications(db, channel, 50)).filter((one) => one.chargeId !== null)

const smsOf = async (queued: QueuedChargeNotice) =>
  composeChargeSms(LINKS, queued, await factsOf(queued.chargeId))
const told = async () => Promise.all((await taken('sms')).map(smsOf))
const mailed = async () =>
  Promise.all(
    (await taken('email')).map(async (queued) =>
      composeChargeMail(LINKS, queued, await factsOf(queued.chargeId)),
    ),
  )

async function hearAll(key: string, type: string): Promise<void> {
  for (const event of await eventsOf(db, key)) if (event.type === type) await hear(event)
}

const build = (over: Partial<ChargeInput> = {}): Promise<BuiltCharge> =>
  buildCharge(db, { description: 'Left mirror', type: 'damage', ...over })
const progress = ({ input: { chargeId } }: BuiltCharge) =>
  inTransaction(db, (tx) => progressCharge(tx, chargeId))

describe('a charge that was made', () => {
  it('is told to each of its people with their share and their link, and to the customer by mail', async () => {
    const parties = [buildParty({ name: 'Otieno' }), buildParty({ name: 'Achieng' })]
    const charge = await build({ parties, mode: 'all_or_nobody', total: shillings(4_000) })
    const { chargeId } = charge.input
    const [event] = await eventsOf(db, chargeId)
    const eventId = randomUUID()
    // Kafka may bring it twice.
    if (event) for (const _time of [1, 2]) await hear(event, eventId)
    const messages = await told()
    expect(messages.map((one) => one?.to ?? '').toSorted((a, b) => a.localeCompare(b))).toEqual(
      parties.map(({ phone }) => phone).toSorted((a, b) => a.localeCompare(b)),
    )
    for (const { id, phone } of parties) {
      const sms = messages.find((one) => one?.to === phone)?.text ?? ''
      expect(sms).toContain(`KSh 2,000 is to be paid for ${charge.opened.number}, Left mirror.`)
      expect(sms).toContain('It stands only when everybody has paid their share.')
      expect(sms).toContain(`https://gari.example/c/${chargeId}/${id}`)
    }
    const mails = await mailed()
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toContain('KSh 4,000 is to be paid')
    expect(mails[0]?.text).toContain(`https://gari.example/charges/${chargeId}`)
  })

  it('is told in the language of its customer', async () => {
    const charge = await build()
    const { customerId, chargeId } = charge.input
    await select(db, "UPDATE users SET language = 'sw' WHERE id = $1 RETURNING id", [customerId])
    await hearAll(chargeId, 'charge.created')
    const [sms] = await told()
    expect(sms?.text).toContain('inatakiwa kulipwa')
    await mailed()
  })
})

describe('money for a charge', () => {
  it('is told to whoever paid a part of it, and then that it is paid', async () => {
    const charge = await build({ total: shillings(3_000) })
    const part = await payCharge(db, charge, shillings(1_000))
    await progress(charge)
    await hearAll(part.paymentId, 'payment.succeeded')
    const [received] = await told()
    expect(received?.text).toContain(`We received KSh 1,000`)
    expect(received?.text).toContain('KSh 1,000 paid, KSh 2,000 to go.')
    await payCharge(db, charge, shillings(2_000))
    await progress(charge)
    await hearAll(charge.input.chargeId, 'charge.paid')
    const [paid] = await told()
    expect(paid?.text).toContain(`${charge.opened.number} is paid in full: KSh 3,000.`)
    expect((await mailed()).map((one) => one?.subject)).toEqual([
      `We received KSh 1,000 for ${charge.opened.number}`,
      `Paid: Left mirror (${charge.opened.number})`,
    ])
  })

  it('all of it at once is told once', async () => {
    const charge = await build({ total: shillings(3_000) })
    const { paymentId } = await payCharge(db, charge, shillings(3_000))
    await progress(charge)
    await hearAll(paymentId, 'payment.succeeded')
    await hearAll(charge.input.chargeId, 'charge.paid')
    expect(await told()).toHaveLength(1)
    await mailed()
  })

  it('that M-Pesa refused says why, and promises no car', async () => {
    const charge = await build({ total: shillings(3_000) })
    const { paymentId } = await promptCharge(db, charge, shillings(3_000))
    await inTransaction(db, (tx) => refusePayment(tx, paymentId, reasonFor('1')))
    await hearAll(paymentId, 'payment.failed')
    const [sms] = await told()
    expect(sms?.text).toContain('There was not enough money')
    expect(sms?.text).not.toContain('car')
  })
})

describe('the end of a charge', () => {
  it.each([
    ['deadline', 'charge.expired', 'it was not paid in time'],
    ['desk', 'charge.cancelled', 'our desk did it'],
  ] as const)('%s: says why, and where the money goes', async (reason, type, words) => {
    const charge = await build({ total: shillings(3_000) })
    await payCharge(db, charge, shillings(1_000))
    await progress(charge)
    const end = { chargeId: charge.input.chargeId, reason, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endCharge(tx, end))
    await hearAll(charge.input.chargeId, type)
    const [sms] = await told()
    expect(sms?.text).toContain(`${charge.opened.number} (Left mirror) is cancelled: ${words}.`)
    expect(sms?.text).toContain('KSh 1,000 goes back to whoever paid it.')
    expect((await mailed())[0]?.subject).toBe(`${charge.opened.number} is cancelled`)
  })
})

describe('events of others', () => {
  it('are nobody’s charge', () => {
    const data = { purpose: 'reservation', owner_id: randomUUID(), reservation_id: randomUUID() }
    expect(chargeTold({ type: 'gari.payment.succeeded.v1', data })).toBeNull()
    expect(chargeTold({ type: 'gari.reservation.confirmed.v1', data })).toBeNull()
    const charge = { charge_id: 'c1', reservation_id: randomUUID() }
    expect(chargeTold({ type: 'gari.charge.created.v1', data: charge })).toBe('c1')
  })
})
