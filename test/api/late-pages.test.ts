/** The page behind the link of late money: nobody guesses it, it says what is so, and a choice reaches the story. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { findByEmail } from '../../db/accounts.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { closeOffer } from '../../db/late-offer-choices.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { endReservation, reclaimReservation } from '../../db/reservation-ends.ts'
import { BusinessError } from '../../domain/errors.ts'
import type { LateOffer, OfferChoice } from '../../domain/late-offers.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { buildDeps, buildWorkflows, type TestDeps } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { buildBooking, buildPrompt, keepCars, NOW, settle } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
let now = NOW
let asked: [paymentId: string, choice: OfferChoice][] = []
let answer: () => Promise<{ outcome: 'taken' }>

beforeAll(async () => {
  db = await createTestDatabase()
  const workflows = buildWorkflows({
    chooseOffer: (paymentId, choice) => {
      asked.push([paymentId, choice])
      return answer()
    },
  })
  deps = buildDeps(db, { workflows, now: () => now })
  app = createApp(deps)
})
beforeEach(() => {
  asked = []
  now = NOW
  answer = () => Promise.resolve({ outcome: 'taken' })
})
afterAll(() => db.drop())

/** Late money for a booking whose car has gone into the workshop. */
async function buildOffer(
  over: Parameters<typeof buildBooking>[1] = {},
): Promise<{ offer: LateOffer; path: string; paymentId: string; bookingPath: string }> {
  const [car = ''] = await keepCars(db, 'SEDAN', 1)
  const booking = await buildBooking(db, over)
  const { reservationId } = booking.input
  const prompt = await buildPrompt(db, booking)
  const { paymentId } = prompt
  const end = { reservationId, reason: 'deadline', actorId: 'clock', note: null } as const
  await inTransaction(db, (tx) => endReservation(tx, end))
  await settle(db, prompt)
  await select(db, "UPDATE vehicles SET status = 'maintenance' WHERE id = $1 RETURNING id", [car])
  const claim = { paymentId, policy: DEFAULT_POLICY, now: NOW }
  const home = await inTransaction(db, (tx) => reclaimReservation(tx, claim))
  await select(db, "UPDATE vehicles SET status = 'available' WHERE id = $1 RETURNING id", [car])
  if (home.outcome !== 'offered') throw new Error(home.outcome)
  const path = `/late/${paymentId}/${deps.lateToken(paymentId)}`
  return { offer: home.offer, paymentId, path, bookingPath: `/bookings/${reservationId}` }
}
const firstOption = async (offerId: string) =>
  (
    await selectOne<{ id: string }>(
      db,
      'SELECT id FROM late_offer_options WHERE offer_id = $1 ORDER BY position LIMIT 1',
      [offerId],
    )
  )?.id ?? ''
const read = async (path: string) => (await createVisitor(app).get(path)).text()

describe('the link of late money', () => {
  it('shows what came, what is offered and both choices, without signing in', async () => {
    const { path } = await buildOffer()
    const html = await read(path)
    expect(html).toContain('came after the booking had ended')
    expect(html).toContain('Take this car')
    expect(html).toContain('Send my money back')
    expect(html).toContain('/static/vehicles/suv-')
  })

  it('leads nowhere with another token, for another payment, or when nothing was offered', async () => {
    const { path, paymentId } = await buildOffer()
    const other = randomUUID()
    for (const wrong of [`${path}x`, path.replace(paymentId, other)])
      expect((await createVisitor(app).get(wrong)).status).toBe(404)
    const unoffered = `/late/${other}/${deps.lateToken(other)}`
    expect((await createVisitor(app).get(unoffered)).status).toBe(404)
  })
})

describe('the page of a booking with an offer', () => {
  const signIn = async (email: string) => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
    return visitor
  }

  it('leads its customer to the choice while there is one', async () => {
    const customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
    const { path, bookingPath } = await buildOffer({ customerId })
    const customer = await signIn('wanjiku@example.com')
    const html = await (await customer.get(bookingPath)).text()
    expect(html).toContain(`href="${path}"`)
    expect(html).toContain('Another car is held until')
    expect(await (await customer.get(`${bookingPath}/pay`)).text()).toContain(`href="${path}"`)
    now = new Date(NOW.getTime() + HOUR_MS)
    expect(await (await customer.get(bookingPath)).text()).not.toContain(path)
  })

  it('gives the link to nobody else, the desk included', async () => {
    const { path, bookingPath } = await buildOffer()
    const desk = await signIn('desk@example.com')
    const html = await (await desk.get(bookingPath)).text()
    expect(html).toContain('has an SMS with the link')
    expect(html).not.toContain(path)
  })
})

describe('choosing', () => {
  it('reaches the story that has the offer', async () => {
    const { path, offer, paymentId } = await buildOffer()
    const optionId = await firstOption(offer.offerId)
    const visitor = createVisitor(app)
    await visitor.token(path)
    for (const choice of [optionId, 'refund'])
      expect((await visitor.post(path, { choice })).headers.get('location')).toBe(path)
    expect(asked).toEqual([
      [paymentId, { optionId }],
      [paymentId, 'refund'],
    ])
  })

  it('refuses what was not offered, and a form without its token', async () => {
    const { path } = await buildOffer()
    const visitor = createVisitor(app)
    await visitor.token(path)
    expect((await visitor.post(path, { choice: randomUUID() })).status).toBe(400)
    expect((await visitor.post(path, { choice: 'refund', _csrf: 'guessed' })).status).toBe(403)
    expect(asked).toEqual([])
  })

  it('too late leads back to the page, which says what became of it', async () => {
    const { path, offer } = await buildOffer()
    const visitor = createVisitor(app)
    await visitor.token(path)
    answer = () => Promise.reject(new BusinessError('RESERVATION_CLOSED', 'The time is over.'))
    expect((await visitor.post(path, { choice: 'refund' })).status).toBe(303)
    now = new Date(NOW.getTime() + HOUR_MS)
    expect(await read(path)).toContain('The time to choose is over.')
    const closing = { offerId: offer.offerId, status: 'declined' } as const
    await inTransaction(db, (tx) => closeOffer(tx, closing, DEFAULT_POLICY))
    const html = await read(path)
    expect(html).toContain('Your money goes back')
    expect(html).not.toContain('Take this car')
  })
})
