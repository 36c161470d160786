/** A charge's pages over HTTP: its customer, the link of a friend, and a big amount in steps. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { findByEmail } from '../../db/accounts.ts'
import { inTransaction } from '../../db/connection.ts'
import { findCharge } from '../../db/charge-reads.ts'
import { openCharge } from '../../db/charges.ts'
import { openPlan } from '../../db/payment-plans.ts'
import { addPlanPhone } from '../../db/plan-phones.ts'
import type { ChargeInput } from '../../domain/charges.ts'
import { BusinessError } from '../../domain/errors.ts'
import { shillings } from '../../domain/money.ts'
import { maskPhone, printedPhone } from '../../domain/payments.ts'
import { DAY_MS, parseTime, toFormTime } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildChargeWorkflows, buildDeps, buildWorkflows } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { buildBooking, buildParty, nextPhone, NOW } from '../support/builders.ts'
import { buildCharge, payCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId = ''
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())

function setUp(now = NOW) {
  const asked: string[] = []
  const covered: object[] = []
  const charges = buildChargeWorkflows({
    requestPayment: (id) => Promise.resolve(void asked.push(id)),
    coverShare: (_what, _id, wish) => {
      covered.push(wish)
      return Promise.resolve({ added: shillings(1) })
    },
    open: (input) => inTransaction(db, (tx) => openCharge(tx, input, now)),
    startPlan: (input) => inTransaction(db, (tx) => openPlan(tx, input, now)),
    addPlanPhone: async (planId, wish) => {
      const added = await inTransaction(db, (tx) => addPlanPhone(tx, { planId, ...wish }))
      if (added.outcome === 'refused') throw new BusinessError(added.code, added.message)
    },
  })
  const awaitPrompt = () => Promise.resolve(null)
  const workflows = buildWorkflows({ charges, awaitPrompt })
  const deps = buildDeps(db, { workflows, now: () => now })
  const app = createApp(deps)
  const signIn = async (email = 'wanjiku@example.com') => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
    return visitor
  }
  return { deps, app, asked, covered, signIn }
}
const build = (over: Partial<ChargeInput> = {}) => buildCharge(db, { customerId, ...over })
const page = async (answer: Response) => {
  expect(answer.status).toBe(200)
  return answer.text()
}

describe('the page of a charge', () => {
  it('shows its customer what it is for and takes a payment', async () => {
    const { signIn, asked } = setUp()
    const { input, opened } = await build({ description: 'Left mirror' })
    const visitor = await signIn()
    const html = await page(await visitor.get(`/charges/${input.chargeId}`))
    expect(html).toContain('Left mirror')
    expect(html).toContain(opened.number)
    for (const deed of ['/cancel"', '/decline"', '/plan"']) expect(html).not.toContain(deed)
    const onlooker = await signIn('operations@example.com')
    await onlooker.get(`/charges/${input.chargeId}`)
    const fields = { phone: nextPhone(), amount: '100', payment_id: randomUUID(), party_id: '' }
    expect((await onlooker.post(`/charges/${input.chargeId}`, fields)).status).toBe(403)
    const paid = await visitor.post(`/charges/${input.chargeId}`, fields)
    expect(paid.status).toBe(303)
    expect(asked).toEqual([input.chargeId])
  })

  it('keeps what was typed and says beside the field what is wrong', async () => {
    const { signIn } = setUp()
    const { input } = await build()
    const visitor = await signIn()
    await visitor.get(`/charges/${input.chargeId}`)
    const fields = { phone: '12', amount: '100', payment_id: randomUUID(), party_id: '' }
    const answer = await visitor.post(`/charges/${input.chargeId}`, fields)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('value="12"')
  })

  it('is in Swahili for who reads Swahili, and unchanged parts are not sent again', async () => {
    const { signIn } = setUp()
    const { input } = await build()
    const visitor = await signIn()
    visitor.setCookie('lang', 'sw')
    const html = await page(await visitor.get(`/charges/${input.chargeId}`))
    expect(html).toContain('Ilipwe kabla ya')
    const version = /live\?v=([^"]+)"/.exec(html)?.[1] ?? ''
    expect((await visitor.get(`/charges/${input.chargeId}/live?v=${version}`)).status).toBe(204)
  })

  it('is nobody else’s business, but a link opens it for a friend', async () => {
    const { app, deps } = setUp()
    const { input } = await build({ parties: [buildParty(), buildParty()] })
    const friend = createVisitor(app)
    const id = input.parties[1]?.id ?? ''
    const path = `/charges/${input.chargeId}/share/${id}`
    expect((await friend.get(`${path}/wrong`)).status).toBe(404)
    const html = await page(await friend.get(`${path}/${deps.shareToken(input.chargeId, id)}`))
    expect(html).toContain('I will not pay')
    expect(html).not.toContain('/bookings/')
  })

  it('leads the desk to the booking and to all charges, and asks before it is cancelled', async () => {
    const { signIn } = setUp()
    const { held } = await buildBooking(db)
    const { input } = await build({ reservationId: held.reservationId })
    const html = await page(
      await (await signIn('desk@example.com')).get(`/charges/${input.chargeId}`),
    )
    expect(html).toContain(`href="/desk/bookings/${held.reservationId}"`)
    expect(html).toContain('href="/desk/charges"')
    expect(html).toMatch(/<details class="card fold cancel">.*button-danger/s)
    expect(html).not.toContain('(this page)')
  })

  it('offers the others a share that was not paid', async () => {
    const { signIn, covered } = setUp(new Date(NOW.getTime() + 2 * DAY_MS))
    const parties = [buildParty(), buildParty({ name: 'Otieno Ouma' })]
    const charge = await build({ parties, mode: 'all_or_nobody' })
    await payCharge(db, charge, shillings(2_000))
    const visitor = await signIn()
    const html = await page(await visitor.get(`/charges/${charge.input.chargeId}`))
    expect(html).toContain('I pay KSh 2,000 for Otieno Ouma')
    const missed = parties[1]?.id ?? ''
    const path = `/charges/${charge.input.chargeId}/cover`
    expect((await visitor.post(path, { for_party_id: missed })).status).toBe(303)
    expect(covered).toMatchObject([{ partyId: parties[0]?.id, forPartyId: missed }])
  })
})

describe('the desk’s form for a new charge', () => {
  const typed = (over: Record<string, string> = {}) => ({
    charge_id: randomUUID(),
    type: 'damage',
    description: 'Left mirror',
    amount: '4,500',
    parties: `Otieno Ouma, ${nextPhone()}, 1500\nWanjiku Kamau, ${nextPhone()}`,
    mode: 'all_or_nobody',
    shrinkable: 'no',
    ...over,
  })

  it('makes it for the booking’s customer, shared as typed, and leads to its page', async () => {
    const { signIn } = setUp()
    const { held } = await buildBooking(db)
    const desk = await signIn('desk@example.com')
    const path = `/desk/bookings/${held.reservationId}/charge`
    expect(await page(await desk.get(path))).toContain('New charge')
    const made = await desk.post(path, typed())
    expect(made.status).toBe(303)
    const html = await page(await desk.get(made.headers.get('location') ?? ''))
    expect(html).toContain('KSh 0 of KSh 1,500')
    expect(html).toContain('KSh 0 of KSh 3,000')
  })

  it('shows the phone of who booked masked, and charges the one behind it', async () => {
    const { signIn, asked } = setUp()
    const { held, input } = await buildBooking(db)
    const phone = input.parties[0]?.phone ?? ''
    const desk = await signIn('desk@example.com')
    const path = `/desk/bookings/${held.reservationId}/charge`
    const form = await page(await desk.get(path))
    expect(form).toContain(maskPhone(phone))
    expect(form).not.toContain(printedPhone(phone))
    const parties = `Wanjiku Kamau, ${maskPhone(phone)}`
    const made = await desk.post(path, typed({ parties, mode: 'anybody' }))
    const id = made.headers.get('location')?.split('/').at(-1) ?? ''
    expect((await findCharge(db, id, NOW))?.parties.map((one) => one.phone)).toEqual([phone])
    const pay = await page(await desk.get(`/charges/${id}`))
    expect(pay).toContain(`value="${maskPhone(phone)}"`)
    expect(pay).not.toContain(phone.slice(1))
    const wish = { phone: maskPhone(phone), amount: '100', payment_id: randomUUID() }
    expect((await desk.post(`/charges/${id}`, wish)).status).toBe(303)
    expect(asked).toEqual([id])
  })

  it('gives the whole and each of its people their time', async () => {
    const { signIn } = setUp()
    const { held } = await buildBooking(db)
    const desk = await signIn('desk@example.com')
    const path = `/desk/bookings/${held.reservationId}/charge`
    await desk.get(path)
    const due = toFormTime(new Date(NOW.getTime() + 3 * DAY_MS))
    const sooner = toFormTime(new Date(NOW.getTime() + DAY_MS)).replace('T', ' ')
    const parties = `Otieno Ouma, ${nextPhone()}, 1,500, ${sooner}\nWanjiku Kamau, ${nextPhone()}`
    const made = await desk.post(path, typed({ due_at: due, parties }))
    expect(made.status).toBe(303)
    const id = made.headers.get('location')?.split('/').at(-1) ?? ''
    const found = await findCharge(db, id, NOW)
    expect(found?.dueAt).toEqual(parseTime(due))
    expect(found?.parties.map(({ share, dueAt }) => [share, dueAt])).toEqual([
      [shillings(1_500), parseTime(sooner.replace(' ', 'T'))],
      [shillings(3_000), null],
    ])
    expect(await page(await desk.get(`/charges/${id}`))).toContain('To be paid by')
    const late = toFormTime(new Date(NOW.getTime() + 4 * DAY_MS))
    const after = typed({ due_at: due, parties: `Otieno, ${nextPhone()}, 4500, ${late}` })
    const refused = await desk.post(path, after)
    expect(await refused.text()).toContain('Nobody can pay later than the whole is due.')
  })

  it('keeps what was typed beside what is wrong with it, and is for staff', async () => {
    const { signIn } = setUp()
    const { held } = await buildBooking(db)
    const path = `/desk/bookings/${held.reservationId}/charge`
    const desk = await signIn('desk@example.com')
    await desk.get(path)
    const wrong = await desk.post(path, typed({ parties: 'Otieno, 12', amount: '10' }))
    expect(wrong.status).toBe(400)
    const html = await wrong.text()
    expect(html).toContain('Otieno, 12')
    expect(html).toContain('Line 1: Give a Kenyan mobile number')
    expect((await (await signIn()).get(path)).status).toBe(403)
  })
})

describe('a big amount in steps', () => {
  it('is offered above what M-Pesa takes at a time, started once, and shown with its next step', async () => {
    const { signIn } = setUp()
    const { input, opened } = await build({ total: shillings(600_000) })
    const visitor = await signIn()
    const path = `/charges/${input.chargeId}/plan`
    expect(await page(await visitor.get(`/charges/${input.chargeId}`))).toContain(path)
    expect(await page(await visitor.get(path))).toContain('KSh 600,000 to pay')
    const wrong = await visitor.post(path, { phones: 'x' })
    expect(wrong.status).toBe(400)
    expect((await visitor.post(path, { phones: `${nextPhone()}\n${nextPhone()}` })).status).toBe(
      303,
    )
    const html = await page(await visitor.get(path))
    expect(html).toContain('The next request is about to go out.')
    expect(html).toContain('/stop')
    expect(html).toContain('0123456789')
    expect(html).toContain(`<dd class="nowrap">${opened.number}</dd>`)
    const desk = await signIn('desk@example.com')
    const staffs = await build({ total: shillings(600_000) })
    const [owes] = staffs.input.parties
    const theirs = `/charges/${staffs.input.chargeId}/plan`
    const shown = await page(await desk.get(theirs))
    expect(shown).toContain(maskPhone(owes?.phone ?? ''))
    expect(shown).not.toContain(printedPhone(owes?.phone ?? ''))
    expect((await desk.post(theirs, { phones: maskPhone(owes?.phone ?? '') })).status).toBe(303)
    const add = /action="([^"]+\/phone)"/.exec(html)?.[1] ?? ''
    expect((await visitor.post(add, { phone: 'x' })).status).toBe(400)
    for (const _more of [3, 4, 5])
      expect((await visitor.post(add, { phone: nextPhone() })).status).toBe(303)
    expect(await page(await visitor.get(path))).not.toContain('/phone"')
    const sixth = await visitor.post(add, { phone: nextPhone() })
    expect(await sixth.text()).toContain('Name at most 5 phones.')
    const other = await build({ total: shillings(600_000) })
    const foreign = add.replace(input.chargeId, other.input.chargeId)
    expect((await visitor.post(foreign, { phone: nextPhone() })).status).toBe(404)
  })
})
