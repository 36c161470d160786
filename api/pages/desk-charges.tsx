/** The desk's charges: what waits for money, and asking a booking's customer for something more. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { CHARGE_LIMITS } from '../../domain/charges.ts'
import type { ChargeFormPage } from '../../domain/charge-pages.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { readShillings, toDecimal, toShillings } from '../../domain/money.ts'
import { unmaskPhone } from '../../domain/masking.ts'
import { maskPhone } from '../../domain/payments.ts'
import { mayCharge, maySeeDesk } from '../../domain/policies.ts'
import { chargeRequest } from '../../domain/schemas/charges.ts'
import { parseTime, toFormTime } from '../../domain/time.ts'
import { listOpenCharges, searchCharges } from '../../db/charge-search.ts'
import { findReservation, type ReservationDetail } from '../../db/reservation-reads.ts'
import { ChargeFormView } from '../../views/charge-form.tsx'
import { DeskChargesView } from '../../views/desk-charges.tsx'
import { openCharge } from '../charging.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

type Form = ChargeFormPage['form']

async function bookingFor(c: Context<Env>, deps: ApiDeps) {
  const actor = signedIn(c)
  if (!mayCharge(actor))
    throw new BusinessError('FORBIDDEN', 'This page is for other people of gari.')
  const booking = await findReservation(deps.db, idParam(c))
  if (!booking) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  return { actor, booking }
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  booking: ReservationDetail,
  form: Form,
  problems: FieldProblem[] = [],
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const page = {
    path: `/desk/bookings/${booking.id}/charge`,
    bookingId: booking.id,
    bookingNumber: booking.number,
    customerName: booking.customerName,
    form,
    problems,
  }
  return c.html(<ChargeFormView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** A deposit is as much as the booking asks for. */
const depositForm = ({ deposit }: ReservationDetail): Partial<Form> => ({
  type: 'deposit',
  description: 'Deposit, refundable',
  amount: String(toShillings(deposit)),
})

const emptyForm = (deps: ApiDeps, { parties, customerName }: ReservationDetail): Form => ({
  chargeId: randomUUID(),
  type: 'damage',
  description: '',
  amount: '',
  dueAt: toFormTime(new Date(deps.now().getTime() + CHARGE_LIMITS.dueMs)),
  parties: `${customerName}, ${parties[0] ? maskPhone(parties[0].phone) : ''}`,
  mode: 'anybody',
  shrinkable: 'no',
})

const typedForm = (fields: Record<string, unknown>): Form => {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '')
  return {
    chargeId: text('charge_id') || randomUUID(),
    type: text('type'),
    description: text('description'),
    amount: text('amount'),
    dueAt: text('due_at'),
    parties: text('parties'),
    mode: text('mode'),
    shrinkable: text('shrinkable'),
  }
}

const inShillings = (text: string): string => {
  const amount = readShillings(text)
  return amount === null ? text : toDecimal(amount)
}

/** What cannot be read goes on as it is, for the rules to complain about. */
const instantOf = (text: string): string =>
  parseTime(text.trim().replace(' ', 'T'))?.toISOString() ?? text

const DAY_FIRST = /^\d{4}-\d{2}-\d{2}/

/** `Otieno Ouma, 0712 345 678, 2000, 2026-11-27 10:00`: the amount and the time may be left out. */
const peopleOf = (lines: string, { parties }: ReservationDetail) =>
  lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', phone = '', ...more] = line.split(',').map((part) => part.trim())
      const due = more.find((part) => DAY_FIRST.test(part))
      const share = more.filter((part) => part !== due).join('')
      return {
        name,
        phone: unmaskPhone(
          phone,
          parties.map((party) => party.phone),
        ),
        ...(share === '' ? {} : { share: inShillings(share) }),
        ...(due ? { due_at: instantOf(due) } : {}),
      }
    })

/** As they stand on the page, so that the list of complaints reads from top to bottom. */
const FIELDS = ['type', 'description', 'amount', 'due_at', 'parties', 'mode', 'shrinkable']

/** Complaints about one person stand beside the field that names them all, and say in which line. */
const besideFields = (problems: FieldProblem[]): FieldProblem[] =>
  problems
    .map(({ path, message }) => {
      const [, line] = /^parties\.(\d+)/.exec(path) ?? []
      return line === undefined
        ? { path, message }
        : { path: 'parties', message: `Line ${Number(line) + 1}: ${message}` }
    })
    .sort((one, other) => FIELDS.indexOf(one.path) - FIELDS.indexOf(other.path))

async function submit(c: Context<Env>, deps: ApiDeps) {
  const { actor, booking } = await bookingFor(c, deps)
  const fields = await c.req.parseBody()
  assertCsrf(c, fields)
  const form = typedForm(fields)
  const parsed = chargeRequest.safeParse({
    type: form.type,
    description: form.description,
    amount: inShillings(form.amount),
    reservation_id: booking.id,
    ...(form.dueAt ? { due_at: instantOf(form.dueAt) } : {}),
    mode: form.mode,
    shrinkable: form.shrinkable === 'yes',
    parties: peopleOf(form.parties, booking),
  })
  if (!parsed.success)
    return show(c, deps, booking, form, besideFields(fieldProblems(parsed.error)), 400)
  const id = uuidFrom('charge', actor.userId, form.chargeId)
  try {
    await openCharge(deps, actor, id, parsed.data)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED') throw error
    const all = { path: 'parties', message: known.message }
    const problems = known.fields.length > 0 ? known.fields : [all]
    return show(c, deps, booking, form, besideFields(problems), statusOf(known.code))
  }
  return c.redirect(`/charges/${id}`, 303)
}

export function createDeskChargePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/desk/charges', async (c) => {
    staff(c, maySeeDesk)
    const search = (c.req.query('q') ?? '').trim().slice(0, 60)
    const rows = await (search ? searchCharges(deps.db, search) : listOpenCharges(deps.db))
    const page = { search, rows, now: deps.now() }
    return c.html(<DeskChargesView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/desk/bookings/:id/charge', async (c) => {
    const { booking } = await bookingFor(c, deps)
    const more = c.req.query('type') === 'deposit' ? depositForm(booking) : {}
    return show(c, deps, booking, { ...emptyForm(deps, booking), ...more })
  })
  pages.post('/desk/bookings/:id/charge', (c) => submit(c, deps))
  return pages
}
