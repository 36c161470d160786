import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { readClaim } from '../../db/payment-claims.ts'
import { settleFromMessage } from '../../db/payment-reports.ts'
import { readDecision, resolvePayment, settleFromQuery } from '../../db/payment-settling.ts'
import { openPayment, recordUnknown, refusePayment } from '../../db/payments.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { cents, shillings, subtract } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { PROMPT_LIFE_MS, type PaymentInput } from '../../domain/payments.ts'
import {
  buildBooking,
  buildCallback,
  buildCustomer,
  buildMessage,
  buildPaid,
  buildPaymentInput,
  buildPrompt,
  count,
  eventsOf,
  KSH_1000,
  nextPhone,
  nextReceipt,
  NOW,
  progress,
  settle,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const book = () => buildBooking(db, { customerId })
const open = (input: PaymentInput, now = NOW) =>
  inTransaction(db, (tx) => openPayment(tx, input, now))
const refuse = (id: string, code = '1032') =>
  inTransaction(db, (tx) => refusePayment(tx, id, reasonFor(code)))
const end = (reservationId: string) =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId, reason: 'customer', actorId: customerId, note: null }),
  )
const statusOf = async (id: string) => (await findPayment(db, id))?.status
const report = async (prompt: Prompted, over: Parameters<typeof buildCallback>[1] = {}) => {
  const { messageId } = await buildMessage(db, prompt.paymentId, buildCallback(prompt, over))
  return inTransaction(db, (tx) => settleFromMessage(tx, prompt.paymentId, messageId, NOW))
}
const entries = (id: string) => count(db, 'ledger_entries WHERE reference = $1', [id])
const successes = async (id: string) =>
  (await eventsOf(db, id)).filter(({ type }) => type === 'payment.succeeded').length

describe('opening', () => {
  it('writes it down once and tells it once', async () => {
    const input = buildPaymentInput(await book(), { amount: KSH_1000 })
    expect(await open(input)).toEqual({ outcome: 'opened' })
    expect(await open(input)).toEqual({ outcome: 'opened' })
    expect((await eventsOf(db, input.paymentId)).map(({ type }) => type)).toEqual([
      'payment.requested',
    ])
    expect(await count(db, 'payments WHERE id = $1', [input.paymentId])).toBe(1)
  })

  it.each([
    ['nothing', cents(0), '2'],
    ['cents', cents(100_050), '2'],
    ['more than M-Pesa moves', shillings(250_001), '3'],
  ])('refuses %s', async (_, amount, code) => {
    const answer = await open(buildPaymentInput(await book(), { amount }))
    expect(answer).toMatchObject({ outcome: 'refused', reason: { code } })
  })

  it('refuses more than is left, with what others have on their phones counted', async () => {
    const booking = await book()
    const { total } = booking.held
    const whole = subtract(total, KSH_1000)
    expect(await open(buildPaymentInput(booking, { amount: whole }))).toEqual({ outcome: 'opened' })
    const tooMuch = await open(buildPaymentInput(booking, { amount: shillings(1_001) }))
    expect(tooMuch).toMatchObject({ reason: { code: 'AMOUNT_ABOVE_BALANCE' } })
    expect(await open(buildPaymentInput(booking, { amount: KSH_1000 }))).toEqual({
      outcome: 'opened',
    })
  })

  it('refuses for a booking that has ended', async () => {
    const booking = await book()
    await end(booking.input.reservationId)
    const answer = await open(buildPaymentInput(booking, { amount: KSH_1000 }))
    expect(answer).toMatchObject({ outcome: 'refused', reason: { code: 'RESERVATION_CLOSED' } })
  })

  it('lets a phone have one prompt, also when two ask at the same moment', async () => {
    const [one, two] = [await book(), await book()]
    const phone = nextPhone()
    const over = { phone, amount: KSH_1000 }
    const answers = await Promise.all([
      open(buildPaymentInput(one, over)),
      open(buildPaymentInput(two, over)),
    ])
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['opened', 'refused'])
    expect(answers).toContainEqual({ outcome: 'refused', reason: reasonFor('PUSH_OPEN') })
  })

  it('keeps the phone closed while an unknown prompt may live, and no longer', async () => {
    const booking = await book()
    const prompt = await buildPrompt(db, booking, { amount: KSH_1000 })
    await inTransaction(db, (tx) => recordUnknown(tx, prompt.paymentId, 'no answer'))
    const again = () => buildPaymentInput(booking, { phone: prompt.phone, amount: KSH_1000 })
    expect(await open(again())).toMatchObject({ reason: { code: 'PUSH_OPEN' } })
    const later = new Date(NOW.getTime() + PROMPT_LIFE_MS + 1)
    expect(await open(again(), later)).toEqual({ outcome: 'opened' })
  })
})

