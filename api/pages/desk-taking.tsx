/** The desk takes a payment: a form for each way, a look at what will happen, then one message to the booking. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import type { TakenThing, TakingForm, TakingPage } from '../../domain/desk-pages.ts'
import { BusinessError, type ErrorCode, type FieldProblem } from '../../domain/errors.ts'
import { cents, toShillings } from '../../domain/money.ts'
import { maySeeDesk, mayTakePayments } from '../../domain/policies.ts'
import { TAKING_METHODS, takingForm, type Taking } from '../../domain/schemas/tenders.ts'
import {
  bookedAmount,
  changeFor,
  changeOf,
  piecesFor,
  type TenderMethod,
} from '../../domain/tenders.ts'
import { findCharge } from '../../db/charge-reads.ts'
import { listCompanies } from '../../db/companies.ts'
import { readCredit } from '../../db/credit.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { findOpenSession } from '../../db/tills.ts'
import { TakingView } from '../../views/desk-taking.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam } from '../input.ts'
import type { PaidThing } from '../paying.ts'
import { idAfter } from '../paying.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { receive } from '../receiving.ts'
import { assertCsrf } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const COMPANIES = 20

/** What is paid: a booking, or a charge. */
type Thing = PaidThing &
  TakenThing & { customerId: string; customerName: string; parties: TakenThing['parties'] }
type Desk = { thing: Thing; actor: Actor; method: TenderMethod }

const methodOf = (text: unknown): TenderMethod =>
  TAKING_METHODS.find((one) => one === text) ?? 'cash'

async function findBooking(deps: ApiDeps, id: string): Promise<Thing> {
  const found = await findReservation(deps.db, id)
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  const path = `/desk/bookings/${id}`
  return {
    ...found,
    takePath: `${path}/take`,
    back: { path, text: 'Back to the booking' },
    meanwhile: 'The car is kept for two days.',
  }
}

async function findChargeToPay(deps: ApiDeps, id: string): Promise<Thing> {
  const found = await findCharge(deps.db, id, deps.now())
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such charge.')
  return {
    ...found,
    purpose: 'charge',
    takePath: `/desk/charges/${id}/take`,
    back: { path: `/charges/${id}`, text: 'Back to the charge' },
    meanwhile: 'The charge stays open for two days at least.',
  }
}

type Find = (deps: ApiDeps, id: string) => Promise<Thing>

async function deskOf(c: Context<Env>, deps: ApiDeps, find: Find, method: unknown): Promise<Desk> {
  const actor = staff(c, (who) => maySeeDesk(who) && mayTakePayments(who))
  return { thing: await find(deps, idParam(c)), actor, method: methodOf(method) }
}

const freshForm = ({ thing }: Desk): TakingForm => ({
  amount: thing.balance > 0 ? String(toShillings(thing.balance)) : '',
  given: '',
  keepChange: false,
  terminal: '',
  slip: '',
  reference: '',
  companyId: '',
  partyId: thing.parties[0]?.id ?? '',
  paymentId: randomUUID(),
})

const typedForm = (desk: Desk, fields: Record<string, unknown>): TakingForm => {
  const text = (name: keyof TakingForm) =>
    typeof fields[name] === 'string' ? fields[name].slice(0, 80) : ''
  return {
    amount: text('amount'),
    given: text('given'),
    keepChange: fields['keepChange'] === 'yes',
    terminal: text('terminal'),
    slip: text('slip'),
    reference: text('reference'),
    companyId: text('companyId'),
    partyId: text('partyId') || freshForm(desk).partyId,
    paymentId: text('paymentId'),
  }
}

