/** Finance: money without an owner. Each click leads to a page that says what will happen before it does. */
import { Hono, type Context } from 'hono'
import type { BusinessError } from '../../domain/errors.ts'
import { mayAllocateMoney, maySeePayments } from '../../domain/policies.ts'
import { ESCALATE_AFTER_MS } from '../../domain/paybill.ts'
import type { PaymentPurpose } from '../../domain/payments.ts'
import type { UnmatchedMoney } from '../../domain/unmatched-pages.ts'
import { findWaitingAllocation } from '../../db/allocation-wishes.ts'
import { findPaymentOfReceipt, listUnmatched, sumUnmatched } from '../../db/paybill-queue.ts'
import { suggestFor } from '../../db/paybill-suggestions.ts'
import { MoneyFacts, unmatchedPlace } from '../../views/parts/unmatched-money.tsx'
import { UnmatchedListView, UnmatchedView } from '../../views/unmatched.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { allocate, preview, unmatched } from '../unmatched-money.ts'
import {
  addGivePages,
  searchOf,
  searchOwners,
  whyFrom,
  type Form,
  type GivenMoney,
} from './give-money.tsx'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 25
const ON_LIST = 2
const ON_PAGE = 6

const receiptOf = (c: Context<Env>): string => c.req.param('receipt') ?? ''

type Refusal = { whyBack: string; problem: BusinessError }

async function show(c: Context<Env>, deps: ApiDeps, money: UnmatchedMoney, refusal?: Refusal) {
  const search = searchOf(c)
  const choices = {
    suggestions: await suggestFor(deps.db, money, ON_PAGE),
    search,
    found: await searchOwners(deps, search),
    asked: await findWaitingAllocation(deps.db, money.receipt),
  }
  const { whyBack = null, problem } = refusal ?? {}
  const page = { money, choices, whyBack, problem: problem?.message ?? null, now: deps.now() }
  const viewer = await viewerOf(c, deps)
  return c.html(
    <UnmatchedView viewer={viewer} page={page} />,
    problem ? statusOf(problem.code) : 200,
  )
}

const mpesaMoney = (deps: ApiDeps): GivenMoney<UnmatchedMoney, PaymentPurpose> => ({
  path: '/finance/unmatched/:receipt',
  purposes: ['reservation', 'charge', 'credit'],
  find: (c) => unmatched(deps, receiptOf(c)),
  preview: (money, target) => preview(deps, money, target),
  asked: ({ receipt }) => findWaitingAllocation(deps.db, receipt),
  give: async (actor, money, wish) =>
    `/finance/payments/${(await allocate(deps, actor, money, wish)).paymentId}`,
  place: (money) => ({
    here: '/finance/unmatched',
    place: unmatchedPlace(money),
    back: 'Back to the money',
  }),
  facts: (money, now) => <MoneyFacts money={money} now={now} />,
})

async function sendBack(c: Context<Env>, deps: ApiDeps, form: Form) {
  const { userId } = staff(c, mayAllocateMoney)
  const money = await unmatched(deps, receiptOf(c))
  const { typed, said } = whyFrom(form)
  try {
    await deps.workflows.returnMoney(money.paymentId, { actorId: userId, why: said() })
    return c.redirect('/finance/unmatched', 303)
  } catch (error) {
    const problem = toBusinessError(error)
    if (problem.code === 'UNEXPECTED') throw error
    return show(c, deps, money, { whyBack: typed, problem })
  }
}

export function createUnmatchedPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/unmatched', async (c) => {
    staff(c, maySeePayments)
    const cursor = c.req.query('cursor')
    const now = deps.now()
    const dayAgo = new Date(now.getTime() - ESCALATE_AFTER_MS)
    const search = searchOf(c)
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
  addGivePages(pages, deps, mpesaMoney(deps))
  pages.post('/finance/unmatched/:receipt/return', async (c) => {
    staff(c, mayAllocateMoney)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    return sendBack(c, deps, form)
  })
  return pages
}
