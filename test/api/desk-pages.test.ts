/** Pages about money at the desk: who may enter, what each form does, and that nothing typed is lost. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { readDayFigures } from '../../db/day-figures.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { listTills } from '../../db/till-reads.ts'
import { dayOf, readDay, terminalOf } from '../../domain/day-close.ts'
import { add, formatKes, shillings, toShillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import type { PromptAnswer } from '../../domain/payments.ts'
import { DAY_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildCredit, buildTender, NOW, type Booking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: ReturnType<typeof createApp>
let booking: Booking
let answer: PromptAnswer
let calls: unknown[][] = []
let clock: Date = NOW

beforeAll(async () => {
  db = await createTestDatabase()
  const workflows = buildWorkflows({
    // What the workflow would do at once.
    receivePayment: async (_id, request) => {
      calls.push(['receive', request])
      if (answer.outcome === 'refused') return
      const input = buildTender(booking, request)
      await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    },
    awaitPrompt: () => Promise.resolve(answer),
    confirmTransfer: (...given) => Promise.resolve(void calls.push(['confirm', ...given])),
    withdrawTransfer: (...given) => Promise.resolve(void calls.push(['withdraw', ...given])),
  })
  app = createApp(buildDeps(db, { workflows, now: () => clock }))
})
afterAll(() => db.drop())
beforeEach(async () => {
  booking = await buildBooking(db)
  calls = []
  clock = NOW
  answer = { outcome: 'prompted', checkoutRequestId: null }
})

const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  if (who === 'nobody') return visitor
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}
const ROLES = ['nobody', 'customer', 'desk', 'finance', 'manager', 'operations'] as const
const takePath = () => `/desk/bookings/${booking.input.reservationId}/take`
const typed = (over: Record<string, string> = {}) => ({
  method: 'cash',
  amount: String(toShillings(booking.held.total)),
  given: String(toShillings(add(booking.held.total, shillings(350)))),
  paymentId: randomUUID(),
  ...over,
})

/** The payment's id as the server made it. */
const receivedId = (): string =>
  (calls.at(0)?.at(1) as { paymentId?: string } | undefined)?.paymentId ?? ''

describe('who sees what', () => {
  it.each([
    ['/desk/till', [303, 403, 200, 200, 200, 403]],
    ['/desk/bookings/:id/take', [303, 403, 200, 403, 200, 403]],
    ['/finance/transfers', [303, 403, 403, 200, 200, 403]],
    ['/finance/day-close', [303, 403, 403, 200, 200, 403]],
    ['/finance/companies', [303, 403, 403, 200, 200, 403]],
    ['/finance/companies/new', [303, 403, 403, 200, 200, 403]],
  ])('%s', async (path, expected) => {
    const seen = []
    for (const role of ROLES) {
      const visitor = await enter(role)
      const { status } = await visitor.get(path.replace(':id', booking.input.reservationId))
      seen.push(status)
    }
    expect(seen).toEqual(expected)
  })

  it('forms are refused to the same people, and forged ones to everybody', async () => {
    const forms = ['/desk/till/open', takePath(), '/finance/day-close', '/finance/companies']
    const customer = await enter('customer')
    for (const path of forms) expect((await customer.post(path, typed())).status).toBe(403)
    const manager = await enter('manager')
    for (const path of forms)
      expect((await manager.post(path, { ...typed(), _csrf: 'guess' })).status).toBe(403)
    expect(calls).toEqual([])
  })
})

