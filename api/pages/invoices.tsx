/** Finance's invoices: the list, one of them, and what can be done with it. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import {
  INVOICE_FILTERS,
  type InvoiceFilter,
  type InvoicePage,
} from '../../domain/invoice-pages.ts'
import { creditable, openAmount } from '../../domain/invoices.ts'
import { mayInvoice } from '../../domain/policies.ts'
import { billToSchema, creditRequest, recordedPayment } from '../../domain/schemas/invoices.ts'
import { bill } from '../../db/billing.ts'
import { inTransaction } from '../../db/connection.ts'
import { creditInvoice, listCreditNotes } from '../../db/credit-notes.ts'
import { readLines } from '../../db/invoice-lines.ts'
import { cancelDraft } from '../../db/invoice-drafts.ts'
import { recordCompanyPayment } from '../../db/invoice-payments.ts'
import { listInvoices, readHistory } from '../../db/invoice-reads.ts'
import type { InvoiceRow } from '../../db/invoice-rows.ts'
import { searchReservations } from '../../db/reservation-reads.ts'
import { InvoicesView } from '../../views/invoices.tsx'
import { InvoiceView } from '../../views/invoice.tsx'
import { NewInvoiceView, type NewInvoiceForm } from '../../views/invoice-new.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, isId, parseInput } from '../input.ts'
import { findOwnInvoice, sendInvoice } from '../invoicing.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 50

const finance = (c: Context<Env>): Actor => {
  const actor = signedIn(c)
  if (!mayInvoice(actor))
    throw new BusinessError('FORBIDDEN', 'This page is for other people of gari.')
  return actor
}

const toSummary = (row: InvoiceRow) => ({
  id: row.id,
  number: row.number,
  name: row.billTo.name,
  ownerNumber: row.ownerNumber,
  status: row.status,
  gross: row.gross,
  open: openAmount(row),
  dueAt: row.dueAt,
  needsPerson: row.caseAt !== null && row.status === 'overdue',
})

const ETIMS_WORDS = {
  off: 'Not connected',
  pending: 'Being registered; it is e-mailed when its control number has come',
  refused: 'Not registered: see the note',
  registered: '',
}

async function toPage(
  deps: ApiDeps,
  row: InvoiceRow,
  problem: string | null,
): Promise<InvoicePage> {
  const notes = await listCreditNotes(deps.db, [row.id])
  const history = await readHistory(deps.db, row.id)
  const { pin, address, email } = row.billTo
  return {
    ...toSummary(row),
    pin,
    address,
    email,
    onAccount: row.companyId !== null,
    lines: await readLines(deps.db, row.id),
    net: row.net,
    vat: row.vat,
    credited: row.credited,
    paid: row.paid,
    creditable: creditable(row),
    etims: row.etims?.invoiceNumber ?? ETIMS_WORDS[row.etimsStatus],
    notes: notes.map(({ id, number, gross, reason }) => ({
      number,
      gross,
      reason,
      path: `/documents/credit-notes/${id}.pdf`,
    })),
    history: history.map(({ at, action, actor, why }) => ({
      at,
      what: action.replace(/^\w+\./, '').replaceAll('_', ' '),
      who: actor,
      detail: why,
    })),
    now: deps.now(),
    problem,
    key: randomUUID(),
  }
}

type Form = Record<string, unknown>
type Deed = (deps: ApiDeps, actor: Actor, row: InvoiceRow, form: Form) => Promise<unknown>
const wordIn = (form: Form, name: string) =>
  typeof form[name] === 'string' ? form[name].trim() : ''
/** A form sent twice carries the same key, so its deed is done once. */
const keyOf = (form: Form, row: { id: string }): string => {
  const key = wordIn(form, 'key')
  if (!isId(key)) throw new BusinessError('INVALID_INPUT', 'Load the page again.')
  return uuidFrom('invoice form', row.id, key)
}

