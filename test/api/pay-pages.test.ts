/** The payment page over HTTP: what was tried is kept, a friend is asked for their own share and no more. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { openPayment, refusePayment } from '../../db/payments.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, type TestDeps } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import {
  buildBooking,
  buildPaid,
  buildParty,
  nextPhone,
  NOW,
  progress,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
let customerId: string

beforeAll(async () => {
  db = await createTestDatabase()
  const me = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  customerId = me?.id ?? ''
  const workflows = buildWorkflows({
    requestPayment: async (ownerId, { paymentId, partyId, phone, amount }) => {
      const number = await selectOne<{ number: string }>(
        db,
        'SELECT number FROM reservations WHERE id = $1',
        [ownerId],
      )
      const input = { paymentId, partyId, phone, amount, ownerId, customerId, actorId: 'a' }
      const ownerNumber = number?.number ?? ''
      await inTransaction(db, async (tx) => {
        await openPayment(tx, { ...input, ownerNumber, purpose: 'reservation' }, NOW)
        await refusePayment(tx, paymentId, reasonFor('1'))
      })
    },
    awaitPrompt: () => Promise.resolve({ outcome: 'prompted', checkoutRequestId: null }),
  })
  deps = buildDeps(db, { workflows, now: () => NOW })
  app = createApp(deps)
})
afterAll(() => db.drop())

const fieldOf = (html: string, name: string): string | undefined =>
  new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1]
const valuesOf = (html: string) => [fieldOf(html, 'phone'), fieldOf(html, 'amount')]

const shared = () => buildBooking(db, { customerId, parties: [buildParty(), buildParty()] })
const linkOf = ({ input }: Booking, index: number): string => {
  const partyId = input.parties[index]?.id ?? ''
  return `/pay/${input.reservationId}/${partyId}/${deps.shareToken(input.reservationId, partyId)}`
}
const enter = async (email: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  return visitor
}
const owner = () => enter('wanjiku@example.com')
const clerk = () => enter('desk@example.com')
const page = async (visitor: Visitor, path: string) => (await visitor.get(path)).text()

describe('after a refused attempt', () => {
  it.each([['the owner'], ['a friend']])(
    'the form of %s keeps its amount and phone',
    async (who) => {
      const booking = await shared()
      const path =
        who === 'a friend' ? linkOf(booking, 1) : `/bookings/${booking.input.reservationId}/pay`
      const visitor = who === 'a friend' ? createVisitor(app) : await owner()
      await visitor.token(path)
      const [phone, partyId] = ['0733 000 111', booking.input.parties[1]?.id ?? '']
      const wish = { phone, amount: '1,500', party_id: partyId, payment_id: randomUUID() }
      expect((await visitor.post(path, wish)).status).toBe(303)
      for (const one of [path, `${path}/live?v=`])
        expect(valuesOf(await page(visitor, one))).toEqual(['0733 000 111', '1500'])
    },
  )

  it('nobody else gets the phone, not even by naming that payment', async () => {
    const booking = await shared()
    const [path, payment_id] = [linkOf(booking, 1), randomUUID()]
    const friend = createVisitor(app)
    await friend.token(path)
    await friend.post(path, { phone: '0733 000 222', amount: '10', payment_id })
    const other = createVisitor(app)
    await other.token(path)
    await other.post(path, { phone: '0733 000 333', amount: '10', payment_id })
    expect(await page(other, path)).not.toContain('0733 000 222')
    expect(await page(friend, path)).toContain('0733 000 222')
  })
})

describe('a friend who came by a link', () => {
  it('and has paid is thanked, not asked for the rest', async () => {
    const booking = await shared()
    const share = booking.held.parties[1]?.share
    if (!share) throw new Error('no share')
    const own = { ...booking, held: { ...booking.held, parties: booking.held.parties.slice(1) } }
    await buildPaid(db, own, share)
    await progress(db, booking.input.reservationId)
    const html = await page(createVisitor(app), linkOf(booking, 1))
    expect(html).toContain('Your share is paid, thank you.')
    expect(html).toContain('id="pay-more"')
    expect(fieldOf(html, 'amount')).toBe('')
    const path = `/bookings/${booking.input.reservationId}`
    const detail = 'by callback'
    expect(await page(await owner(), path)).not.toContain(detail)
    expect(await page(await clerk(), `/desk${path}`)).toContain(detail)
  })

  it('and said no is seen by everybody to have said so', async () => {
    const parties = [buildParty(), buildParty({ name: 'Otieno' })]
    const booking = await buildBooking(db, { customerId, parties })
    await select(db, 'UPDATE reservation_parties SET declined_at = now() WHERE id = $1', [
      parties[1]?.id,
    ])
    const friends = await page(createVisitor(app), linkOf(booking, 1))
    expect(friends).toContain('You said that you will not pay.')
    expect(friends).not.toContain('/decline"')
    const id = booking.input.reservationId
    for (const path of [`/bookings/${id}`, `/bookings/${id}/pay`])
      expect(await page(await owner(), path)).toContain('Otieno will not pay.')
    expect(await page(await clerk(), `/desk/bookings/${id}`)).toContain('Otieno will not pay.')
  })
})

it('the owner is given the links for the others where the paying is done', async () => {
  const parties = [buildParty(), buildParty({ name: 'Otieno', phone: nextPhone() })]
  const booking = await buildBooking(db, { customerId, parties })
  const html = await page(await owner(), `/bookings/${booking.input.reservationId}/pay`)
  expect(html).toContain('Links for the others')
  expect(html).toContain(linkOf(booking, 1))
  expect(html).not.toContain(`href="${linkOf(booking, 0)}"`)
  const to = `254${(parties[1]?.phone ?? '').slice(4)}`
  expect(html).toContain(`https://wa.me/${to}?text=`)
  expect(html).toContain(encodeURIComponent(`${deps.publicUrl}${linkOf(booking, 1)}`))
  const friends = await page(createVisitor(app), linkOf(booking, 1))
  expect(friends).not.toContain('Links for the others')
})
