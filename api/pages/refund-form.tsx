/** Asking for a refund on the page of a payment: what was typed, what will happen, then the deed. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { formatKes, subtract, toDecimal, type Cents } from '../../domain/money.ts'
import { maskPhone } from '../../domain/payments.ts'
import { mayAskRefund } from '../../domain/policies.ts'
import { methodFor, wayWords } from '../../domain/refunds.ts'
import { refundForm } from '../../domain/schemas/refunds.ts'
import { findCompany } from '../../db/companies.ts'
import { findPayment, type PaymentDetail } from '../../db/payment-reads.ts'
import { listRefundsOf } from '../../db/refund-reads.ts'
import { RefundFormView } from '../../views/refund-form.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { opened } from '../refund-answers.ts'
import { assertCsrf } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

type Form = Record<string, string>
type Shown = { payment: PaymentDetail; left: Cents; company: string | null }

async function findPaid(c: Context<Env>, deps: ApiDeps): Promise<Shown> {
  const payment = await findPayment(deps.db, idParam(c))
  if (!payment) throw new BusinessError('NOT_FOUND', 'We have no such payment.')
  const refunds = await listRefundsOf(deps.db, payment.id)
  const taken = refunds
    .filter(({ status }) => status !== 'declined')
    .reduce((sum, { amount }) => sum + amount, 0)
  const companyId = payment.method === 'account' ? payment.holdingSubject : null
  const company = companyId ? await findCompany(deps.db, companyId) : null
  const left = subtract(payment.amount, taken as Cents)
  return { payment, left, company: company?.name ?? null }
}

type State = { form: Form; preview?: string[]; problems?: FieldProblem[] }

async function show(c: Context<Env>, deps: ApiDeps, shown: Shown, state: State) {
  const { payment, left } = shown
  const { form, preview = null, problems = [] } = state
  const page = {
    payment: {
      id: payment.id,
      ownerNumber: payment.ownerNumber,
      amount: payment.amount,
      left,
      method: payment.method,
      maskedPhone: payment.phone ? maskPhone(payment.phone) : null,
      needsPhone: payment.method === 'mpesa' && payment.channel !== 'prompt',
    },
    form: {
      refundId: form['refund_id'] ?? randomUUID(),
      amount: form['amount'] ?? toDecimal(left).replace(/\.00$/, ''),
      reason: form['reason'] ?? '',
      phone: form['phone'] ?? '',
    },
    preview,
    problems,
  }
  return <RefundFormView viewer={await viewerOf(c, deps)} page={page} />
}

type Wish = { amount: Cents; phone?: string | undefined }

const previewOf = ({ payment, left, company }: Shown, { amount, phone }: Wish): string[] => {
  const whole = amount === payment.amount
  const to = payment.channel === 'prompt' ? payment.phone : (phone ?? null)
  const way = methodFor({ paidBy: payment.method, amount, whole })
  const typed = payment.channel !== 'prompt' && phone && ['reversal', 'payout'].includes(way)
  return [
    `${formatKes(amount)} of ${formatKes(payment.amount)} goes back; ${formatKes(subtract(left, amount))} is left.`,
    wayWords(way, { phone: to, company }),
    'Of a booking that stands the price goes down by as much, so that it stays paid.',
    typed
      ? 'You typed the phone, so a second person of finance must agree, whatever the amount.'
      : 'Large sums need a second person of finance; all refunds of this payment count together.',
  ]
}

async function handle(c: Context<Env>, deps: ApiDeps, shown: Shown, form: Form, actorId: string) {
  if (form['step'] === 'change') return c.html(await show(c, deps, shown, { form }))
  const wish = parseInput(refundForm, form)
  const { amount, reason, phone } = wish
  if (amount > shown.left)
    throw new BusinessError('INVALID_INPUT', 'That is more than is left.', {
      fields: [{ path: 'amount', message: `At most ${formatKes(shown.left)} can go back.` }],
    })
  if (form['sure'] !== 'yes')
    return c.html(await show(c, deps, shown, { form, preview: previewOf(shown, wish) }))
  // The form says which press of the button it was; what the refund is called is ours to say.
  const refundId = uuidFrom('refund', actorId, shown.payment.id, wish.refund_id)
  const input = { refundId, paymentId: shown.payment.id, amount, reason, actorId }
  opened(
    await deps.workflows.requestRefund({
      ...input,
      askedBy: 'person',
      ...(phone ? { phone } : {}),
    }),
  )
  return c.redirect(`/finance/refunds/${refundId}`, 303)
}

export function createRefundFormPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/payments/:id/refund', async (c) => {
    staff(c, mayAskRefund)
    return c.html(await show(c, deps, await findPaid(c, deps), { form: {} }))
  })
  pages.post('/finance/payments/:id/refund', async (c) => {
    const actor = staff(c, mayAskRefund)
    const form = await c.req.parseBody<Form>()
    const shown = await findPaid(c, deps)
    c.set('address', `/finance/payments/${shown.payment.id}/refund`)
    assertCsrf(c, form)
    try {
      return await handle(c, deps, shown, form, actor.userId)
    } catch (thrown) {
      const error = toBusinessError(thrown)
      if (error.code === 'UNEXPECTED') throw thrown
      const general = [{ path: '', message: error.message }]
      const problems = error.fields.length > 0 ? error.fields : general
      return c.html(await show(c, deps, shown, { form, problems }), statusOf(error.code))
    }
  })
  return pages
}
