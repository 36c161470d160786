/** Staff: handing over keys, taking cars back, and what became of a rental. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import {
  mayDecideRental,
  mayHandOver,
  mayReviewIdentity,
  maySeeDesk,
  maySeeRental,
} from '../../domain/policies.ts'
import type { LookForm } from '../../domain/rental-pages.ts'
import {
  checkinRequest,
  checkOf,
  checkoutRequest,
  decisionRequest,
} from '../../domain/schemas/rentals.ts'
import { listLocations } from '../../db/fleet.ts'
import { findRentalOf } from '../../db/rental-reads.ts'
import { readReadiness } from '../../db/rental-readiness.ts'
import { findReservation, type ReservationDetail } from '../../db/reservation-reads.ts'
import { PickUpView, RentalView, ReturnView } from '../../views/rental.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { decide, handOver, takeBack } from '../renting.ts'
import { assertCsrf } from '../sessions.ts'
import {
  besideLines,
  blankLook,
  damageOf,
  linesOf,
  lookOf,
  typedLook,
  type Fields,
} from './look-forms.ts'
import { toRentalPage } from './rental-view.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

type Refused = {
  form: LookForm
  problems: FieldProblem[]
  status: ReturnType<typeof statusOf> | 200
}

async function bookingFor(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, (who) => maySeeDesk(who) && mayHandOver(who))
  const booking = await findReservation(deps.db, idParam(c))
  if (!booking) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  return { actor, booking }
}

async function showPickUp(
  c: Context<Env>,
  deps: ApiDeps,
  booking: ReservationDetail,
  refused: Refused | null = null,
) {
  const { actor } = await bookingFor(c, deps)
  const ready = await readReadiness(deps.db, booking.id, deps.now())
  const page = {
    path: `/desk/bookings/${booking.id}/pick-up`,
    bookingId: booking.id,
    bookingNumber: booking.number,
    customerName: booking.customerName,
    plate: booking.vehicle.plate,
    car: `${booking.vehicle.make} ${booking.vehicle.model}`,
    pickupAt: booking.pickupAt,
    returnAt: booking.returnAt,
    returnName: booking.return.name,
    missing: ready.missing,
    deposit: ready.deposit.amount,
    isDepositPaid: ready.deposit.amount === 0 || ready.deposit.chargeId !== null,
    chargePath: `/desk/bookings/${booking.id}/charge?type=deposit`,
    identityPath: mayReviewIdentity(actor)
      ? `/desk/customers/${booking.customerId}/identity`
      : null,
    lastKm: ready.lastKm,
    form: refused?.form ?? blankLook({ odometer: String(ready.lastKm) }),
    problems: refused?.problems ?? [],
    now: deps.now(),
  }
  return c.html(<PickUpView viewer={await viewerOf(c, deps)} page={page} />, refused?.status ?? 200)
}

const refusalOf = (error: unknown, form: LookForm): Refused => {
  const known = toBusinessError(error)
  if (known.code === 'UNEXPECTED' || known.code === 'FORBIDDEN') throw error
  return { form, problems: problemsIn(known), status: statusOf(known.code) }
}

async function submitPickUp(c: Context<Env>, deps: ApiDeps) {
  const { actor, booking } = await bookingFor(c, deps)
  const fields = (await c.req.parseBody()) as Fields
  c.set('address', `/desk/bookings/${booking.id}/pick-up`)
  assertCsrf(c, fields)
  const form = typedLook(fields)
  const parsed = checkoutRequest.safeParse({ ...lookOf(form), id_seen: form.idSeen })
  if (!parsed.success) {
    const problems = fieldProblems(parsed.error)
    return showPickUp(c, deps, booking, { form, problems, status: 400 })
  }
  try {
    const look = { check: checkOf(parsed.data), idSeen: parsed.data.id_seen }
    await handOver(deps, actor, booking.id, look)
  } catch (error) {
    return showPickUp(c, deps, booking, refusalOf(error, form))
  }
  return c.redirect(`/desk/bookings/${booking.id}/rental`, 303)
}

async function rentalFor(c: Context<Env>, deps: ApiDeps) {
  const { actor, booking } = await bookingFor(c, deps)
  const rental = await findRentalOf(deps.db, booking.id)
  if (!rental) throw new BusinessError('NOT_FOUND', 'The keys of this booking are not out.')
  return { actor, booking, rental }
}

async function showReturn(c: Context<Env>, deps: ApiDeps, refused: Refused | null = null) {
  const { booking, rental } = await rentalFor(c, deps)
  const [before] = rental.checks
  if (!before || rental.status !== 'on_the_road')
    return c.redirect(`/desk/bookings/${booking.id}/rental`, 303)
  const places = (await listLocations(deps.db)).filter(({ returnAllowed }) => returnAllowed)
  const page = {
    path: `/desk/bookings/${booking.id}/return`,
    bookingId: booking.id,
    bookingNumber: booking.number,
    rentalNumber: rental.number,
    customerName: booking.customerName,
    plate: rental.plate,
    dueAt: rental.dueAt,
    isLate: deps.now().getTime() > rental.dueAt.getTime() + rental.terms.graceMs,
    before,
    places,
    form:
      refused?.form ??
      blankLook({
        location: rental.returnLocation,
        fuel: String(before.fuelEighths),
        marks: before.marks.map((mark) => ({ ...mark, amount: '' })),
      }),
    problems: refused?.problems ?? [],
    now: deps.now(),
  }
  return c.html(<ReturnView viewer={await viewerOf(c, deps)} page={page} />, refused?.status ?? 200)
}

async function submitReturn(c: Context<Env>, deps: ApiDeps) {
  const { actor, booking, rental } = await rentalFor(c, deps)
  const fields = (await c.req.parseBody()) as Fields
  c.set('address', `/desk/bookings/${booking.id}/return`)
  assertCsrf(c, fields)
  const form = typedLook(fields)
  const wish = { ...lookOf(form), location: form.location, damage: damageOf(form) }
  const parsed = checkinRequest.safeParse(wish)
  if (!parsed.success)
    return showReturn(c, deps, { form, problems: fieldProblems(parsed.error), status: 400 })
  try {
    const { location, damage } = parsed.data
    await takeBack(deps, actor, rental.id, {
      check: checkOf(parsed.data),
      location,
      damage: damage.map(({ place, kind, amount }) => ({ mark: { place, kind }, amount })),
    })
  } catch (error) {
    return showReturn(c, deps, refusalOf(error, form))
  }
  return c.redirect(`/desk/bookings/${booking.id}/rental`, 303)
}

async function staffRental(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, maySeeDesk)
  const rental = await findRentalOf(deps.db, idParam(c))
  if (!rental || !maySeeRental(actor, rental))
    throw new BusinessError('NOT_FOUND', 'The keys of this booking are not out.')
  return { actor, rental }
}

type Decided = {
  form: Record<string, string>
  problems: FieldProblem[]
  status: ReturnType<typeof statusOf> | 200
}

async function showRental(c: Context<Env>, deps: ApiDeps, decided: Decided | null = null) {
  const { actor, rental } = await staffRental(c, deps)
  const decides = rental.status === 'disputed' && mayDecideRental(actor)
  const page = {
    ...toRentalPage(rental, deps.now()),
    decisionPath: decides ? `/desk/bookings/${rental.reservationId}/rental/decision` : null,
    form: decided?.form ?? {},
    problems: decided?.problems ?? [],
  }
  return c.html(<RentalView viewer={await viewerOf(c, deps)} page={page} />, decided?.status ?? 200)
}

async function submitDecision(c: Context<Env>, deps: ApiDeps) {
  const { actor, rental } = await staffRental(c, deps)
  const fields = (await c.req.parseBody()) as Fields
  c.set('address', `/desk/bookings/${rental.reservationId}/rental`)
  assertCsrf(c, fields)
  const { form, lines } = linesOf(
    fields,
    rental.charges.map(({ id }) => id),
  )
  const parsed = decisionRequest.safeParse({ lines })
  if (!parsed.success) {
    const problems = besideLines(fieldProblems(parsed.error), lines)
    return showRental(c, deps, { form, problems, status: 400 })
  }
  try {
    await decide(deps, actor, rental.id, parsed.data.lines)
  } catch (error) {
    const known = toBusinessError(error)
    if (!['RENTAL_REFUSED', 'SECOND_PERSON'].includes(known.code)) throw error
    const refused = { form, problems: problemsIn(known), status: statusOf(known.code) }
    return showRental(c, deps, refused)
  }
  return c.redirect(`/desk/bookings/${rental.reservationId}/rental`, 303)
}

export function createRentalPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/desk/bookings/:id/pick-up', async (c) => {
    const { booking } = await bookingFor(c, deps)
    return showPickUp(c, deps, booking)
  })
  pages.post('/desk/bookings/:id/pick-up', (c) => submitPickUp(c, deps))
  pages.get('/desk/bookings/:id/return', (c) => showReturn(c, deps))
  pages.post('/desk/bookings/:id/return', (c) => submitReturn(c, deps))
  pages.get('/desk/bookings/:id/rental', (c) => showRental(c, deps))
  pages.post('/desk/bookings/:id/rental/decision', (c) => submitDecision(c, deps))
  return pages
}