describe('settling', () => {
  it('twice is one entry, one event, one answer', async () => {
    const booking = await book()
    const prompt = await buildPrompt(db, booking)
    const receipt = nextReceipt()
    const first = await settle(db, prompt, receipt)
    expect(first).toEqual({ outcome: 'settled', amount: booking.held.total, ownerOpen: true })
    expect(await settle(db, prompt, receipt)).toEqual(first)
    expect(await readDecision(db, prompt.paymentId)).toEqual(first)
    expect([await entries(prompt.paymentId), await successes(prompt.paymentId)]).toEqual([1, 1])
  })

  it('by five equal and two different reports at once is still one', async () => {
    const prompt = await buildPrompt(db, await book())
    const same = buildCallback(prompt)
    const other = {
      ...same,
      Body: { stkCallback: { ...same.Body.stkCallback, ResultDesc: 'again' } },
    }
    const bodies = [same, same, same, same, same, other, other]
    const stored = await Promise.all(bodies.map((body) => buildMessage(db, prompt.paymentId, body)))
    expect(stored.filter(({ repeat }) => !repeat)).toHaveLength(2)
    const decisions = await Promise.all(
      stored.map(({ messageId }) =>
        inTransaction(db, (tx) => settleFromMessage(tx, prompt.paymentId, messageId, NOW)),
      ),
    )
    expect(new Set(decisions.map((one) => JSON.stringify(one))).size).toBe(1)
    expect([await entries(prompt.paymentId), await successes(prompt.paymentId)]).toEqual([1, 1])
  })

  it('posts no receipt twice', async () => {
    const [one, two] = [await buildPrompt(db, await book()), await buildPrompt(db, await book())]
    const receipt = nextReceipt()
    await report(one, { receipt })
    expect(await report(two, { receipt })).toMatchObject({ outcome: 'undecided', disputed: true })
    expect(await entries(two.paymentId)).toBe(0)
    expect(await count(db, "security_events WHERE kind = 'receipt_reused'")).toBe(1)
  })

  it('posts one receipt once when two payments claim it at the same moment', async () => {
    const prompts = [await buildPrompt(db, await book()), await buildPrompt(db, await book())]
    const receipt = nextReceipt()
    await Promise.allSettled(prompts.map((prompt) => report(prompt, { receipt })))
    expect(await count(db, 'payments WHERE receipt = $1', [receipt])).toBe(1)
    const posted = await Promise.all(prompts.map(({ paymentId }) => entries(paymentId)))
    expect(posted.toSorted((left, right) => left - right)).toEqual([0, 1])
  })

  it('by query brings no receipt; the report that comes later adds it and nothing else', async () => {
    const prompt = await buildPrompt(db, await book())
    const decision = await inTransaction(db, (tx) =>
      settleFromQuery(tx, prompt.paymentId, { outcome: 'paid' }, NOW),
    )
    expect(decision).toMatchObject({ outcome: 'settled', ownerOpen: true })
    expect((await findPayment(db, prompt.paymentId))?.receipt).toBeNull()
    const receipt = nextReceipt()
    expect(await report(prompt, { receipt })).toEqual(decision)
    expect((await findPayment(db, prompt.paymentId))?.receipt).toBe(receipt)
    expect([await entries(prompt.paymentId), await successes(prompt.paymentId)]).toEqual([1, 1])
  })

  it('before the answer to our own push waits for M-Pesa’s word, and then takes the receipt', async () => {
    const input = buildPaymentInput(await book())
    await open(input)
    const ids = {
      merchantRequestId: `m-${input.paymentId}`,
      checkoutRequestId: `ws_${input.paymentId}`,
    }
    const receipt = nextReceipt()
    const { checkoutRequestId } = ids
    const early = await report({ ...input, ...ids }, { receipt })
    expect(early).toEqual({ outcome: 'undecided', checkoutRequestId, disputed: true })
    expect(await entries(input.paymentId)).toBe(0)
    await inTransaction(db, (tx) => settleFromQuery(tx, input.paymentId, { outcome: 'paid' }, NOW))
    const row = await findPayment(db, input.paymentId)
    expect(row).toMatchObject({ status: 'settled', checkoutRequestId, receipt })
  })

  it('finds the booking closed after its end, and does not count', async () => {
    const booking = await book()
    const prompt = await buildPrompt(db, booking)
    expect((await end(booking.input.reservationId)).refunds).toEqual([])
    expect(await settle(db, prompt)).toMatchObject({ outcome: 'settled', ownerOpen: false })
    expect((await progress(db, booking.input.reservationId)).paid).toBe(0)
  })

  it('never counts more than the price', async () => {
    const booking = await book()
    const slow = await buildPrompt(db, booking)
    await inTransaction(db, (tx) => recordUnknown(tx, slow.paymentId, 'no answer'))
    await select(
      db,
      "UPDATE payments SET requested_at = requested_at - interval '1 hour' WHERE id = $1",
      [slow.paymentId],
    )
    await settle(db, await buildPrompt(db, booking))
    expect(await settle(db, slow)).toMatchObject({ outcome: 'settled', ownerOpen: false })
    expect(await progress(db, booking.input.reservationId)).toMatchObject({
      status: 'confirmed',
      paid: booking.held.total,
    })
  })
})

