/** Giving money without an owner to somebody: the page that says what will happen, and the click that does it. */
import type { Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import type { Actor } from '../../domain/accounts.ts'
import type {
  AllocationPreview,
  AskedAllocation,
  OwnerSuggestion,
} from '../../domain/allocation-pages.ts'
import type { BankPurpose } from '../../domain/bank-money.ts'
import { BusinessError } from '../../domain/errors.ts'
import { mayAllocateMoney } from '../../domain/policies.ts'
import { searchCharges } from '../../db/charge-search.ts'
import { toChargeSuggestion, toSuggestion } from '../../db/paybill-suggestions.ts'
import { searchReservations } from '../../db/reservation-reads.ts'
import { GiveMoneyView, type MoneyPlace } from '../../views/give-money.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const SHORTEST_WHY = 3
const LONGEST_WHY = 300
const LONGEST_SEARCH = 60

export type Form = Record<string, unknown>
const textOf = (form: Form, name: string): string =>
  typeof form[name] === 'string' ? form[name].trim().slice(0, LONGEST_WHY) : ''

/** Throws when nothing is said: the reason stays with the money. `typed` is kept for the next page. */
export function whyFrom(form: Form): { typed: string; said: () => string } {
  const typed = textOf(form, 'why')
  const said = () => {
    if (typed.length >= SHORTEST_WHY) return typed
    throw new BusinessError('INVALID_INPUT', 'Say in a few words why: it stays with the money.')
  }
  return { typed, said }
}

export const searchOf = (c: Context<Env>): string =>
  (c.req.query('q') ?? '').trim().slice(0, LONGEST_SEARCH)

/** Bookings and charges that a person looks for; null when nobody does. */
export async function searchOwners(
  deps: ApiDeps,
  search: string,
): Promise<OwnerSuggestion[] | null> {
  if (!search) return null
  const [bookings, charges] = await Promise.all([
    searchReservations(deps.db, search),
    searchCharges(deps.db, search),
  ])
  return [...bookings.map(toSuggestion), ...charges.map(toChargeSuggestion)]
}

type Target<Purpose> = { purpose: Purpose; ownerId: string }
type Wish<Purpose> = { target: Target<Purpose>; why: string; key: string }

/** One kind of money without an owner. */
export type GivenMoney<Money, Purpose extends BankPurpose> = {
  path: `/finance/${string}`
  purposes: readonly Purpose[]
  /** Throws for what has its owner already. */
  find: (c: Context<Env>) => Promise<Money>
  preview: (money: Money, target: Target<Purpose>) => Promise<AllocationPreview>
  asked: (money: Money) => Promise<AskedAllocation | null>
  /** Answers with the page that shows what became of it. */
  give: (actor: Actor, money: Money, wish: Wish<Purpose>) => Promise<string>
  place: (money: Money) => MoneyPlace
  facts: (money: Money, now: Date) => Child
}

type Choice<Money, Purpose> = {
  money: Money
  target: Target<Purpose>
  why: string
  problem?: BusinessError
}

export function addGivePages<Money, Purpose extends BankPurpose>(
  pages: Hono<Env>,
  deps: ApiDeps,
  kind: GivenMoney<Money, Purpose>,
): void {
  const targetOf = (purpose = '', ownerId = ''): Target<Purpose> => {
    const known = kind.purposes.find((one) => one === purpose)
    if (known && isId(ownerId)) return { purpose: known, ownerId: ownerId.toLowerCase() }
    throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  }

  const confirm = async (c: Context<Env>, choice: Choice<Money, Purpose>) => {
    const { money, target, why, problem } = choice
    const view = (
      <GiveMoneyView
        viewer={await viewerOf(c, deps)}
        preview={await kind.preview(money, target)}
        asked={await kind.asked(money)}
        why={why}
        problem={problem?.message ?? null}
        {...kind.place(money)}
      >
        {kind.facts(money, deps.now())}
      </GiveMoneyView>
    )
    return c.html(view, problem ? statusOf(problem.code) : 200)
  }

  pages.get(`${kind.path}/give`, async (c) => {
    staff(c, mayAllocateMoney)
    const target = targetOf(c.req.query('purpose'), c.req.query('owner_id'))
    return confirm(c, { money: await kind.find(c), target, why: '' })
  })
  pages.post(`${kind.path}/give`, async (c) => {
    const actor = staff(c, mayAllocateMoney)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    const money = await kind.find(c)
    const target = targetOf(textOf(form, 'purpose'), textOf(form, 'owner_id'))
    const { typed, said } = whyFrom(form)
    try {
      const why = said()
      const key = `${target.purpose}:${target.ownerId}:${why}`
      return c.redirect(await kind.give(actor, money, { target, why, key }), 303)
    } catch (error) {
      const problem = toBusinessError(error)
      if (problem.code === 'UNEXPECTED') throw error
      return confirm(c, { money, target, why: typed, problem })
    }
  })
}
