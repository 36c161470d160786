/** The secret link by which whoever paid too late takes another car or has the money back. */
import { Hono, type Context } from 'hono'
import { BusinessError } from '../../domain/errors.ts'
import type { LateOfferPage, OfferChoice } from '../../domain/late-offers.ts'
import { findLatePage, offerLeader } from '../../db/late-offer-reads.ts'
import { LateOfferView } from '../../views/late-offer.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { latePathOf } from './booking-view.ts'
import { viewerOf } from './viewer.ts'

const unknownLink = () => new BusinessError('NOT_FOUND', 'This link does not lead to a payment.')

/** The link is the permission: it names one payment and cannot be guessed. */
function paymentOf(c: Context<Env>, deps: ApiDeps): string {
  const paymentId = idParam(c, 'payment')
  if (!deps.lateTokenFits(paymentId, c.req.param('token') ?? '')) throw unknownLink()
  return paymentId
}

async function pageOf(c: Context<Env>, deps: ApiDeps): Promise<LateOfferPage> {
  const paymentId = paymentOf(c, deps)
  const page = await findLatePage(deps.db, paymentId, latePathOf(deps, paymentId), deps.now())
  if (!page) throw unknownLink()
  return page
}

const readChoice = (form: Record<string, unknown>, page: LateOfferPage): OfferChoice => {
  const { choice } = form
  if (choice === 'refund') return 'refund'
  const option = page.options.find(({ optionId }) => optionId === choice)
  if (!option) throw new BusinessError('INVALID_INPUT', 'Choose one of the cars, or your money.')
  return { optionId: option.optionId }
}

/** Whatever the answer, the page says what became of it; only that nobody could be asked is an error. */
async function choose(c: Context<Env>, deps: ApiDeps) {
  const page = await pageOf(c, deps)
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const choice = readChoice(form, page)
  const leader = await offerLeader(deps.db, paymentOf(c, deps))
  if (!leader) throw unknownLink()
  try {
    await deps.workflows.chooseOffer(leader, choice)
  } catch (error) {
    if (toBusinessError(error).code !== 'RESERVATION_CLOSED') throw error
  }
  return c.redirect(page.path, 303)
}

export function createLatePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/late/:payment/:token', async (c) => {
    const page = await pageOf(c, deps)
    return c.html(<LateOfferView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.post('/late/:payment/:token', (c) => choose(c, deps))
  return pages
}