describe('taking a payment', () => {
  it('shows the change first, and takes it on the second button', async () => {
    const visitor = await enter('desk')
    const form = typed({ method: 'cash' })
    const check = await (await visitor.post(takePath(), form)).text()
    expect(check).toContain('Change to give back')
    expect(check).toContain('KSh 350')
    expect(check).toContain('Give back 1 × KSh 200, 1 × KSh 100, 1 × KSh 50.')
    expect(calls).toEqual([])
    answer = { outcome: 'refused', reason: reasonFor('NO_TILL') }
    const refused = await visitor.post(takePath(), { ...form, step: 'take' })
    expect(refused.status).toBe(409)
    const html = await refused.text()
    expect(html).toContain('Open your till first; cash goes into it.')
    expect(html).toContain(`value="${form.given}"`)
  })

  it('takes a card once, however often the button is pressed', async () => {
    const visitor = await enter('desk')
    const form = typed({ method: 'debit_card', terminal: 'T1', slip: randomUUID().slice(0, 8) })
    for (const _time of [1, 2]) {
      const done = await visitor.post(takePath(), { ...form, step: 'take' })
      expect(done.headers.get('location')).toBe(`/desk/bookings/${booking.input.reservationId}`)
    }
    expect(calls).toHaveLength(1)
    expect(await findPayment(db, receivedId())).toMatchObject({ status: 'settled' })
  })

  it.each([
    [{ given: 'lots' }, 'Write the cash you were given in whole shillings, like 4,500.'],
    [{ given: '1' }, 'This is less cash than the amount to pay.'],
    [{ amount: '9999999', given: '9999999' }, 'This is more than is left to pay.'],
    [{ method: 'credit_card', slip: '' }, 'Write the slip’s number: letters and digits.'],
  ])(
    'says beside the field what is wrong with %j, and keeps what was typed',
    async (over, words) => {
      const visitor = await enter('desk')
      const form = typed({ terminal: 'T77', ...over })
      const html = await (await visitor.post(takePath(), form)).text()
      expect(html).toContain(words)
      expect(html).toContain(`value="${form.paymentId}"`)
      if (form.method === 'credit_card') expect(html).toContain('value="T77"')
      expect(calls).toEqual([])
    },
  )

  it('goes back to the form with everything on it', async () => {
    const visitor = await enter('desk')
    const form = typed({ keepChange: 'yes' })
    expect(await (await visitor.post(takePath(), form)).text()).toContain('Becomes the customer’s')
    const back = await (await visitor.post(takePath(), { ...form, step: 'change' })).text()
    expect(back).toContain(`value="${form.given}"`)
    expect(back).toMatch(/name="keepChange" value="yes" checked/)
  })
})

describe('a customer’s credit', () => {
  it('is offered on the pay page, and spent by one button', async () => {
    const me = await selectOne<{ id: string }>(
      db,
      "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
    )
    booking = await buildBooking(db, { customerId: me?.id ?? '' })
    await buildCredit(db, me?.id ?? '', shillings(2_000))
    const visitor = await enter('customer')
    const path = `/bookings/${booking.input.reservationId}/pay`
    const html = await (await visitor.get(path)).text()
    expect(html).toContain('Use my credit: KSh 2,000')
    await visitor.post(`${path}/credit`, { payment_id: randomUUID() })
    expect(await findPayment(db, receivedId())).toMatchObject({
      method: 'credit',
      channel: 'credit',
      amount: shillings(2_000),
      status: 'settled',
    })
    expect(await (await visitor.get(path)).text()).not.toContain('Use my credit')
  })
})

describe('the till page', () => {
  it('makes, opens, pays in from, and closes a till', async () => {
    const [manager, clerk] = [await enter('manager'), await enter('desk')]
    const tillId = randomUUID()
    await manager.post('/desk/till/new', { tillId, place: 'NBO-JKIA', name: 'Front desk' })
    const opening = { tillId, sessionId: randomUUID(), float: '5,000', note: 'two bags' }
    const asked = await (await clerk.post('/desk/till/open', opening)).text()
    expect(asked).toContain('There is more in the till than the last session left. Say why.')
    expect(asked).toContain('value="two bags"')
    await clerk.post('/desk/till/open', { ...opening, reason: 'from_bank' })
    const html = await (await clerk.get('/desk/till')).text()
    expect(html).toContain('Should be in Front desk')
    expect(html).toContain('Fetched from the bank as a float')
    const path = `/desk/till/${opening.sessionId}`
    const slip = { depositId: randomUUID(), amount: '2000', reference: 'slip 9' }
    expect((await clerk.post(`${path}/deposit`, slip)).status).toBe(303)
    const short = await (await clerk.post(`${path}/close`, { count_1000: '2' })).text()
    expect(short).toContain('There is less in the till than the books say. Say why.')
    expect(short).toMatch(/name="count_1000"[^>]*value="2"/)
    expect((await clerk.post(`${path}/close`, { count_1000: '3' })).status).toBe(303)
    const till = (await listTills(db)).find(({ id }) => id === tillId)
    expect(till).toMatchObject({ inside: shillings(3_000), openSession: null })
  })
})

