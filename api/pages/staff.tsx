/** Staff: the desk's day, payments for finance, parked steps for operations. */
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError } from '../../domain/errors.ts'
import { reservationWorkflowId } from '../../domain/ids.ts'
import {
  can,
  mayBill,
  mayCharge,
  mayHandOver,
  mayResolveWorkflows,
  mayRevealContacts,
  mayReviewIdentity,
  mayRunTill,
  maySeeDesk,
  maySeeWorkflows,
} from '../../domain/policies.ts'
import { showPersonal, shownTo } from '../../domain/masking.ts'
import { MOST_CHANGES } from '../../domain/staff-pages.ts'
import { DAY_MS, parseTime } from '../../domain/time.ts'
import { listBookingChanges } from '../../db/booking-changes.ts'
import { listChargesOf } from '../../db/charge-search.ts'
import { countOutbox } from '../../db/outbox.ts'
import { countQueued, readOutage } from '../../db/outages.ts'
import { readRating } from '../../db/ratings.ts'
import { listForCounter } from '../../db/rental-reads.ts'
import { readRentalOf } from '../../db/rental-rows.ts'
import { listAlarms } from '../../db/security.ts'
import {
  findReservation,
  listForDesk,
  searchReservations,
  type ReservationDetail,
} from '../../db/reservation-reads.ts'
import { DeskBookingView, DeskView } from '../../views/desk.tsx'
import { StatusView } from '../../views/status.tsx'
import { cancelBooking } from '../cancelling.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { noteReveal } from '../revealing.ts'
import { refuseForRefund } from '../paying-by-hand.ts'
import { assertCsrf } from '../sessions.ts'
import { toBookingPage, toBookingRow } from './booking-view.ts'
import { documentsOf } from './document-lines.ts'
import { createFinancePages } from './finance.tsx'
import { staff, workflowUrl } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PARKED = 50

async function findForStaff(c: Context<Env>, deps: ApiDeps) {
  const booking = await findReservation(deps.db, idParam(c))
  if (!booking) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  return booking
}

const customerOf = (found: ReservationDetail, actor: Actor, isRevealed: boolean) => {
  const { customerId, customerName: name, customerPhone: phone, customerEmail: email } = found
  const isWhole = isRevealed || shownTo(actor, customerId, 'phone') === 'whole'
  const id = customerId
  if (isWhole) return { id, name, phone, email, isWhole }
  return {
    id,
    name,
    phone: showPersonal(actor, customerId, 'phone', phone),
    email: showPersonal(actor, customerId, 'email', email),
    isWhole,
  }
}

/** Where the next step with the car is, or what became of it; null where there is none. */
async function rentalPathOf(deps: ApiDeps, { id, status }: ReservationDetail) {
  const path = `/desk/bookings/${id}`
  if (status === 'confirmed') return `${path}/pick-up`
  if (status === 'in_progress') return `${path}/return`
  return status === 'completed' && (await readRentalOf(deps.db, id)) ? `${path}/rental` : null
}

async function showBooking(c: Context<Env>, deps: ApiDeps, isRevealed: boolean) {
  const actor = staff(c, maySeeDesk)
  const found = await findForStaff(c, deps)
  const page = {
    booking: {
      ...(await toBookingPage(deps, found, actor)),
      documents: await documentsOf(deps, actor, found),
    },
    customer: customerOf(found, actor, isRevealed),
    identityPath: mayReviewIdentity(actor) ? `/desk/customers/${found.customerId}/identity` : null,
    mayReveal: mayRevealContacts(actor),
    mayPoints: can(actor, 'loyalty:read'),
    risk: can(actor, 'ratings:read')
      ? ((await readRating(deps.db, found.customerId))?.level ?? null)
      : null,
    charges: await listChargesOf(deps.db, { reservationId: found.id }),
    mayCharge: mayCharge(actor),
    mayBill: mayBill(actor, found),
    rentalPath: mayHandOver(actor) ? await rentalPathOf(deps, found) : null,
    changes: can(actor, 'audit:read')
      ? await listBookingChanges(deps.db, found.id, MOST_CHANGES + 1)
      : null,
    workflowUrl: maySeeWorkflows(actor) ? workflowUrl(deps, reservationWorkflowId(found.id)) : null,
    now: deps.now(),
  }
  return c.html(<DeskBookingView viewer={await viewerOf(c, deps)} page={page} />)
}

function createDeskPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/desk', async (c) => {
    const actor = staff(c, maySeeDesk)
    const now = deps.now()
    const day = parseTime(`${c.req.query('day') ?? ''}T12:00`) ?? now
    const search = (c.req.query('q') ?? '').trim().slice(0, 60)
    const { pickups, returns, unpaid } = await listForDesk(deps.db, day)
    const page = {
      day,
      pickups: pickups.map(toBookingRow),
      returns: returns.map(toBookingRow),
      unpaid: unpaid.map(toBookingRow),
      search,
      mayRunTill: mayRunTill(actor),
      ...(can(actor, 'rentals:read') ? { rentals: await listForCounter(deps.db, now) } : {}),
      found: search ? (await searchReservations(deps.db, search)).map(toBookingRow) : null,
      now,
    }
    return c.html(<DeskView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/desk/bookings/:id', (c) => showBooking(c, deps, false))
  pages.post('/desk/bookings/:id/contact', async (c) => {
    const actor = staff(c, (who) => maySeeDesk(who) && mayRevealContacts(who))
    assertCsrf(c, await c.req.parseBody())
    const found = await findForStaff(c, deps)
    await noteReveal(deps, actor, { subjectId: found.customerId, reservationId: found.id })
    // Shown once, by this answer: the page's own address shows it masked again.
    c.set('address', `/desk/bookings/${found.id}`)
    return showBooking(c, deps, true)
  })
  pages.post('/desk/bookings/:id/cancel', async (c) => {
    const actor = staff(c, maySeeDesk)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    const found = await findForStaff(c, deps)
    const note = typeof form['note'] === 'string' ? form['note'] : ''
    const refusal = 'Ask the desk or a manager to cancel this booking.'
    await cancelBooking(deps, actor, found, { note, refusal, reason: 'desk' })
    return c.redirect(`/desk/bookings/${found.id}`, 303)
  })
  return pages
}

async function outageOf(deps: ApiDeps) {
  const outage = await readOutage(deps.db)
  return outage && !outage.endedAt
    ? { since: outage.beganAt, waiting: await countQueued(deps.db) }
    : null
}

function createOperationsPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/admin/operations', async (c) => {
    const actor = staff(c, maySeeWorkflows)
    // The page that tells what is down must not fall with it.
    const found = await deps.workflows.listParked(PARKED).catch(() => [])
    const parked = found.map(({ workflowId, since }) => ({
      workflowId,
      since,
      url: workflowUrl(deps, workflowId),
      details: 'Open it to read what was tried.',
    }))
    const page = {
      parts: await deps.parts(),
      temporalUrl: deps.links.temporalUi,
      outboxWaiting: await countOutbox(deps.db),
      outage: await outageOf(deps),
      alarms: await listAlarms(deps.db, new Date(deps.now().getTime() - DAY_MS)),
      parked,
      mayResolve: mayResolveWorkflows(actor),
      now: deps.now(),
    }
    return c.html(<StatusView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.post('/admin/operations/:what{retry|resolve}', async (c) => {
    const actor = staff(c, mayResolveWorkflows)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
    const what = c.req.param('what') === 'retry' ? 'retry' : 'resolve'
    await refuseForRefund(deps, text('workflow_id'), what)
    if (what === 'retry') await deps.workflows.retryStep(text('workflow_id'))
    else {
      const receipt = text('receipt').toUpperCase() || null
      const how = { reason: text('reason'), actorId: actor.userId, receipt }
      await deps.workflows.resolveManually(text('workflow_id'), how)
    }
    return c.redirect('/admin/operations', 303)
  })
  return pages
}

export function createStaffPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.route('/', createDeskPages(deps))
  pages.route('/', createFinancePages(deps))
  pages.route('/', createOperationsPages(deps))
  return pages
}
