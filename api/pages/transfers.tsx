/** Finance says what the bank shows of announced transfers. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { mayConfirmTransfers } from '../../domain/policies.ts'
import { bankReference } from '../../domain/schemas/references.ts'
import { listAwaitedTransfers } from '../../db/bank-transfers.ts'
import { TransfersView } from '../../views/transfers.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId, parseInput } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const MOST = 200

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  problems: FieldProblem[],
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const page = { rows: await listAwaitedTransfers(deps.db, MOST), problems, now: deps.now() }
  return c.html(<TransfersView viewer={await viewerOf(c, deps)} page={page} />, status)
}

type Deed = (paymentId: string, text: (name: string) => string, actorId: string) => Promise<void>

async function submit(c: Context<Env>, deps: ApiDeps, deed: Deed): Promise<Response> {
  const actor = staff(c, mayConfirmTransfers)
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  c.set('address', '/finance/transfers')
  const text = (name: string) =>
    typeof form[name] === 'string' ? form[name].trim().slice(0, 500) : ''
  const paymentId = text('payment_id')
  if (!isId(paymentId)) throw new BusinessError('NOT_FOUND', 'We have no such transfer.')
  try {
    await deed(paymentId, text, actor.userId)
  } catch (error) {
    const { code, message } = toBusinessError(error)
    if (code === 'UNEXPECTED') throw error
    // It was decided meanwhile, by the bank's list or by somebody else.
    const gone = code === 'NOT_FOUND' || code === 'RESERVATION_CLOSED'
    const words = gone ? 'This transfer was settled or withdrawn meanwhile.' : message
    return show(c, deps, [{ path: '', message: words }], statusOf(code))
  }
  return c.redirect('/finance/transfers', 303)
}

export function createTransferPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/transfers', (c) => {
    staff(c, mayConfirmTransfers)
    return show(c, deps, [])
  })
  pages.post('/finance/transfers/confirm', (c) =>
    submit(c, deps, (paymentId, text, actorId) => {
      const reference = parseInput(bankReference, text('reference'))
      return deps.workflows.confirmTransfer(paymentId, { reference, actorId })
    }),
  )
  pages.post('/finance/transfers/withdraw', (c) =>
    submit(c, deps, async (paymentId, text, actorId) => {
      const reason = text('reason')
      if (!reason) throw new BusinessError('INVALID_INPUT', 'Say why it will not come.')
      await deps.workflows.withdrawTransfer(paymentId, { reason, actorId })
    }),
  )
  return pages
}