describe('settling against ending', () => {
  it('puts the money into exactly one place, whoever is first', async () => {
    const places = { refunded: 0, late: 0 }
    for (let round = 0; round < 12; round += 1) {
      const booking = await book()
      const prompt = await buildPrompt(db, booking)
      const work = [() => settle(db, prompt), () => end(booking.input.reservationId)] as const
      const [decision, ended] = await (round % 2 === 0
        ? Promise.all([work[0](), work[1]()])
        : Promise.all([work[1](), work[0]()]).then(([b, a]) => [a, b] as const))
      const inList = ended.refunds.some(({ paymentId }) => paymentId === prompt.paymentId)
      const late = decision.outcome === 'settled' && !decision.ownerOpen
      expect([inList, late].filter(Boolean)).toHaveLength(1)
      expect(await entries(prompt.paymentId)).toBe(1)
      places[inList ? 'refunded' : 'late'] += 1
    }
    expect(places.refunded + places.late).toBe(12)
  })
})

describe('refusing', () => {
  it('is final once, with the reason told once', async () => {
    const prompt = await buildPrompt(db, await book())
    expect(await report(prompt, { resultCode: 1032 })).toEqual({
      outcome: 'refused',
      reason: reasonFor('1032'),
    })
    await refuse(prompt.paymentId, '1')
    expect(await readDecision(db, prompt.paymentId)).toMatchObject({ reason: { code: '1032' } })
    const failed = (await eventsOf(db, prompt.paymentId)).filter(
      ({ type }) => type === 'payment.failed',
    )
    expect(failed).toHaveLength(1)
    expect(failed[0]?.data).toMatchObject({ reason: '1032', status: 'failed' })
  })

  it('never undoes a payment: paid stays paid', async () => {
    const prompt = await buildPrompt(db, await book())
    await settle(db, prompt)
    expect(await report(prompt, { resultCode: 1032 })).toMatchObject({ outcome: 'settled' })
    await refuse(prompt.paymentId)
    await inTransaction(db, (tx) => recordUnknown(tx, prompt.paymentId, 'late'))
    expect(await statusOf(prompt.paymentId)).toBe('settled')
  })

  it('gives way to a success that comes after it: settled, and late money', async () => {
    const booking = await book()
    const prompt = await buildPrompt(db, booking)
    await refuse(prompt.paymentId)
    expect(await report(prompt)).toMatchObject({ outcome: 'settled', ownerOpen: false })
    expect(await entries(prompt.paymentId)).toBe(1)
    expect((await progress(db, booking.input.reservationId)).paid).toBe(0)
  })

  it('is known by the ids that its report names when the answer to the push was lost', async () => {
    const input = buildPaymentInput(await book())
    await open(input)
    await inTransaction(db, (tx) => recordUnknown(tx, input.paymentId, 'no answer'))
    const { paymentId } = input
    const prompt = { ...input, merchantRequestId: 'merchant', checkoutRequestId: `ws_${paymentId}` }
    expect(await report(prompt, { resultCode: 1032 })).toMatchObject({ outcome: 'refused' })
    const [row] = await select(db, 'SELECT checkout_request_id AS id FROM payments WHERE id = $1', [
      paymentId,
    ])
    expect(row).toEqual({ id: prompt.checkoutRequestId })
  })

  it('frees the phone for another try', async () => {
    const booking = await book()
    const prompt = await buildPrompt(db, booking)
    await refuse(prompt.paymentId)
    const again = buildPaymentInput(booking, { phone: prompt.phone })
    expect(await open(again)).toEqual({ outcome: 'opened' })
  })

  it('by query, and says so', async () => {
    const prompt = await buildPrompt(db, await book())
    const state = { outcome: 'refused', reason: reasonFor('1037') } as const
    const decision = await inTransaction(db, (tx) =>
      settleFromQuery(tx, prompt.paymentId, state, NOW),
    )
    expect(decision).toEqual({ outcome: 'refused', reason: reasonFor('1037') })
  })

  it.each(['pending', 'unknown'] as const)(
    'is not what a query that says %s means',
    async (outcome) => {
      const prompt = await buildPrompt(db, await book())
      const state = outcome === 'pending' ? { outcome } : { outcome, why: 'no answer' }
      const decision = await inTransaction(db, (tx) =>
        settleFromQuery(tx, prompt.paymentId, state, NOW),
      )
      expect(decision).toEqual({
        outcome: 'undecided',
        checkoutRequestId: prompt.checkoutRequestId,
      })
      expect(await statusOf(prompt.paymentId)).toBe('prompted')
    },
  )
})

