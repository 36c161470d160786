/** Refunds and cases, for finance; the desk sees single refunds, because it may ask for them and pays cash out. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { refundWorkflowId } from '../../domain/ids.ts'
import {
  mayAskRefund,
  mayDecideRefund,
  mayPayOutCash,
  maySeePayments,
  maySeeWorkflows,
} from '../../domain/policies.ts'
import { REFUND_FILTERS, type RefundFilter } from '../../domain/refund-pages.ts'
import { handNeedsTwo } from '../../domain/paid-by-hand.ts'
import { mayHandOver, refundCase, takesAnotherPhone } from '../../domain/refunds.ts'
import { handPayment, namedPhoneForm, noteForm } from '../../domain/schemas/refunds.ts'
import { inTransaction } from '../../db/connection.ts'
import { assignCase, findOpenCase, listCases } from '../../db/finance-cases.ts'
import { listRefundSteps } from '../../db/payment-timeline.ts'
import { findHandWish } from '../../db/refund-hand-rows.ts'
import { listRefunds, readRefund, type RefundDetail } from '../../db/refund-reads.ts'
import { findOpenSession } from '../../db/tills.ts'
import { CasesView } from '../../views/cases.tsx'
import { RefundLive, refundVersion, RefundView } from '../../views/refund.tsx'
import { RefundsView } from '../../views/refunds.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { decideAboutPaid, refuseWhileSaidPaid, writeDown } from '../paying-by-hand.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { createRefundFormPages } from './refund-form.tsx'
import { toRefundLine } from './refund-view.ts'
import { staff, workflowUrl } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 50

const filterOf = (text = ''): RefundFilter | null =>
  Object.hasOwn(REFUND_FILTERS, text) ? (text as RefundFilter) : null

const found = async (c: Context<Env>, deps: ApiDeps): Promise<RefundDetail> => {
  const refund = await readRefund(deps.db, idParam(c))
  if (!refund) throw new BusinessError('NOT_FOUND', 'We have no such refund.')
  return refund
}

async function toPage(c: Context<Env>, deps: ApiDeps, problems: FieldProblem[] = []) {
  const actor = staff(c, mayAskRefund)
  const refund = await found(c, deps)
  const stuck = await findOpenCase(deps.db, refundCase, refund.id)
  const finance = mayDecideRefund(actor)
  const hand = await findHandWish(deps.db, refund.id)
  const isTwice = hand?.status === 'overtaken'
  const open = !['settled', 'declined'].includes(refund.status) && !hand
  return {
    refund: toRefundLine(refund),
    steps: await listRefundSteps(deps.db, refund.id),
    may: {
      decide: finance && refund.status === 'awaiting_approval',
      name: finance && stuck !== null && !hand && takesAnotherPhone(refund),
      resolve: finance && open && stuck !== null,
      payCash:
        mayPayOutCash(actor) &&
        refund.method === 'cash' &&
        refund.status === 'approved' &&
        mayHandOver(refund, actor.userId),
      decideHand: finance && hand !== null && (isTwice || refund.status !== 'settled'),
    },
    hand,
    handNeedsTwo: handNeedsTwo(refund),
    mayAgreeToHand: hand !== null && ![hand.askedBy, refund.requestedBy].includes(actor.userId),
    isOwn: [refund.requestedBy, refund.namedBy].includes(actor.userId),
    stuck: stuck?.detail ?? null,
    workflowUrl: maySeeWorkflows(actor) ? workflowUrl(deps, refundWorkflowId(refund.id)) : null,
    problems,
    now: deps.now(),
  }
}

async function showRefund(c: Context<Env>, deps: ApiDeps, problems: FieldProblem[] = []) {
  const page = await toPage(c, deps, problems)
  return <RefundView viewer={await viewerOf(c, deps)} page={page} />
}

/** 204 while the page that asks shows what stands. */
async function liveRefund(c: Context<Env>, deps: ApiDeps) {
  const page = await toPage(c, deps)
  if (c.req.query('v') === refundVersion(page)) return c.body(null, 204)
  return c.html(<RefundLive viewer={await viewerOf(c, deps)} page={page} />)
}

type Form = Record<string, string>
type Deed = (deps: ApiDeps, refund: RefundDetail, form: Form, actorId: string) => Promise<void>