type Shown = { form: TakingForm; check?: TakingPage['check']; problems?: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  desk: Desk,
  { form, check = null, problems = [] }: Shown,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const { thing, actor, method } = desk
  const [companies, credit, till] = await Promise.all([
    listCompanies(deps.db, { memberId: thing.customerId, limit: COMPANIES }),
    readCredit(deps.db, thing.customerId),
    findOpenSession(deps.db, actor.userId),
  ])
  const page: TakingPage = {
    thing,
    customerName: thing.customerName,
    method,
    form,
    check,
    companies: companies.map(({ id, name, creditLimit, owed }) => ({
      id,
      name,
      room: cents(creditLimit - owed),
    })),
    credit,
    till: till && `${till.placeName}, ${till.tillName}`,
    problems,
  }
  return c.html(<TakingView viewer={await viewerOf(c, deps)} page={page} />, status)
}

const FIELD: Partial<Record<ErrorCode, string>> = {
  AMOUNT_ABOVE_BALANCE: 'amount',
  AMOUNT_OUT_OF_RANGE: 'amount',
}
const FIELD_OF_REASON: Record<string, string> = {
  CASH_SHORT: 'given',
  SLIP_USED: 'slip',
  COMPANY_LIMIT: 'companyId',
  COMPANY_REFUSED: 'companyId',
  NO_CREDIT: 'amount',
}

const problemOf = ({ code, message, details }: BusinessError): FieldProblem => ({
  path: FIELD[code] ?? FIELD_OF_REASON[String(details['reason'])] ?? '',
  message,
})

/** What can be told before anything happens; the booking and the books decide again. */
function earlyProblem({ thing }: Desk, { amount, tender }: Taking): FieldProblem | null {
  if (amount > thing.balance)
    return { path: 'amount', message: 'This is more than is left to pay.' }
  const short = tender.method === 'cash' && changeFor(amount, tender.given) === null
  return short ? { path: 'given', message: 'This is less cash than the amount to pay.' } : null
}

async function submit(c: Context<Env>, deps: ApiDeps, find: Find) {
  const fields = await c.req.parseBody()
  const desk = await deskOf(c, deps, find, fields['method'])
  assertCsrf(c, fields)
  const form = typedForm(desk, fields)
  const parsed = takingForm(desk.method).safeParse({
    ...form,
    keepChange: form.keepChange ? 'yes' : undefined,
  })
  if (!parsed.success)
    return show(c, deps, desk, { form, problems: fieldProblems(parsed.error) }, 400)
  if (fields['step'] === 'change') return show(c, deps, desk, { form })
  const early = earlyProblem(desk, parsed.data)
  if (early && fields['step'] !== 'take')
    return show(c, deps, desk, { form, problems: [early] }, 409)
  if (fields['step'] === 'take') return take(c, deps, desk, { form, taking: parsed.data })
  const change = changeOf(parsed.data)
  const amounts = { amount: parsed.data.amount, booked: bookedAmount(parsed.data), change }
  return show(c, deps, desk, { form, check: { ...amounts, pieces: piecesFor(change) } })
}

type Submitted = { form: TakingForm; taking: Taking }

async function take(c: Context<Env>, deps: ApiDeps, desk: Desk, { form, taking }: Submitted) {
  const { amount, tender, partyId } = taking
  const actorId = desk.actor.userId
  const paymentId = uuidFrom('payment', actorId, taking.paymentId)
  const wish = { paymentId, amount, tender, partyId: partyId || null, actorId }
  try {
    await receive(deps, desk.thing, wish)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED' || known.code === 'NOT_FOUND') throw error
    announceRetry(c, known)
    const kept = { ...form, paymentId: idAfter(known, form.paymentId) }
    const again = { form: kept, problems: [problemOf(known)] }
    return show(c, deps, desk, again, statusOf(known.code))
  }
  return c.redirect(desk.thing.back.path, 303)
}

export function createTakingPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const doors: [string, Find][] = [
    ['/desk/bookings/:id/take', findBooking],
    ['/desk/charges/:id/take', findChargeToPay],
  ]
  for (const [at, find] of doors) {
    pages.get(at, async (c) => {
      const desk = await deskOf(c, deps, find, c.req.query('method'))
      return show(c, deps, desk, { form: freshForm(desk) })
    })
    pages.post(at, (c) => submit(c, deps, find))
  }
  return pages
}
