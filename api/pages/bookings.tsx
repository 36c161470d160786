/** My bookings, one booking, its live part, its end, its calendar file. */
import { Hono, type Context } from 'hono'
import type { BookingPage } from '../../domain/pages.ts'
import { mayBill, maySeeReservation } from '../../domain/policies.ts'
import { isPayable } from '../../domain/reservations.ts'
import { listChargesOf } from '../../db/charge-search.ts'
import { listReservations } from '../../db/reservation-lists.ts'
import { readRentalOf } from '../../db/rental-rows.ts'
import { findReservation, type ReservationDetail } from '../../db/reservation-reads.ts'
import { BookingView } from '../../views/booking.tsx'
import { MyBookingsView } from '../../views/bookings.tsx'
import { ErrorView } from '../../views/errors.tsx'
import { findVisible } from '../booking.ts'
import { cancelBooking } from '../cancelling.ts'
import { calendarFile } from '../calendar.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { assertCan } from '../permitted.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { toBookingPage, toBookingRow } from './booking-view.ts'
import { documentsOf } from './document-lines.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 20

export function createBookingPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()

  pages.get('/bookings', async (c) => {
    const actor = signedIn(c)
    assertCan(actor, 'own_reservations:read')
    const cursor = c.req.query('cursor')
    const { items, next } = await listReservations(deps.db, {
      customerId: actor.userId,
      limit: PAGE_SIZE,
      ...(cursor ? { cursor } : {}),
    })
    // What else is to pay stands above the first bookings only.
    const charges = cursor ? [] : await listChargesOf(deps.db, { customerId: actor.userId })
    const page = { rows: items.map(toBookingRow), next, charges, now: deps.now() }
    return c.html(<MyBookingsView viewer={await viewerOf(c, deps)} page={page} />)
  })

  /** The workflow took longer than a page should wait: look again with the same id. */
  pages.get('/bookings/wait/:id', async (c) => {
    const id = idParam(c)
    const actor = signedIn(c)
    const found = await findReservation(deps.db, id)
    if (found && maySeeReservation(actor, found)) return c.redirect(`/bookings/${id}/pay`, 303)
    c.header('Refresh', '2')
    const page = {
      title: 'We are on it',
      sentences: [
        'Your request has reached us and is taking a little longer than usual.',
        'You have not been charged. This page looks again by itself.',
      ],
      reference: id.slice(0, 8),
      retryPath: `/bookings/wait/${id}`,
      signInPath: null,
    }
    return c.html(<ErrorView viewer={await viewerOf(c, deps)} page={page} />, 202)
  })

  pages.get('/bookings/:id', async (c) => {
    const page = await readBooking(c, deps)
    const viewer = await viewerOf(c, deps)
    return c.html(<BookingView viewer={viewer} page={page} />)
  })

  pages.get('/bookings/:id/calendar.ics', async (c) => {
    const page = await readBooking(c, deps)
    c.header('Content-Type', 'text/calendar; charset=utf-8')
    c.header('Content-Disposition', `attachment; filename="${page.number}.ics"`)
    return c.body(calendarFile(deps.publicUrl, page))
  })

  pages.post('/bookings/:id/cancel', async (c) => {
    const actor = signedIn(c)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    const booking = await findVisible(deps, actor, idParam(c))
    const note = typeof form['note'] === 'string' ? form['note'] : ''
    const refusal = 'You may see this booking, but not cancel it.'
    await cancelBooking(deps, actor, booking, { note, refusal })
    return c.redirect(`/bookings/${booking.id}`, 303)
  })
  return pages
}

async function readBooking(c: Context<Env>, deps: ApiDeps): Promise<BookingPage> {
  const actor = signedIn(c)
  const booking = await findVisible(deps, actor, idParam(c))
  const documents = await documentsOf(deps, actor, booking)
  const billingPath =
    isPayable(booking.status) && mayBill(actor, booking) ? `/bookings/${booking.id}/billing` : null
  const rentalPath = await rentalPathOf(deps, booking)
  return { ...(await toBookingPage(deps, booking, actor)), documents, billingPath, rentalPath }
}

const OUT = new Set(['in_progress', 'completed'])

/** Nothing is asked of the database before the keys can be out. */
async function rentalPathOf(deps: ApiDeps, { id, status }: ReservationDetail) {
  return OUT.has(status) && (await readRentalOf(deps.db, id)) ? `/bookings/${id}/rental` : null
}
