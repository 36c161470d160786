/** Whoever paid too late hears by SMS what is offered, with the link that leads to the choice. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { composeSms } from '../../activities/notices.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { findOfferFacts } from '../../db/late-offer-reads.ts'
import {
  findNotificationFacts,
  queueNotifications,
  takeNotifications,
} from '../../db/notifications.ts'
import { endReservation, reclaimReservation } from '../../db/reservation-ends.ts'
import { noticesFor } from '../../domain/notices.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { buildBooking, buildPrompt, eventsOf, keepCars, NOW, settle } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

it('an offer leaves as one SMS with its link, its car and its end', async () => {
  await keepCars(db, 'SEDAN', 1)
  const booking = await buildBooking(db)
  const { reservationId } = booking.input
  const prompt = await buildPrompt(db, booking)
  const end = { reservationId, reason: 'deadline', actorId: 'clock', note: null } as const
  await inTransaction(db, (tx) => endReservation(tx, end))
  await settle(db, prompt)
  await select(
    db,
    "UPDATE vehicles SET status = 'maintenance' WHERE category_code = 'SEDAN' RETURNING id",
  )
  const { paymentId } = prompt
  const claim = { paymentId, policy: DEFAULT_POLICY, now: NOW }
  const home = await inTransaction(db, (tx) => reclaimReservation(tx, claim))
  expect(home.outcome).toBe('offered')

  const told = (await eventsOf(db, paymentId)).find(({ type }) => type === 'payment.arrived_late')
  const facts = await findNotificationFacts(db, reservationId)
  if (!told || !facts) throw new Error('nobody is told')
  const notices = noticesFor({ type: 'gari.payment.arrived_late.v1', data: told.data }, facts)
  await inTransaction(db, (tx) =>
    queueNotifications(
      tx,
      notices.map((notice) => ({ ...notice, eventId: randomUUID(), reservationId })),
    ),
  )
  const [queued] = await takeNotifications(db, 'sms', 10)
  if (!queued || queued.chargeId !== null || queued.customerId !== null)
    throw new Error('no SMS is queued')
  const offer = await findOfferFacts(db, queued.detail.payment ?? '')
  const link = `https://gari.example/late/${paymentId}/token`
  const sms = composeSms(() => link, queued, { ...facts, offer })
  expect(sms?.to).toBe(booking.input.parties[0]?.phone)
  expect(sms?.text).toContain(link)
  expect(sms?.text).toContain(offer?.carName)
})
