/** Paying: the owner's page and the share link that works without signing in. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { cents, toShillings, ZERO, type Cents } from '../../domain/money.ts'
import type { BookingPage, PartyShare, PayPage } from '../../domain/pages.ts'
import { payerPhone, payerPhonesOf, unmaskPhone } from '../../domain/masking.ts'
import { printedPhone, MAXIMUM_PUSH } from '../../domain/payments.ts'
import { mayPayReservation } from '../../domain/policies.ts'
import { isPayable } from '../../domain/reservations.ts'
import { payForm } from '../../domain/schemas/forms.ts'
import { readOutage } from '../../db/outages.ts'
import { findReservation, type ReservationDetail } from '../../db/reservation-reads.ts'
import { PayLive, payVersion, PayView } from '../../views/pay.tsx'
import { findVisible } from '../booking.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam, isId } from '../input.ts'
import { idAfter } from '../paying.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { payWithinLimits } from '../prompt-limits.ts'
import { receive } from '../receiving.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { creditFor } from './pay-credit.ts'
import { payPathOf, toBookingPage } from './booking-view.ts'
import { lastAttempt, rememberAttempt } from './last-attempt.ts'
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

/**
 * What this person still owes of their share, but never more than the booking needs or a prompt takes. A friend whose
 * share is paid is asked for nothing; the owner may go on with the rest.
 */
const suggestion = (page: BookingPage, party: PartyShare, isOwner: boolean): string => {
  const owes = cents(Math.max(party.share - party.paid, 0))
  const wanted = owes === 0 && isOwner ? page.balance : owes
  const amount = smaller(smaller(wanted, page.balance), MAXIMUM_PUSH)
  return amount > ZERO ? String(toShillings(amount)) : ''
}

/** What this browser asked for last, while M-Pesa has refused it: trying again means the same again. */
async function refusedAttempt(
  c: Context<Env>,
  deps: ApiDeps,
  desk: Desk,
  balance: Cents,
): Promise<Typed | null> {
  const last = await lastAttempt(c, deps, desk.postPath)
  if (last?.status !== 'refused' || last.ownerId !== desk.booking.id || balance <= 0) return null
  const amount = String(toShillings(smaller(last.amount, balance)))
  const { partyId } = last
  const phone = last.phone ? shownPhone(desk, last.phone) : ''
  return { phone, amount, partyId, paymentId: randomUUID() }
}

/** What staff have typed themselves they may see again; what we knew stays masked. */
function shownPhone({ booking, actor }: Desk, phone: string): string {
  const isKnown = booking.parties.some((party) => party.phone === phone)
  return isKnown ? payerPhone(actor, booking.customerId, phone) : printedPhone(phone)
}

const creditOf = (deps: ApiDeps, { booking, actor, postPath }: Desk) =>
  creditFor(deps, { ...booking, open: isPayable(booking.status) }, actor, postPath)