/** Each does one thing; who may, and whether it still can be, the workflow has the last word about. */
const DEEDS: Record<string, Deed> = {
  approve: (deps, { id }, _form, actorId) =>
    deps.workflows.decideRefund(id, 'approve', { actorId, note: null }),
  decline: (deps, { id }, form, actorId) => {
    const note = parseInput(noteForm, form).note || null
    return deps.workflows.decideRefund(id, 'decline', { actorId, note })
  },
  phone: (deps, { id }, form, actorId) => {
    const { phone } = parseInput(namedPhoneForm, form)
    return deps.workflows.nameRefundPhone(id, { actorId, phone })
  },
  cash: async (deps, refund, _form, actorId) => {
    if (!mayHandOver(refund, actorId))
      throw new BusinessError('REFUND_REFUSED', 'You asked for it, so somebody else hands it over.')
    const drawer = await findOpenSession(deps.db, actorId)
    if (!drawer) throw new BusinessError('REFUND_REFUSED', 'Open your till first.')
    if (drawer.expected < refund.amount)
      throw new BusinessError('REFUND_REFUSED', 'There is not that much in your till.')
    await deps.workflows.payRefundInCash(refund.id, { actorId, tillSessionId: drawer.id })
  },
  retry: async (deps, { id }) => {
    await refuseWhileSaidPaid(deps, id)
    await deps.workflows.retryStep(refundWorkflowId(id))
  },
  resolve: (deps, { id }, form, actorId) =>
    writeDown(deps, actorId, id, parseInput(handPayment, form)),
  'hand-yes': (deps, { id }, _form, actorId) =>
    decideAboutPaid(deps, actorId, id, { agreed: true, note: null }),
  'hand-no': (deps, { id }, form, actorId) => {
    const note = parseInput(noteForm, form).note || null
    return decideAboutPaid(deps, actorId, id, { agreed: false, note })
  },
}

function createRefundDeeds(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const deeds = Object.keys(DEEDS).join('|')
  pages.post(`/finance/refunds/:id/:deed{${deeds}}`, async (c) => {
    const actor = staff(c, c.req.param('deed') === 'cash' ? mayPayOutCash : mayDecideRefund)
    const form = await c.req.parseBody<Form>()
    const refund = await found(c, deps)
    c.set('address', `/finance/refunds/${refund.id}`)
    assertCsrf(c, form)
    try {
      await DEEDS[c.req.param('deed')]?.(deps, refund, form, actor.userId)
    } catch (thrown) {
      const error = toBusinessError(thrown)
      if (error.code === 'UNEXPECTED') throw thrown
      const general = [{ path: '', message: error.message }]
      const problems = error.fields.length > 0 ? error.fields : general
      return c.html(await showRefund(c, deps, problems), statusOf(error.code))
    }
    return c.redirect(`/finance/refunds/${refund.id}`, 303)
  })
  return pages
}

function createCasePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/cases', async (c) => {
    staff(c, maySeePayments)
    const status = c.req.query('status') === 'closed' ? 'closed' : 'open'
    const cursor = c.req.query('cursor')
    const wish = { status, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) } as const
    const { items, next } = await listCases(deps.db, wish)
    const page = { status, rows: items, next, now: deps.now() } as const
    return c.html(<CasesView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.post('/finance/cases/:id/take', async (c) => {
    const actor = staff(c, maySeePayments)
    const form = await c.req.parseBody()
    c.set('address', '/finance/cases')
    assertCsrf(c, form)
    await inTransaction(deps.db, (tx) => assignCase(tx, idParam(c), actor.userId))
    return c.redirect('/finance/cases', 303)
  })
  return pages
}

export function createRefundPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/refunds', async (c) => {
    staff(c, maySeePayments)
    const [filter, cursor] = [filterOf(c.req.query('status')), c.req.query('cursor')]
    const statuses = filter && REFUND_FILTERS[filter]
    const wish = { statuses, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) }
    const { items, next } = await listRefunds(deps.db, wish)
    const page = { filter, rows: items.map(toRefundLine), next, now: deps.now() }
    return c.html(<RefundsView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/finance/refunds/:id', async (c) => c.html(await showRefund(c, deps)))
  pages.get('/finance/refunds/:id/live', (c) => liveRefund(c, deps))
  pages.route('/', createRefundDeeds(deps))
  pages.route('/', createRefundFormPages(deps))
  pages.route('/', createCasePages(deps))
  return pages
}
