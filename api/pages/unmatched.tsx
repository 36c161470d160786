/** Finance: money without an owner. Each click leads to a page that says what will happen before it does. */
import { Hono, type Context } from 'hono'
import { BusinessError } from '../../domain/errors.ts'
import { mayAllocateMoney, maySeePayments } from '../../domain/policies.ts'
import { ESCALATE_AFTER_MS, type MoneyTarget } from '../../domain/paybill.ts'
import type { PaymentPurpose } from '../../domain/payments.ts'
import type { Suggestion, UnmatchedMoney } from '../../domain/unmatched-pages.ts'
import { searchCharges } from '../../db/charge-search.ts'
import { findWaitingAllocation } from '../../db/allocation-wishes.ts'
import { findPaymentOfReceipt, listUnmatched, sumUnmatched } from '../../db/paybill-queue.ts'
import { suggestFor, toChargeSuggestion, toSuggestion } from '../../db/paybill-suggestions.ts'
import { searchReservations } from '../../db/reservation-reads.ts'
import { AllocationView } from '../../views/unmatched-give.tsx'
import { UnmatchedListView, UnmatchedView } from '../../views/unmatched.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { allocate, preview, unmatched } from '../unmatched-money.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 25
const ON_LIST = 2
const ON_PAGE = 6
const SHORTEST_WHY = 3

const receiptOf = (c: Context<Env>): string => c.req.param('receipt') ?? ''

const PURPOSES: readonly PaymentPurpose[] = ['reservation', 'charge', 'credit']

function targetOf(purpose = '', ownerId = ''): MoneyTarget {
  const known = PURPOSES.find((one) => one === purpose)
  if (known && isId(ownerId)) return { purpose: known, ownerId: ownerId.toLowerCase() }
  throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
}

type Form = Record<string, unknown>
const textOf = (form: Form, name: string): string =>
  typeof form[name] === 'string' ? form[name].trim().slice(0, 300) : ''

async function searchOwners(deps: ApiDeps, search: string): Promise<Suggestion[]> {
  const [bookings, charges] = await Promise.all([
    searchReservations(deps.db, search),
    searchCharges(deps.db, search),
  ])
  return [...bookings.map(toSuggestion), ...charges.map(toChargeSuggestion)]
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  money: UnmatchedMoney,
  problem: BusinessError | null = null,
) {
  const search = (c.req.query('q') ?? '').trim().slice(0, 60)
  const found = search ? await searchOwners(deps, search) : null
  const page = {
    money,
    suggestions: await suggestFor(deps.db, money, ON_PAGE),
    search,
    found,
    asked: await findWaitingAllocation(deps.db, money.receipt),
    problem: problem?.message ?? null,
    now: deps.now(),
  }
  const viewer = await viewerOf(c, deps)
  return c.html(
    <UnmatchedView viewer={viewer} page={page} />,
    problem ? statusOf(problem.code) : 200,
  )
}

type Choice = { money: UnmatchedMoney; target: MoneyTarget; why: string; problem?: BusinessError }

async function confirm(c: Context<Env>, deps: ApiDeps, { money, target, why, problem }: Choice) {
  const page = {
    money,
    preview: await preview(deps, money, target),
    asked: await findWaitingAllocation(deps.db, money.receipt),
    why,
    problem: problem?.message ?? null,
    now: deps.now(),
  }
  const viewer = await viewerOf(c, deps)
  return c.html(
    <AllocationView viewer={viewer} page={page} />,
    problem ? statusOf(problem.code) : 200,
  )
}

const unexplained = (why: string): BusinessError | null =>
  why.length < SHORTEST_WHY
    ? new BusinessError('INVALID_INPUT', 'Say in a few words why: it stays with the money.')
    : null

async function carryOut(c: Context<Env>, deps: ApiDeps, form: Form) {
  const actor = staff(c, mayAllocateMoney)
  const money = await unmatched(deps, receiptOf(c))
  const target = targetOf(textOf(form, 'purpose'), textOf(form, 'owner_id'))
  const why = textOf(form, 'why')
  try {
    const missing = unexplained(why)
    if (missing) throw missing
    const key = `${target.purpose}:${target.ownerId}:${why}`
    const { paymentId } = await allocate(deps, actor, money, { target, why, key })
    return c.redirect(`/finance/payments/${paymentId}`, 303)
  } catch (error) {
    const problem = toBusinessError(error)
    if (problem.code === 'UNEXPECTED') throw error
    return confirm(c, deps, { money, target, why, problem })
  }
}

async function sendBack(c: Context<Env>, deps: ApiDeps, form: Form) {
  const actor = staff(c, mayAllocateMoney)
  const money = await unmatched(deps, receiptOf(c))
  const why = textOf(form, 'why')
  try {
    const missing = unexplained(why)
    if (missing) throw missing
    await deps.workflows.returnMoney(money.paymentId, { actorId: actor.userId, why })
    return c.redirect('/finance/unmatched', 303)
  } catch (error) {
    const problem = toBusinessError(error)
    if (problem.code === 'UNEXPECTED') throw error
    return show(c, deps, money, problem)
  }
}

export function createUnmatchedPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/unmatched', async (c) => {
    staff(c, maySeePayments)
    const cursor = c.req.query('cursor')
    const now = deps.now()
    const dayAgo = new Date(now.getTime() - ESCALATE_AFTER_MS)
    const search = (c.req.query('q') ?? '').trim().slice(0, 60)
    const forgotten = c.req.query('since') === 'day'
    const before = forgotten ? dayAgo : null
    const wish = { cursor, limit: PAGE_SIZE, search, before }
    const [{ items, next }, waiting] = await Promise.all([
      listUnmatched(deps.db, wish),
      sumUnmatched(deps.db, dayAgo),
    ])
    const rows = await Promise.all(
      items.map(async (one) => ({ ...one, suggestions: await suggestFor(deps.db, one, ON_LIST) })),
    )
    const page = { rows, next, search, forgotten, waiting, now }
    return c.html(<UnmatchedListView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/finance/unmatched/:receipt', async (c) => {
    staff(c, maySeePayments)
    // Somebody else may have been faster, and a closed case still leads here.
    const paymentId = await findPaymentOfReceipt(deps.db, receiptOf(c).toUpperCase())
    if (paymentId) return c.redirect(`/finance/payments/${paymentId}`, 303)
    return show(c, deps, await unmatched(deps, receiptOf(c)))
  })
  pages.get('/finance/unmatched/:receipt/give', async (c) => {
    staff(c, mayAllocateMoney)
    const target = targetOf(c.req.query('purpose'), c.req.query('owner_id'))
    return confirm(c, deps, { money: await unmatched(deps, receiptOf(c)), target, why: '' })
  })
  pages.post('/finance/unmatched/:receipt/:what{give|return}', async (c) => {
    staff(c, mayAllocateMoney)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    return c.req.param('what') === 'give' ? carryOut(c, deps, form) : sendBack(c, deps, form)
  })
  return pages
}
