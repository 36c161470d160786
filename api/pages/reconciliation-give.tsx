/** A line of the bank on finance's worklist: whose it may be, and giving it to somebody. */
import { Hono, type Context } from 'hono'
import {
  BANK_PURPOSES,
  type BankMoney,
  type BankSuggestion,
  type BankTarget,
} from '../../domain/bank-money.ts'
import { BusinessError } from '../../domain/errors.ts'
import { mayAllocateMoney } from '../../domain/policies.ts'
import type { BankChoices } from '../../domain/reconciliation-pages.ts'
import { findBankMoney, findBankWish, suggestForBank } from '../../db/bank-lines.ts'
import { searchCharges } from '../../db/charge-search.ts'
import { toChargeSuggestion, toSuggestion } from '../../db/paybill-suggestions.ts'
import { searchReservations } from '../../db/reservation-reads.ts'
import { BankGiveView } from '../../views/bank-give.tsx'
import { bankMoneyOf, giveBankMoney, previewBank } from '../bank-money.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, isId } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const ON_PAGE = 6
const SHORTEST_WHY = 3

/** Null for every finding that is not money of nobody. */
export async function bankChoices(
  c: Context<Env>,
  deps: ApiDeps,
  findingId: string,
): Promise<BankChoices | null> {
  const money = await findBankMoney(deps.db, findingId)
  if (!money) return null
  const search = (c.req.query('q') ?? '').trim().slice(0, 60)
  return {
    money,
    suggestions: await suggestForBank(deps.db, money, ON_PAGE),
    search,
    found: search ? await searchOwners(deps, search) : null,
    asked: await findBankWish(deps.db, money.lineId),
  }
}

async function searchOwners(deps: ApiDeps, search: string): Promise<BankSuggestion[]> {
  const [bookings, charges] = await Promise.all([
    searchReservations(deps.db, search),
    searchCharges(deps.db, search),
  ])
  return [...bookings.map(toSuggestion), ...charges.map(toChargeSuggestion)]
}

function targetOf(purpose = '', ownerId = ''): BankTarget {
  const known = BANK_PURPOSES.find((one) => one === purpose)
  if (known && isId(ownerId)) return { purpose: known, ownerId: ownerId.toLowerCase() }
  throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
}

type Choice = { money: BankMoney; target: BankTarget; why: string; problem?: BusinessError }

async function confirm(c: Context<Env>, deps: ApiDeps, { money, target, why, problem }: Choice) {
  const page = {
    money,
    preview: await previewBank(deps, money, target),
    asked: await findBankWish(deps.db, money.lineId),
    why,
    problem: problem?.message ?? null,
    now: deps.now(),
  }
  const viewer = await viewerOf(c, deps)
  return c.html(
    <BankGiveView viewer={viewer} page={page} />,
    problem ? statusOf(problem.code) : 200,
  )
}

type Form = Record<string, unknown>
const textOf = (form: Form, name: string): string =>
  typeof form[name] === 'string' ? form[name].trim().slice(0, 300) : ''

async function carryOut(c: Context<Env>, deps: ApiDeps, form: Form) {
  const actor = staff(c, mayAllocateMoney)
  const money = await bankMoneyOf(deps, idParam(c))
  const target = targetOf(textOf(form, 'purpose'), textOf(form, 'owner_id'))
  const why = textOf(form, 'why')
  try {
    if (why.length < SHORTEST_WHY)
      throw new BusinessError('INVALID_INPUT', 'Say in a few words why: it stays with the money.')
    const key = `${target.purpose}:${target.ownerId}:${why}`
    const { paymentId } = await giveBankMoney(deps, actor, money, { target, why, key })
    const place = paymentId
      ? `/finance/payments/${paymentId}`
      : `/finance/reconciliation/findings/${money.findingId}`
    return c.redirect(place, 303)
  } catch (error) {
    const problem = toBusinessError(error)
    if (problem.code === 'UNEXPECTED') throw error
    return confirm(c, deps, { money, target, why, problem })
  }
}

export function createBankGivePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/reconciliation/findings/:id/give', async (c) => {
    staff(c, mayAllocateMoney)
    const target = targetOf(c.req.query('purpose'), c.req.query('owner_id'))
    return confirm(c, deps, { money: await bankMoneyOf(deps, idParam(c)), target, why: '' })
  })
  pages.post('/finance/reconciliation/findings/:id/give', async (c) => {
    staff(c, mayAllocateMoney)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    return carryOut(c, deps, form)
  })
  return pages
}