const DEEDS: Record<string, Deed> = {
  send: (deps, actor, row, form) => sendInvoice(deps, actor, row, keyOf(form, row)),
  cancel: (deps, actor, row) =>
    inTransaction(deps.db, (tx) => cancelDraft(tx, row.id, actor.userId)),
  credit: (deps, actor, row, form) => {
    const { credit_amount: amount, reason } = form
    const wish = parseInput(creditRequest, { invoice_id: row.id, amount, reason })
    const line = {
      description: 'Credit',
      quantity: 1,
      unitPrice: wish.amount,
      vatRate: 16,
    } as const
    const credit = { id: keyOf(form, row), invoiceId: row.id, reason: wish.reason, lines: [line] }
    return inTransaction(deps.db, (tx) =>
      creditInvoice(tx, { ...credit, actorId: actor.userId }, deps.now()),
    )
  },
  pay: (deps, actor, row, form) => {
    const { paid_amount: amount, reference } = form
    const wish = parseInput(recordedPayment, { amount, reference })
    const paid = { ...wish, id: keyOf(form, row), invoiceId: row.id, actorId: actor.userId }
    return inTransaction(deps.db, (tx) => recordCompanyPayment(tx, paid, deps.now()))
  },
}

const filterOf = (text = ''): InvoiceFilter | null =>
  Object.hasOwn(INVOICE_FILTERS, text) ? (text as InvoiceFilter) : null

async function draftByForm(deps: ApiDeps, actor: Actor, form: Form): Promise<string> {
  const number = wordIn(form, 'booking').toUpperCase()
  const [booking] = number ? await searchReservations(deps.db, number) : []
  if (booking?.number !== number)
    throw new BusinessError('INVALID_INPUT', 'We have no booking with this number.', {
      fields: [{ path: 'booking', message: 'We have no booking with this number.' }],
    })
  const billTo = parseInput(billToSchema, {
    name: wordIn(form, 'name'),
    pin: wordIn(form, 'pin') || null,
    email: wordIn(form, 'email') || null,
    address: wordIn(form, 'address')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  })
  const { pin = null, email = null } = billTo
  const id = keyOf(form, booking)
  await inTransaction(deps.db, (tx) =>
    bill(tx, {
      purpose: 'reservation',
      ownerId: booking.id,
      bills: [{ id, billTo: { ...billTo, pin, email }, weight: 1 }],
      termsDays: 14,
      issue: false,
      actorId: actor.userId,
    }),
  )
  return id
}

const FORM_FIELDS = ['booking', 'name', 'pin', 'address', 'email'] as const
async function showNew(c: Context<Env>, deps: ApiDeps, form: Form, problems: FieldProblem[]) {
  const kept = Object.fromEntries(FORM_FIELDS.map((name) => [name, wordIn(form, name)]))
  const viewer = await viewerOf(c, deps)
  const key = wordIn(form, 'key') || randomUUID()
  const view = { form: kept as NewInvoiceForm, problems, key, viewer }
  return c.html(<NewInvoiceView {...view} />, problems.length > 0 ? 400 : 200)
}

export function createInvoicePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/invoices', async (c) => {
    finance(c)
    const [filter, cursor] = [filterOf(c.req.query('status')), c.req.query('cursor')]
    const search = (c.req.query('q') ?? '').trim().slice(0, 60)
    const statuses = filter && INVOICE_FILTERS[filter]
    const wish = { statuses, text: search, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) }
    const { items, next } = await listInvoices(deps.db, wish)
    const page = { rows: items.map(toSummary), filter, search, next }
    return c.html(<InvoicesView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/finance/invoices/new', (c) => {
    finance(c)
    return showNew(c, deps, { booking: c.req.query('booking') }, [])
  })
  pages.post('/finance/invoices/new', async (c) => {
    const actor = finance(c)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    try {
      return c.redirect(`/finance/invoices/${await draftByForm(deps, actor, form)}`, 303)
    } catch (error) {
      if (!(error instanceof BusinessError)) throw error
      const { fields, message } = error
      return showNew(c, deps, form, fields.length > 0 ? fields : [{ path: '', message }])
    }
  })
  pages.get('/finance/invoices/:id', async (c) => {
    const row = await findOwnInvoice(deps, finance(c), idParam(c))
    const page = await toPage(deps, row, null)
    return c.html(<InvoiceView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.post('/finance/invoices/:id/:deed{send|cancel|credit|pay}', async (c) => {
    const actor = finance(c)
    const form = await c.req.parseBody()
    assertCsrf(c, form)
    const row = await findOwnInvoice(deps, actor, idParam(c))
    try {
      await DEEDS[c.req.param('deed')]?.(deps, actor, row, form)
    } catch (error) {
      if (!(error instanceof BusinessError)) throw error
      const page = await toPage(deps, row, error.message)
      return c.html(<InvoiceView viewer={await viewerOf(c, deps)} page={page} />, 409)
    }
    return c.redirect(`/finance/invoices/${row.id}`, 303)
  })
  return pages
}
