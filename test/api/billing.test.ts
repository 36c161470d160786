/** Who is billed, said by form: shares that sum to the price, for people and companies. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { addMember } from '../../db/companies.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { creditExcess } from '../../db/credit-excess.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { toShillings } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import {
  buildBooking,
  buildCompany,
  buildPaid,
  buildParty,
  count,
  NOW,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let customerId: string

beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
  const me = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  customerId = me?.id ?? ''
})
afterAll(() => db.drop())

const enter = async (who: string) => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  return visitor
}
const buildShared = () =>
  buildBooking(db, {
    customerId,
    parties: [buildParty({ name: 'Wanjiku Kamau' }), buildParty({ name: 'Otieno Ouma' })],
  })

type Row = { amount: string; companyId?: string; name?: string; pin?: string; email?: string }
const formOf = (rows: Row[], key: string = randomUUID()) => ({
  key,
  ...Object.fromEntries(
    rows.flatMap((row, index) =>
      Object.entries(row).map(([name, value]) => [`bills[${index}][${name}]`, value]),
    ),
  ),
})
async function send(who: string, { input }: Booking, rows: Row[], key?: string) {
  const visitor = await enter(who)
  const path = `/bookings/${input.reservationId}/billing`
  await visitor.token(path)
  return visitor.post(path, formOf(rows, key))
}

type Draft = {
  name: string
  gross: number
  partyId: string | null
  companyId: string | null
  wanted: boolean
}
const drafts = ({ input }: Booking) =>
  select<Draft>(
    db,
    `SELECT bill_to->>'name' AS name, gross_cents::int AS gross, party_id AS "partyId", company_id AS "companyId",
       issue_wanted AS wanted FROM invoices WHERE owner_id = $1 AND status = 'draft' ORDER BY gross_cents, bill_to->>'name'`,
    [input.reservationId],
  )
const total = ({ held }: Booking) => toShillings(held.total)

describe('the form', () => {
  it('shows everybody with their share, and the sum that they must reach', async () => {
    const booking = await buildShared()
    const me = await enter('wanjiku')
    const page = await (await me.get(`/bookings/${booking.input.reservationId}/billing`)).text()
    for (const words of ['Wanjiku Kamau', 'Otieno Ouma', 'Somebody else', 'must add up to'])
      expect(page).toContain(words)
  })

  it('makes a draft for each person, once for a form that is sent twice', async () => {
    const booking = await buildShared()
    const [first, second] = booking.held.parties
    const rows = [
      { amount: '1000', name: 'Wanjiku Kamau', pin: 'a123456789z', email: 'w@example.com' },
      { amount: String(total(booking) - 1_000), name: 'Otieno Ouma' },
    ]
    const key = randomUUID()
    for (let n = 0; n < 2; n += 1)
      expect((await send('wanjiku', booking, rows, key)).status).toBe(303)
    expect(await drafts(booking)).toEqual([
      { name: 'Wanjiku Kamau', gross: 100_000, partyId: first?.id, companyId: null, wanted: false },
      {
        name: 'Otieno Ouma',
        gross: booking.held.total - 100_000,
        partyId: second?.id,
        companyId: null,
        wanted: false,
      },
    ])
  })

  it('sent anew replaces what was said before', async () => {
    const booking = await buildShared()
    const all = String(total(booking))
    await send('wanjiku', booking, [{ amount: all, name: 'Wanjiku' }])
    await send('desk', booking, [{ amount: '' }, { amount: all, name: 'Otieno' }])
    expect(await drafts(booking)).toMatchObject([{ name: 'Otieno', gross: booking.held.total }])
  })

  it.each([
    ['too little', -1, 'KSh 1 is missing', 'imepungua KSh 1'],
    ['too much', 1, 'KSh 1 is too much', 'KSh 1'],
  ])(
    'with %s says so beside the last amount, in Swahili too, and keeps what was typed',
    async (_, by, english, swahili) => {
      const booking = await buildShared()
      const rows = [
        { amount: '1000', name: 'Wanjiku' },
        { amount: String(total(booking) - 1_000 + by), name: 'Typed Name' },
      ]
      const answer = await send('wanjiku', booking, rows)
      expect(answer.status).toBe(400)
      const page = await answer.text()
      expect(page).toMatch(new RegExp(`id="field-bills-1-amount-error"[^]{0,200}${english}`))
      expect(page).toContain('Typed Name')
      expect(await drafts(booking)).toEqual([])
      const me = await enter('wanjiku')
      const path = `/bookings/${booking.input.reservationId}/billing`
      await me.token(path)
      me.setCookie('lang', 'sw')
      expect(await (await me.post(path, formOf(rows))).text()).toContain(swahili)
    },
  )

  it('says beside each field what is wrong with it', async () => {
    const booking = await buildShared()
    const rows = [
      { amount: '10.5', name: 'x' },
      { amount: '5', name: '', pin: '12', email: 'no' },
    ]
    const page = await (await send('wanjiku', booking, rows)).text()
    for (const field of ['0-amount', '1-name', '1-pin', '1-email'])
      expect(page).toContain(`id="field-bills-${field}-error"`)
  })
})

describe('a company', () => {
  it('is billed only by its own people, or by the desk', async () => {
    const [ours, theirs] = [
      await buildCompany(db, { name: 'Simba Cement Ltd' }),
      await buildCompany(db, { name: 'Twiga Foods Ltd' }),
    ]
    await inTransaction(db, (tx) =>
      addMember(tx, { companyId: ours.id, userId: customerId, actorId: 'finance' }),
    )
    const booking = await buildShared()
    const amount = String(total(booking))
    const refused = await send('wanjiku', booking, [{ amount, companyId: theirs.id, name: 'x' }])
    expect(await refused.text()).toContain('Choose one from the list.')
    expect((await send('wanjiku', booking, [{ amount, companyId: ours.id }])).status).toBe(303)
    expect(await drafts(booking)).toMatchObject([{ name: ours.name, companyId: ours.id }])
    expect((await send('desk', booking, [{ amount, companyId: theirs.id }])).status).toBe(303)
    expect(await drafts(booking)).toMatchObject([{ name: theirs.name, companyId: theirs.id }])
  })
})

describe('what was prepared', () => {
  const prepare = async () => {
    const booking = await buildShared()
    await send('wanjiku', booking, [{ amount: String(total(booking)), name: 'My Employer' }])
    return booking
  }

  it('goes out when the booking is paid, and nothing more is left to bill', async () => {
    const booking = await prepare()
    const { reservationId } = booking.input
    await buildPaid(db, booking, booking.held.total)
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', reservationId))
    expect(await drafts(booking)).toMatchObject([{ name: 'My Employer', wanted: true }])
    expect(await count(db, 'invoices WHERE owner_id = $1', [reservationId])).toBe(1)
    const page = await (
      await (await enter('wanjiku')).get(`/bookings/${reservationId}/billing`)
    ).text()
    expect(page).toContain('All of this is invoiced already.')
  })

  it('is thrown away when the booking ends unpaid', async () => {
    const booking = await prepare()
    const { reservationId } = booking.input
    const end = { reservationId, reason: 'deadline' as const, actorId: 'gari', note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    await inTransaction(db, (tx) => creditExcess(tx, { ownerId: reservationId, now: NOW }))
    expect(await drafts(booking)).toEqual([])
  })
})

it('nobody else says who is billed', async () => {
  const booking = await buildBooking(db)
  const path = `/bookings/${booking.input.reservationId}/billing`
  expect((await (await enter('wanjiku')).get(path)).status).toBe(404)
  expect((await (await enter('operations')).get(path)).status).toBe(403)
  expect((await createVisitor(app).get(path)).status).toBe(303)
})