describe('finance', () => {
  it('keeps companies and their people', async () => {
    const visitor = await enter('finance')
    const form = {
      id: randomUUID(),
      name: 'Simba Cement Ltd',
      kra_pin: 'p051234567a',
      line1: 'Mombasa Road',
      city: 'Nairobi',
      country: 'Kenya',
      contact_name: 'Otieno',
      contact_email: 'accounts@simba.example',
      contact_phone: '0711 222 333',
      credit_limit: '100,000',
      terms_days: '30',
      active: 'yes',
    }
    const wrong = await visitor.post('/finance/companies', { ...form, kra_pin: '12' })
    expect(wrong.status).toBe(400)
    const html = await wrong.text()
    expect(html).toContain('A KRA PIN is a letter, nine digits and a letter')
    expect(html).toContain('value="Mombasa Road"')
    const path = `/finance/companies/${form.id}`
    for (const _time of [1, 2])
      expect((await visitor.post('/finance/companies', form)).headers.get('location')).toBe(path)
    await visitor.post(`${path}/members`, { member_email: 'wanjiku@example.com' })
    expect(await (await visitor.get(path)).text()).toContain('Wanjiku Kamau wanjiku@example.com')
    const unknown = await visitor.post(`${path}/members`, { member_email: 'nobody@example.com' })
    expect(await unknown.text()).toContain('No customer has an account with this e-mail.')
    await visitor.post(path, { ...form, name: 'Simba Ltd', version: '1' })
    const late = await visitor.post(path, { ...form, name: 'Lost Ltd', version: '1' })
    expect(await late.text()).toContain('Somebody else has changed this company meanwhile.')
    expect(await (await visitor.get('/finance/companies')).text()).toContain('Simba Ltd')
  })

  it('confirms and withdraws transfers', async () => {
    const tender = { method: 'bank_transfer' as const, reference: 'FT26 777' }
    const input = buildTender(booking, { tender })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    const visitor = await enter('finance')
    expect(await (await visitor.get('/finance/transfers')).text()).toContain('FT26 777')
    const wish = { payment_id: input.paymentId, reference: 'ft26 777', reason: 'never sent' }
    await visitor.post('/finance/transfers/confirm', wish)
    await visitor.post('/finance/transfers/withdraw', wish)
    const actorId = expect.any(String)
    expect(calls).toEqual([
      ['confirm', input.paymentId, { reference: 'FT26 777', actorId }],
      ['withdraw', input.paymentId, { reason: 'never sent', actorId }],
    ])
  })

  it('closes yesterday once, and prints what was taken', async () => {
    const tender = { method: 'credit_card' as const, terminal: 'T9', slip: '900' }
    await inTransaction(db, (tx) => takePayment(tx, buildTender(booking, { tender }), NOW))
    clock = new Date(NOW.getTime() + DAY_MS)
    const visitor = await enter('finance')
    const html = await (await visitor.get('/finance/day-close')).text()
    expect(html).toContain('Close this day')
    const day = dayOf(NOW)
    const { from, to } = readDay(day) as { from: Date; to: Date }
    const cards = (await readDayFigures(db, from, to)).find(({ key }) => key === 'card')
    expect(html).toContain(formatKes(cards?.taken ?? shillings(-1)))
    const form = { day, id: randomUUID() }
    const unread = await visitor.post('/finance/day-close', form)
    expect(unread.status).toBe(400)
    expect(await unread.text()).toContain('Card terminal T9, its own report: write down its total')
    const typo = { day, 'terminal-T9': 'lots' }
    const again = await (await visitor.post('/finance/day-close/terminals', typo)).text()
    expect(again).toContain('Write the total in whole shillings')
    const strange = { day, 'other-terminal': 'T10', 'other-total': '700', 'other-batch': '?' }
    const odd = await (await visitor.post('/finance/day-close/terminals', strange)).text()
    expect(odd).toContain('Write the batch: letters and digits.')
    const other10 = { ...strange, 'other-batch': '5' }
    expect((await visitor.post('/finance/day-close/terminals', other10)).status).toBe(303)
    const seen = await (await visitor.get(`/finance/day-close?day=${day}`)).text()
    expect(seen).toContain('Card terminal T10, its own report, batch 5')
    const totals = (await readDayFigures(db, from, to)).flatMap((one) =>
      one.uncounted ? [[`terminal-${terminalOf(one)}`, String(toShillings(one.taken))]] : [],
    )
    const reasons = (await readDayFigures(db, from, to)).map(({ key }) => [
      `reason-${key}`,
      'looked_into',
    ])
    const named = { ...form, ...Object.fromEntries(reasons) }
    const read = { day, ...Object.fromEntries(totals), 'batch-T9': '12' }
    expect((await visitor.post('/finance/day-close/terminals', read)).status).toBe(303)
    const whole = await (await visitor.get(`/finance/day-close?day=${day}`)).text()
    expect(whole).toContain('Card terminal T9, its own report, batch 12')
    for (const _time of [1, 2])
      expect((await visitor.post('/finance/day-close', named)).status).toBe(303)
    const other = await visitor.post('/finance/day-close', { day, id: randomUUID() })
    expect(await other.text()).toContain('This day is closed already.')
    expect(await (await visitor.get(`/finance/day-close?day=${day}`)).text()).toContain('Closed by')
  })
})
