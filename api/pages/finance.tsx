/** Finance's pages about payments: the board, and one payment with everything known of it. */
import { Hono } from 'hono'
import { BusinessError } from '../../domain/errors.ts'
import { paymentWorkflowId } from '../../domain/ids.ts'
import { negate } from '../../domain/money.ts'
import { maskPhone } from '../../domain/payments.ts'
import { reasonSentence } from '../../domain/payment-results.ts'
import { maySeePayments, maySeeWorkflows } from '../../domain/policies.ts'
import { FINANCE_FILTERS, type FinanceFilter } from '../../domain/staff-pages.ts'
import { listForFinance } from '../../db/finance-reads.ts'
import { readBalances } from '../../db/ledger.ts'
import { findPayment, type PaymentDetail } from '../../db/payment-reads.ts'
import { listPostings, listReports, listSteps } from '../../db/payment-timeline.ts'
import { FinancePaymentView } from '../../views/finance-payment.tsx'
import { FinanceView } from '../../views/finance.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { toPaymentLine } from './booking-view.ts'
import { staff, workflowUrl } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 50

const filterOf = (text = ''): FinanceFilter | null =>
  Object.hasOwn(FINANCE_FILTERS, text) ? (text as FinanceFilter) : null

const factsOf = (found: PaymentDetail) => ({
  id: found.id,
  status: found.status,
  type: found.type,
  method: found.method,
  channel: found.channel,
  amount: found.amount,
  applied: found.applied,
  credited: found.credited,
  ownerNumber: found.ownerNumber,
  maskedPhone: found.phone ? maskPhone(found.phone) : null,
  receipt: found.receipt,
  reason: found.status === 'refused' && found.resultCode ? reasonSentence(found.resultCode) : null,
})

export function createFinancePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/payments', async (c) => {
    staff(c, maySeePayments)
    const [cursor, search] = [c.req.query('cursor'), (c.req.query('q') ?? '').trim().slice(0, 60)]
    const filter = filterOf(c.req.query('status'))
    const wanted = { statuses: filter && FINANCE_FILTERS[filter], text: search }
    const { items, next } = await listForFinance(
      deps.db,
      { ...wanted, ...(cursor ? { cursor } : {}) },
      PAGE_SIZE,
    )
    const balances = await readBalances(deps.db)
    const rows = items.map((one) => ({
      ...toPaymentLine(one, one.partyName),
      reservationNumber: one.ownerNumber,
      reservationId: one.ownerId,
    }))
    const page = {
      filter,
      search,
      rows,
      next,
      clearing: balances.mpesa_clearing,
      owed: negate(balances.customer_deposits),
      now: deps.now(),
    }
    return c.html(<FinanceView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/finance/payments/:id', async (c) => {
    const actor = staff(c, maySeePayments)
    const found = await findPayment(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'We have no such payment.')
    const [steps, reports, postings] = await Promise.all([
      listSteps(deps.db, found.id),
      listReports(deps.db, found.id),
      listPostings(deps.db, found.id),
    ])
    const page = {
      payment: factsOf(found),
      steps,
      reports,
      postings,
      bookingId: found.purpose === 'reservation' ? found.ownerId : null,
      chargeId: found.purpose === 'charge' ? found.ownerId : null,
      workflowUrl: maySeeWorkflows(actor) ? workflowUrl(deps, paymentWorkflowId(found.id)) : null,
      now: deps.now(),
    }
    return c.html(<FinancePaymentView viewer={await viewerOf(c, deps)} page={page} />)
  })
  return pages
}