describe('reports that disagree', () => {
  it.each([
    ['one shilling short', { amount: 3_999 }],
    ['one shilling over', { amount: 4_001 }],
    ['with cents', { amount: '4000.50' }],
    ['negative', { amount: -4_000 }],
    ['no number', { amount: 'plenty' }],
    ['without its parts', { withoutItems: true }],
    ['from another phone', { phone: 254_799_999_999 }],
  ])('about the money (%s) are not believed, and nobody is confirmed', async (_, over) => {
    const booking = await book()
    const prompt = await buildPrompt(db, booking, { amount: shillings(4_000) })
    expect(await report(prompt, over)).toMatchObject({ outcome: 'undecided', disputed: true })
    expect(await statusOf(prompt.paymentId)).toBe('unexplained')
    expect(await entries(prompt.paymentId)).toBe(0)
    expect((await progress(db, booking.input.reservationId)).status).toBe('pending')
    const asked = await inTransaction(db, (tx) =>
      settleFromQuery(tx, prompt.paymentId, { outcome: 'paid' }, NOW),
    )
    expect(asked).toMatchObject({ outcome: 'undecided', disputed: true })
    const about = "security_events WHERE detail ->> 'paymentId' = $1"
    expect(await count(db, about, [prompt.paymentId])).toBeGreaterThan(0)
  })

  const hashed = (phone: string) => createHash('sha256').update(phone.slice(1)).digest('hex')
  const masked = (phone: string) => `${phone.slice(1, 5)} ***** ${phone.slice(-3)}`

  it.each([
    ['"4000.00"', () => ({ amount: '4000.00' })],
    ['a masked phone', (phone: string) => ({ phone: masked(phone) })],
    ['a hashed phone', (phone: string) => ({ phone: hashed(phone) })],
  ])('only in how they write it (%s) are believed', async (_, over) => {
    const prompt = await buildPrompt(db, await book(), { amount: shillings(4_000) })
    const decision = await report(prompt, over(prompt.phone))
    expect(decision).toMatchObject({ outcome: 'settled', ownerOpen: true })
  })

  it.each([
    ['masked', masked('+254799999998')],
    ['hashed', hashed('+254799999998')],
  ])('in a %s phone wait for M-Pesa’s word', async (_, phone) => {
    const prompt = await buildPrompt(db, await book(), { amount: shillings(4_000) })
    expect(await report(prompt, { phone })).toMatchObject({ outcome: 'undecided', disputed: true })
    expect(await statusOf(prompt.paymentId)).toBe('unexplained')
  })

  it.each([{ checkoutRequestId: 'ws_CO_other' }, { merchantRequestId: 'm-other' }])(
    'about who they are, %o, change no money, neither by success nor by failure',
    async (over) => {
      const prompt = await buildPrompt(db, await book())
      for (const resultCode of [0, 1032])
        expect((await report(prompt, { ...over, resultCode })).outcome).toBe('undecided')
      expect(await entries(prompt.paymentId)).toBe(0)
      expect(await statusOf(prompt.paymentId)).not.toBe('refused')
    },
  )

  it.each([0, 1032])(
    'in naming the push of another payment (result %s) say nothing about one whose ids we never heard',
    async (resultCode) => {
      const other = await buildPrompt(db, await book())
      const input = buildPaymentInput(await book())
      await open(input)
      await inTransaction(db, (tx) => recordUnknown(tx, input.paymentId, 'no answer'))
      const said = await report({ ...other, ...input }, { resultCode })
      expect(said).toEqual({ outcome: 'undecided', checkoutRequestId: null, disputed: false })
      expect(await statusOf(input.paymentId)).toBe('unknown')
    },
  )

  it.each([[{ unreadable: 'hello' }], [{}], [[]], [{ Body: { stkCallback: null } }]])(
    'in form (%j) change nothing',
    async (body) => {
      const prompt = await buildPrompt(db, await book())
      const { messageId } = await buildMessage(db, prompt.paymentId, body)
      const decision = await inTransaction(db, (tx) =>
        settleFromMessage(tx, prompt.paymentId, messageId, NOW),
      )
      expect(decision).toMatchObject({ outcome: 'undecided' })
      expect(await statusOf(prompt.paymentId)).toBe('prompted')
    },
  )

  it('of another payment cannot be read as this one’s', async () => {
    const [one, two] = [await buildPrompt(db, await book()), await buildPrompt(db, await book())]
    const { messageId } = await buildMessage(db, one.paymentId, buildCallback(one))
    await expect(
      inTransaction(db, (tx) => settleFromMessage(tx, two.paymentId, messageId, NOW)),
    ).rejects.toThrow()
    expect(await statusOf(two.paymentId)).toBe('prompted')
  })
})