async function payPage(
  c: Context<Env>,
  deps: ApiDeps,
  desk: Desk,
  given: Typed | null,
  problems: FieldProblem[],
): Promise<PayPage> {
  const page = await toBookingPage(deps, desk.booking, desk.actor)
  const typed = given ?? (await refusedAttempt(c, deps, desk, page.balance))
  const named = page.parties.find(({ id }) => id === (typed?.partyId ?? desk.partyId))
  const owing = page.parties.find((party) => party.paid < party.share)
  const party = named ?? owing ?? page.parties[0]
  if (!party) throw new BusinessError('NOT_FOUND', 'Nobody pays for this booking.')
  const phoneOf = desk.booking.parties.find(({ id }) => id === party.id)?.phone ?? ''
  return {
    booking: { ...page, mayPay: desk.actor ? page.mayPay : page.holdExpiresAt !== null },
    postPath: desk.postPath,
    livePath: desk.livePath,
    byHand: deps.payByHand,
    mpesaAway: (await readOutage(deps.db))?.endedAt === null,
    credit: await creditOf(deps, desk),
    declinePath: desk.actor ? null : `${desk.postPath}/decline`,
    party,
    form: typed ?? {
      phone: phoneOf && shownPhone(desk, phoneOf),
      amount: suggestion(page, party, desk.actor !== null),
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
  const named = unmaskPhone(typed.phone, payerPhonesOf(desk.booking, typed.partyId))
  const parsed = payForm.safeParse({ ...typed, phone: named })
  if (!parsed.success) return again(c, deps, desk, typed, fieldProblems(parsed.error), 400)
  try {
    const { partyId, phone, amount } = parsed.data
    const actorId = desk.actor?.userId ?? `party:${desk.partyId}`
    const paymentId = uuidFrom('payment', actorId, parsed.data.paymentId)
    rememberAttempt(c, deps, { path: desk.postPath, paymentId, phone })
    const wish = { paymentId, partyId: partyId === '' ? null : partyId, phone, amount, actorId }
    await payWithinLimits(deps, desk.booking, wish, desk.actor)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED' || known.code === 'NOT_FOUND') throw error
    announceRetry(c, known)
    const path = known.code.startsWith('AMOUNT') ? 'amount' : 'phone'
    const fresh = { ...typed, paymentId: idAfter(known, typed.paymentId) }
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
  const page = await payPage(c, deps, desk, typed, problems)
  const viewer = await viewerOf(c, deps)
  return c.html(<PayView viewer={viewer} page={page} />, status)
}

async function show(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const page = await payPage(c, deps, desk, null, [])
  const viewer = await viewerOf(c, deps)
  return c.html(<PayView viewer={viewer} page={page} />)
}

async function live(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const page = await payPage(c, deps, desk, null, [])
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

/** All of the credit that the booking takes, at once; what the page showed is asked for again here. */
async function spendCredit(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const credit = await creditOf(deps, desk)
  const typed = textOf(form, 'payment_id')
  if (credit && desk.actor && isId(typed)) {
    try {
      const actorId = desk.actor.userId
      const paymentId = uuidFrom('payment', actorId, typed)
      const wish = { paymentId, partyId: null, amount: credit.amount, actorId }
      await receive(deps, desk.booking, { ...wish, tender: { method: 'credit' } })
    } catch (error) {
      const known = toBusinessError(error)
      if (known.code === 'UNEXPECTED' || known.code === 'NOT_FOUND') throw error
      const page = await payPage(c, deps, desk, null, [{ path: '', message: known.message }])
      return c.html(<PayView viewer={await viewerOf(c, deps)} page={page} />, statusOf(known.code))
    }
  }
  return c.redirect(desk.postPath, 303)
}

/** Takes over what is left of another's share. */
async function cover(c: Context<Env>, deps: ApiDeps, desk: Desk) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const partyId = desk.partyId ?? textOf(form, 'party_id')
  const actorId = desk.actor?.userId ?? `party:${partyId}`
  const wish = { partyId, forPartyId: textOf(form, 'for_party_id'), actorId }
  await deps.workflows.charges.coverShare('reservation', desk.booking.id, wish)
  return c.redirect(desk.postPath, 303)
}

export function createPayPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/bookings/:id/pay', async (c) => show(c, deps, await ownersDesk(c, deps)))
  pages.post('/bookings/:id/pay', async (c) => submit(c, deps, await ownersDesk(c, deps)))
  pages.post('/bookings/:id/pay/credit', async (c) =>
    spendCredit(c, deps, await ownersDesk(c, deps)),
  )
  pages.get('/bookings/:id/pay/live', async (c) => live(c, deps, await ownersDesk(c, deps)))
  pages.get('/pay/:id/:partyId/:token', async (c) => show(c, deps, await partysDesk(c, deps)))
  pages.post('/pay/:id/:partyId/:token', async (c) => submit(c, deps, await partysDesk(c, deps)))
  pages.get('/pay/:id/:partyId/:token/live', async (c) => live(c, deps, await partysDesk(c, deps)))
  pages.post('/bookings/:id/pay/cover', async (c) => cover(c, deps, await ownersDesk(c, deps)))
  pages.post('/pay/:id/:partyId/:token/cover', async (c) =>
    cover(c, deps, await partysDesk(c, deps)),
  )
  pages.post('/pay/:id/:partyId/:token/decline', async (c) => {
    const desk = await partysDesk(c, deps)
    assertCsrf(c, await c.req.parseBody())
    await deps.workflows.declineShare(desk.booking.id, desk.partyId ?? '')
    return c.redirect(desk.postPath, 303)
  })
  return pages
}
