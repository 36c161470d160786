/** The customer's credit: what it is, where it came from, and sending it back to one's own phone. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { add, cents, formatKes, subtract, ZERO } from '../../domain/money.ts'
import { maskPhone } from '../../domain/payments.ts'
import { payoutOrHand } from '../../domain/refunds.ts'
import { findContact } from '../../db/accounts.ts'
import { readCredit } from '../../db/credit.ts'
import { listCreditLines, listCreditRefunds } from '../../db/refund-reads.ts'
import { CreditView } from '../../views/credit.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { toRefundLine } from './refund-view.ts'
import { viewerOf } from './viewer.ts'

const LINES = 50
const CREDIT_PAGE = '/account/credit'

async function show(c: Context<Env>, deps: ApiDeps, problems: FieldProblem[] = []) {
  const { userId } = signedIn(c)
  const [whole, lines, refunds, contact] = await Promise.all([
    readCredit(deps.db, userId),
    listCreditLines(deps.db, userId, LINES),
    listCreditRefunds(deps.db, userId, LINES),
    findContact(deps.db, userId),
  ])
  const waiting = refunds.filter(
    ({ status, namedBy }) => status === 'awaiting_approval' && !namedBy,
  )
  const spokenFor = add(ZERO, ...waiting.map(({ amount }) => amount))
  const page = {
    // What waits for one of us to look at it is spoken for.
    credit: subtract(whole, spokenFor),
    lines: lines.map((line) => ({ ...line, amount: cents(line.amount) })),
    refunds: refunds.map(toRefundLine),
    maskedPhone: contact?.phone ? maskPhone(contact.phone) : null,
    verified: contact?.verified ?? false,
    refundId: randomUUID(),
    problems,
    now: deps.now(),
  }
  return <CreditView viewer={await viewerOf(c, deps)} page={page} />
}

export function createCreditPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(CREDIT_PAGE, async (c) => c.html(await show(c, deps)))
  pages.post(`${CREDIT_PAGE}/refund`, async (c) => {
    const { userId } = signedIn(c)
    const form = await c.req.parseBody<Record<string, string>>()
    c.set('address', CREDIT_PAGE)
    assertCsrf(c, form)
    const pressed = form['refund_id'] ?? ''
    if (!isId(pressed)) throw new BusinessError('INVALID_INPUT', 'Load the page again.')
    const amount = await readCredit(deps.db, userId)
    const contact = await findContact(deps.db, userId)
    if (!contact?.phone || payoutOrHand(amount) !== 'payout') {
      const message = `M-Pesa cannot send ${formatKes(amount)} to your phone. Please ask our desk.`
      return c.html(await show(c, deps, [{ path: '', message }]), 409)
    }
    const answer = await deps.workflows.requestRefund({
      refundId: uuidFrom('refund', userId, 'credit', pressed),
      creditOf: userId,
      amount,
      reason: 'The customer asked for the credit',
      actorId: userId,
      askedBy: 'person',
    })
    if (answer.outcome === 'refused') {
      const message = 'Your credit has just changed. Look at it again.'
      return c.html(await show(c, deps, [{ path: '', message }]), 409)
    }
    return c.redirect(CREDIT_PAGE, 303)
  })
  return pages
}
