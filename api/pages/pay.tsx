/** Paying: the owner's page and the share link that works without signing in. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { cents, toShillings, ZERO, type Cents } from '../../domain/money.ts'
import type { BookingPage, PartyShare, PayPage } from '../../domain/pages.ts'
import { localPhone, MAXIMUM_PUSH } from '../../domain/payments.ts'
import { mayPayReservation } from '../../domain/policies.ts'
import { payForm } from '../../domain/schemas/forms.ts'
import { findReservation, type ReservationDetail } from '../../db/reservation-reads.ts'
import { PayLive, payVersion, PayView } from '../../views/pay.tsx'
import { findVisible } from '../booking.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam } from '../input.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { payWithinLimits } from '../prompt-limits.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { payPathOf, toBookingPage } from './booking-view.ts'
import { viewerOf } from './viewer.ts'

/** Who pays, for which booking, and under which addresses. */
type Desk = {
  booking: ReservationDetail
  actor: Actor | null
  partyId: string | null
  postPath: string
  livePath: string
}
type Typed = { phone: string; amount: string; partyId: string; paymentId: string }

const smaller = (left: Cents, right: Cents): Cents => (left < right ? left : right)

/** What this person still owes of their share, but never more than the booking needs or a prompt takes. */
const suggestion = (page: BookingPage, party: PartyShare): Cents => {
  const owes = cents(Math.max(party.share - party.paid, 0))
  return smaller(smaller(owes > 0 ? owes : page.balance, page.balance), MAXIMUM_PUSH)
}

async function payPage(
  deps: ApiDeps,
  desk: Desk,
  typed: Typed | null,
  problems: FieldProblem[],
): Promise<PayPage> {
  const page = await toBookingPage(deps, desk.booking, desk.actor)
  const named = page.parties.find(({ id }) => id === (typed?.partyId ?? desk.partyId))
  const owing = page.parties.find((party) => party.paid < party.share)
  const party = named ?? owing ?? page.parties[0]
  if (!party) throw new BusinessError('NOT_FOUND', 'Nobody pays for this booking.')
  const phoneOf = desk.booking.parties.find(({ id }) => id === party.id)?.phone ?? ''
  const amount = suggestion(page, party)
  return {
    booking: { ...page, mayPay: desk.actor ? page.mayPay : page.holdExpiresAt !== null },
    postPath: desk.postPath,
    livePath: desk.livePath,
    declinePath: desk.actor ? null : `${desk.postPath}/decline`,
    party,
    form: typed ?? {
      phone: localPhone(phoneOf),
      amount: amount > ZERO ? String(toShillings(amount)) : '',
      partyId: party.id,
      paymentId: randomUUID(),
    },
    problems,
  }
}

const textOf = (form: Record<string, unknown>, name: string): string =>
  typeof form[name] === 'string' ? form[name] : ''

/** Asks for the prompt; what is refused comes back beside its field, with everything still typed in. */
async function submit(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const typed: Typed = {
    phone: textOf(form, 'phone'),
    amount: textOf(form, 'amount'),
    partyId: desk.actor ? textOf(form, 'party_id') : (desk.partyId ?? ''),
    paymentId: textOf(form, 'payment_id') || randomUUID(),
  }
  const parsed = payForm.safeParse({ ...typed })
  if (!parsed.success) return again(c, deps, desk, typed, fieldProblems(parsed.error), 400)
  try {
    const { paymentId, partyId, phone, amount } = parsed.data
    const actorId = desk.actor?.userId ?? `party:${desk.partyId}`
    const wish = { paymentId, partyId: partyId === '' ? null : partyId, phone, amount, actorId }
    await payWithinLimits(deps, desk.booking, wish, desk.actor)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED' || known.code === 'NOT_FOUND') throw error
    announceRetry(c, known)
    const path = known.code.startsWith('AMOUNT') ? 'amount' : 'phone'
    // A new id: the refused attempt has used the old one up.
    const fresh = { ...typed, paymentId: randomUUID() }
    return again(c, deps, desk, fresh, [{ path, message: known.message }], statusOf(known.code))
  }
  return c.redirect(desk.postPath, 303)
}

async function again(
  c: Context<Env>,
  deps: ApiDeps,
  desk: Desk,
  typed: Typed,
  problems: FieldProblem[],
  status: ReturnType<typeof statusOf>,
) {
  const page = await payPage(deps, desk, typed, problems)
  const viewer = await viewerOf(c, deps)
  return c.html(<PayView viewer={viewer} page={page} />, status)
}

async function show(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const page = await payPage(deps, desk, null, [])
  const viewer = await viewerOf(c, deps)
  return c.html(<PayView viewer={viewer} page={page} />)
}

async function live(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const page = await payPage(deps, desk, null, [])
  // 204 when nothing changed since the version that the page shows: htmx then leaves it alone.
  if (c.req.query('v') === payVersion(page)) return c.body(null, 204)
  return c.html(<PayLive viewer={await viewerOf(c, deps)} page={page} />)
}

async function ownersDesk(c: Context<Env>, deps: ApiDeps): Promise<Desk> {
  const actor = signedIn(c)
  const booking = await findVisible(deps, actor, idParam(c))
  if (!mayPayReservation(actor, booking)) {
    throw new BusinessError('FORBIDDEN', 'You may see this booking, but not pay for it.')
  }
  const path = `/bookings/${booking.id}/pay`
  return { booking, actor, partyId: null, postPath: path, livePath: `${path}/live` }
}

/** The link is the permission: it names one party of one booking and cannot be guessed. */
async function partysDesk(c: Context<Env>, deps: ApiDeps): Promise<Desk> {
  const [id, partyId] = [idParam(c, 'id'), idParam(c, 'partyId')]
  const token = c.req.param('token') ?? ''
  const booking = deps.shareTokenFits(id, partyId, token)
    ? await findReservation(deps.db, id)
    : null
  if (!booking) throw new BusinessError('NOT_FOUND', 'This link does not lead to a booking.')
  const path = payPathOf(deps, id, partyId)
  return { booking, actor: null, partyId, postPath: path, livePath: `${path}/live` }
}

export function createPayPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/bookings/:id/pay', async (c) => show(c, deps, await ownersDesk(c, deps)))
  pages.post('/bookings/:id/pay', async (c) => submit(c, deps, await ownersDesk(c, deps)))
  pages.get('/bookings/:id/pay/live', async (c) => live(c, deps, await ownersDesk(c, deps)))
  pages.get('/pay/:id/:partyId/:token', async (c) => show(c, deps, await partysDesk(c, deps)))
  pages.post('/pay/:id/:partyId/:token', async (c) => submit(c, deps, await partysDesk(c, deps)))
  pages.get('/pay/:id/:partyId/:token/live', async (c) => live(c, deps, await partysDesk(c, deps)))
  pages.post('/pay/:id/:partyId/:token/decline', async (c) => {
    const desk = await partysDesk(c, deps)
    assertCsrf(c, await c.req.parseBody())
    await deps.workflows.declineShare(desk.booking.id, desk.partyId ?? '')
    return c.redirect(desk.postPath, 303)
  })
  return pages
}
