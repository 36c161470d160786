/** Paying a charge: its customer's page, the desk's, and the link that works without signing in. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { isPayableCharge } from '../../domain/charges.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { payerPhonesOf, unmaskPhone } from '../../domain/masking.ts'
import { mayPayCharge } from '../../domain/policies.ts'
import { payForm } from '../../domain/schemas/forms.ts'
import { findCharge } from '../../db/charge-reads.ts'
import { ChargeLive, chargeVersion, ChargeView } from '../../views/charge.tsx'
import { cancelCharge, findVisibleCharge } from '../charging.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam, isId } from '../input.ts'
import { idAfter } from '../paying.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { payWithinLimits } from '../prompt-limits.ts'
import { receive } from '../receiving.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { sharePathOf, toChargePage, type ChargeDesk, type TypedPayment } from './charge-view.ts'
import { documentsOf } from './document-lines.ts'
import { creditFor } from './pay-credit.ts'
import { viewerOf } from './viewer.ts'

async function ownersDesk(c: Context<Env>, deps: ApiDeps): Promise<ChargeDesk> {
  const actor = signedIn(c)
  const charge = await findVisibleCharge(deps, actor, idParam(c))
  return { charge, actor, partyId: null, path: `/charges/${charge.id}` }
}

/** The link is the permission: it names one party of one charge and cannot be guessed. */
async function partysDesk(c: Context<Env>, deps: ApiDeps): Promise<ChargeDesk> {
  const [id, partyId] = [idParam(c, 'id'), idParam(c, 'partyId')]
  const fits = deps.shareTokenFits(id, partyId, c.req.param('token') ?? '')
  const charge = fits ? await findCharge(deps.db, id, deps.now()) : null
  if (!charge) throw new BusinessError('NOT_FOUND', 'This link does not lead to a charge.')
  return { charge, actor: null, partyId, path: sharePathOf(deps, id, partyId) }
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  desk: ChargeDesk,
  typed: TypedPayment | null = null,
  problems: FieldProblem[] = [],
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const documents = await documentsOf(deps, desk.actor, desk.charge)
  const page = { ...(await toChargePage(deps, desk, typed, problems)), documents }
  return c.html(<ChargeView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function live(c: Context<Env>, deps: ApiDeps, desk: ChargeDesk) {
  const page = await toChargePage(deps, desk, null, [])
  if (c.req.query('v') === chargeVersion(page)) return c.body(null, 204)
  return c.html(<ChargeLive viewer={await viewerOf(c, deps)} page={page} />)
}

const textOf = (form: Record<string, unknown>, name: string): string =>
  typeof form[name] === 'string' ? form[name] : ''

const mayPay = ({ actor, charge }: ChargeDesk): void => {
  if (actor && !mayPayCharge(actor, charge))
    throw new BusinessError('FORBIDDEN', 'You may see this charge, but not pay for it.')
}

/** Asks for the prompt; what is refused comes back beside its field, with everything still typed in. */
async function submit(c: Context<Env>, deps: ApiDeps, desk: ChargeDesk) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  mayPay(desk)
  const typed: TypedPayment = {
    phone: textOf(form, 'phone'),
    amount: textOf(form, 'amount'),
    partyId: desk.partyId ?? textOf(form, 'party_id'),
    paymentId: textOf(form, 'payment_id') || randomUUID(),
  }
  const named = unmaskPhone(typed.phone, payerPhonesOf(desk.charge, typed.partyId))
  const parsed = payForm.safeParse({ ...typed, phone: named })
  if (!parsed.success) return show(c, deps, desk, typed, fieldProblems(parsed.error), 400)
  const { partyId, phone, amount } = parsed.data
  const actorId = desk.actor?.userId ?? `party:${desk.partyId}`
  const paymentId = uuidFrom('payment', actorId, parsed.data.paymentId)
  const wish = { paymentId, partyId: partyId === '' ? null : partyId, phone, amount, actorId }
  const { id, parties } = desk.charge
  try {
    await payWithinLimits(deps, { id, parties, purpose: 'charge' }, wish, desk.actor)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED' || known.code === 'NOT_FOUND') throw error
    announceRetry(c, known)
    const path = known.code.startsWith('AMOUNT') ? 'amount' : 'phone'
    const fresh = { ...typed, paymentId: idAfter(known, typed.paymentId) }
    return show(c, deps, desk, fresh, [{ path, message: known.message }], statusOf(known.code))
  }
  return c.redirect(desk.path, 303)
}

/** All of the credit that the charge takes, at once; what the page showed is asked for again here. */
async function spendCredit(c: Context<Env>, deps: ApiDeps, desk: ChargeDesk) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const { charge, actor, path } = desk
  const open = isPayableCharge(charge.status)
  const credit = await creditFor(deps, { ...charge, open }, actor, path)
  const typed = textOf(form, 'payment_id')
  if (!credit || !actor || !isId(typed)) return c.redirect(path, 303)
  const paymentId = uuidFrom('payment', actor.userId, typed)
  const { id, parties } = charge
  const wish = { paymentId, partyId: null, amount: credit.amount, actorId: actor.userId }
  try {
    const tender = { method: 'credit' as const }
    await receive(deps, { id, parties, purpose: 'charge' }, { ...wish, tender })
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED' || known.code === 'NOT_FOUND') throw error
    const problems = [{ path: '', message: known.message }]
    return show(c, deps, desk, null, problems, statusOf(known.code))
  }
  return c.redirect(path, 303)
}

type Deed = 'cover' | 'shrink' | 'decline' | 'cancel'

/** What else may be said about a charge, each by a form with one button. */
async function act(c: Context<Env>, deps: ApiDeps, desk: ChargeDesk, deed: Deed) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const { charge, actor, partyId } = desk
  const { charges } = deps.workflows
  const actorId = actor?.userId ?? `party:${partyId}`
  if (deed === 'decline') await charges.declineShare(charge.id, partyId ?? '')
  else if (deed === 'cancel' && actor) await cancelCharge(deps, actor, charge, null)
  else if (deed === 'shrink' && actor) {
    mayPay(desk)
    await charges.shrink(charge.id, textOf(form, 'party_id'), actorId)
  } else if (deed === 'cover') {
    mayPay(desk)
    const payer = partyId ?? charge.parties.find((one) => !one.missed)?.id ?? ''
    const wish = { partyId: payer, forPartyId: textOf(form, 'for_party_id'), actorId }
    await charges.coverShare('charge', charge.id, wish)
  }
  return c.redirect(desk.path, 303)
}

export function createChargePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.post('/charges/:id/credit', async (c) => spendCredit(c, deps, await ownersDesk(c, deps)))
  const doors = [
    { at: '/charges/:id', find: ownersDesk, deeds: ['cover', 'shrink', 'cancel'] },
    { at: '/charges/:id/share/:partyId/:token', find: partysDesk, deeds: ['cover', 'decline'] },
  ] as const
  for (const { at, find, deeds } of doors) {
    pages.get(at, async (c) => show(c, deps, await find(c, deps)))
    pages.post(at, async (c) => submit(c, deps, await find(c, deps)))
    pages.get(`${at}/live`, async (c) => live(c, deps, await find(c, deps)))
    for (const deed of deeds)
      pages.post(`${at}/${deed}`, async (c) => act(c, deps, await find(c, deps), deed))
  }
  return pages
}