describe('what a person found out', () => {
  const resolve = (id: string, receipt: string | null) =>
    inTransaction(db, (tx) =>
      resolvePayment(tx, id, { reason: 'in the portal', actorId: 'ops', receipt }, NOW),
    )

  it('settles a doubtful payment under its receipt, once', async () => {
    const prompt = await buildPrompt(db, await book())
    await report(prompt, { amount: 1 })
    const receipt = nextReceipt()
    const settled = { outcome: 'settled', amount: prompt.amount, ownerOpen: true }
    expect(await resolve(prompt.paymentId, receipt)).toEqual(settled)
    expect(await resolve(prompt.paymentId, receipt)).toEqual(settled)
    expect(await entries(prompt.paymentId)).toBe(1)
    const told = "audit_entries WHERE entity_id = $1 AND actor = 'ops' AND why = 'in the portal'"
    expect(await count(db, told, [prompt.paymentId])).toBe(1)
  })

  it('without a receipt refuses it, unless it is paid', async () => {
    const [doubtful, paid] = [
      await buildPrompt(db, await book()),
      await buildPaid(db, await book(), KSH_1000),
    ]
    expect(await resolve(doubtful.paymentId, null)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'RESOLVED_UNPAID' },
    })
    expect(await resolve(paid.paymentId, null)).toMatchObject({ outcome: 'settled' })
  })

  it('is not believed with the receipt of another payment', async () => {
    const paid = await buildPaid(db, await book(), KSH_1000)
    const receipt = (await findPayment(db, paid.paymentId))?.receipt ?? ''
    const doubtful = await buildPrompt(db, await book())
    expect(await resolve(doubtful.paymentId, receipt)).toMatchObject({ outcome: 'undecided' })
    expect(await entries(doubtful.paymentId)).toBe(0)
  })
})

describe('what reports claim together', () => {
  it('is paid when one of them says so, and names the push to ask about', async () => {
    const prompt = await buildPrompt(db, await book())
    const said = async (over: Parameters<typeof buildCallback>[1]) =>
      (await buildMessage(db, prompt.paymentId, buildCallback(prompt, over))).messageId
    const [no, yes] = [await said({ resultCode: 1037 }), await said({})]
    const { checkoutRequestId } = prompt
    const claim = (ids: string[]) => readClaim(db, prompt.paymentId, ids)
    expect(await claim([no])).toEqual({ paid: false, checkoutRequestId })
    expect(await claim([no, yes])).toEqual({ paid: true, checkoutRequestId })
  })

  it('names the push by the report when our request had no answer', async () => {
    const input = buildPaymentInput(await book())
    await open(input)
    const prompt = {
      ...input,
      merchantRequestId: 'm-1',
      checkoutRequestId: `ws_${input.paymentId}`,
    }
    const { messageId } = await buildMessage(db, input.paymentId, buildCallback(prompt))
    expect(await readClaim(db, input.paymentId, [messageId])).toEqual({
      paid: true,
      checkoutRequestId: prompt.checkoutRequestId,
    })
  })
})

describe('the events of a payment', () => {
  it('count up and carry neither phone nor name', async () => {
    const prompt = await buildPaid(db, await book(), KSH_1000)
    const events = await eventsOf(db, prompt.paymentId)
    expect(events.map(({ type }) => type)).toEqual(['payment.requested', 'payment.succeeded'])
    const versions = events.map(({ version }) => version)
    expect(versions).toEqual(versions.toSorted((left, right) => left - right))
    expect(new Set(versions).size).toBe(versions.length)
    expect(JSON.stringify(events)).not.toMatch(/\+?2547\d{8}|Wanjiku/)
  })
})
