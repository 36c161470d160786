/** Whoever cancels and hears no answer asks again, and is not refused what they have got. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { BusinessError } from '../../domain/errors.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  readProblem,
  type TestApi,
} from '../support/api.ts'
import { buildBooking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
let desk: { authorization: string }
beforeAll(async () => {
  db = await createTestDatabase()
  const isOver = () =>
    Promise.reject(new BusinessError('RESERVATION_CLOSED', 'This booking is no longer open.'))
  const workflows = buildWorkflows({ cancelReservation: isOver })
  api = createTestApi(buildDeps(db, { workflows }))
  const account = { email: 'desk@example.com', password: SAMPLE_PASSWORD }
  const answer = await api.post('/auth/login', account)
  const { access_token: token } = (await answer.json()) as { access_token: string }
  desk = { authorization: `Bearer ${token}` }
})
afterAll(() => db.drop())

async function ended(how: 'desk' | 'deadline'): Promise<string> {
  const { input } = await buildBooking(db)
  const end = { reservationId: input.reservationId, reason: how, note: null, actorId: 'somebody' }
  await inTransaction(db, (tx) => endReservation(tx, end))
  return input.reservationId
}

describe('cancelling again', () => {
  it('what is cancelled already is told how it stands', async () => {
    const id = await ended('desk')
    const answer = await api.post(`/reservations/${id}/cancel`, {}, desk)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ id, status: 'cancelled' })
  })

  it('what ended in another way is refused', async () => {
    const answer = await api.post(`/reservations/${await ended('deadline')}/cancel`, {}, desk)
    expect(answer.status).toBe(409)
    expect(await readProblem(answer)).toMatchObject({ code: 'RESERVATION_CLOSED' })
  })
})
