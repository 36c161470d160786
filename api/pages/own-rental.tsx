/** One's own rental: what is asked for after the return, and saying yes or no to it. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { mayAnswerRental } from '../../domain/policies.ts'
import { disputeRequest } from '../../domain/schemas/rentals.ts'
import { OwnRentalView } from '../../views/own-rental.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { agree, dispute, findVisibleRentalOf } from '../renting.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { toRentalPage } from './rental-view.ts'
import { viewerOf } from './viewer.ts'

type Typed = { because: string; problems: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  typed: Typed = { because: '', problems: [] },
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = signedIn(c)
  const rental = await findVisibleRentalOf(deps, actor, idParam(c))
  const page = {
    ...toRentalPage(rental, deps.now()),
    path: `/bookings/${rental.reservationId}/rental`,
    mayAnswer:
      rental.status === 'returned' && rental.charges.length > 0 && mayAnswerRental(actor, rental),
    form: { because: typed.because },
    problems: typed.problems,
  }
  return c.html(<OwnRentalView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** What is refused stands on the page, with what was typed. */
async function answer(
  c: Context<Env>,
  deps: ApiDeps,
  work: (id: string, because: string) => Promise<unknown>,
) {
  const actor = signedIn(c)
  const form = await c.req.parseBody()
  const because = typeof form['because'] === 'string' ? form['because'] : ''
  const path = `/bookings/${idParam(c)}/rental`
  c.set('address', path)
  assertCsrf(c, form)
  const { id } = await findVisibleRentalOf(deps, actor, idParam(c))
  try {
    await work(id, because)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!['INVALID_INPUT', 'RENTAL_REFUSED'].includes(refused.code)) throw error
    return show(c, deps, { because, problems: problemsIn(refused) }, statusOf(refused.code))
  }
  return c.redirect(path, 303)
}

export function createOwnRentalPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/bookings/:id/rental', (c) => show(c, deps))
  pages.post('/bookings/:id/rental/agree', (c) =>
    answer(c, deps, (id) => agree(deps, signedIn(c), id)),
  )
  pages.post('/bookings/:id/rental/dispute', (c) =>
    answer(c, deps, (id, words) => {
      const { because } = parseInput(disputeRequest, { because: words })
      return dispute(deps, signedIn(c), id, because)
    }),
  )
  return pages
}
