/** A line of the bank on finance's worklist: whose it may be, and giving it to somebody. */
import { Hono, type Context } from 'hono'
import { BANK_PURPOSES, type BankMoney, type BankPurpose } from '../../domain/bank-money.ts'
import type { BankChoices } from '../../domain/reconciliation-pages.ts'
import {
  findBankMoney,
  findBankWish,
  searchCompanyInvoices,
  suggestForBank,
} from '../../db/bank-lines.ts'
import { BankFacts, bankPlace } from '../../views/parts/bank-money.tsx'
import { bankMoneyOf, giveBankMoney, previewBank } from '../bank-money.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { addGivePages, searchOf, searchOwners, type GivenMoney } from './give-money.tsx'

const ON_PAGE = 6

/** Null for every finding that is not money of nobody. */
export async function bankChoices(
  c: Context<Env>,
  deps: ApiDeps,
  findingId: string,
): Promise<BankChoices | null> {
  const money = await findBankMoney(deps.db, findingId)
  if (!money) return null
  const search = searchOf(c)
  const [owners, invoices] = await Promise.all([
    searchOwners(deps, search),
    searchCompanyInvoices(deps.db, search),
  ])
  return {
    money,
    suggestions: await suggestForBank(deps.db, money, ON_PAGE),
    search,
    found: owners && [...invoices, ...owners],
    asked: await findBankWish(deps.db, money.lineId),
  }
}

const bankMoney = (deps: ApiDeps): GivenMoney<BankMoney, BankPurpose> => ({
  path: '/finance/reconciliation/findings/:id',
  purposes: BANK_PURPOSES,
  find: (c) => bankMoneyOf(deps, idParam(c)),
  preview: (money, target) => previewBank(deps, money, target),
  asked: ({ lineId }) => findBankWish(deps.db, lineId),
  give: async (actor, money, wish) => {
    const { paymentId } = await giveBankMoney(deps, actor, money, wish)
    return paymentId ? `/finance/payments/${paymentId}` : bankPlace(money.findingId)
  },
  place: ({ findingId }) => ({
    here: '/finance/reconciliation',
    place: bankPlace(findingId),
    back: 'Back to the line',
  }),
  facts: (money, now) => <BankFacts money={money} now={now} />,
})

export function createBankGivePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  addGivePages(pages, deps, bankMoney(deps))
  return pages
}
