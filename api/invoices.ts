/** Invoices and credit notes over REST: list, read, create, send. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { INVOICE_STATUSES } from '../domain/invoices.ts'
import { creditRequest, invoiceRequest } from '../domain/schemas/invoices.ts'
import { bill } from '../db/billing.ts'
import { inTransaction } from '../db/connection.ts'
import { creditInvoice } from '../db/credit-notes.ts'
import { claimKey } from '../db/idempotency.ts'
import { INVOICE_SORTS, listInvoices } from '../db/invoice-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { findOwnNote } from './document-files.ts'
import { idParam } from './input.ts'
import { creditNoteBody, invoiceBody, toCreditNoteBody, toInvoiceBody } from './invoice-bodies.ts'
import { assertMayInvoice, findOwnInvoice, sendInvoice } from './invoicing.ts'
import { customerAskedFor, listQuery, wishOf, words } from './lists.ts'
import { createOpenApi, idPath, json, jsonBody, listOf, problems, SECURED } from './open-api.ts'
import { bearerSession } from './sessions.ts'
import { sha256, uuidFrom } from './tokens.ts'

const headers = z.object({ 'idempotency-key': z.string().max(255).optional() })
const REFUSALS = problems(
  [400, 'Something to correct, or no Idempotency-Key'],
  [403, 'Only finance writes invoices'],
  [404, 'Not yours, or none'],
  [409, 'All is invoiced already, or more than the invoice'],
  [422, 'The Idempotency-Key was used with another body'],
)

const listRoute = createRoute({
  method: 'get',
  path: '/invoices',
  summary: 'Your invoices, newest first; all of them for finance',
  security: SECURED,
  request: {
    query: listQuery(INVOICE_SORTS, {
      q: words.optional().openapi({ description: 'Part of a number or of who is billed' }),
      status: z.enum(INVOICE_STATUSES).optional(),
      reservation_id: z.uuid().optional(),
      charge_id: z.uuid().optional(),
      customer_id: z.uuid().optional().openapi({ description: 'For finance' }),
    }),
  },
  responses: {
    200: json(listOf(invoiceBody), 'One page'),
    ...problems([400, 'Something to correct'], [403, 'Somebody else’s invoices']),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/invoices/{id}',
  summary: 'One invoice',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(invoiceBody, 'The invoice'), ...problems([404, 'Not yours, or none']) },
})
const createInvoiceRoute = createRoute({
  method: 'post',
  path: '/invoices',
  summary: 'Draft invoices for a booking or a charge: one, or shares that sum to the whole',
  security: SECURED,
  request: {
    headers,
    body: jsonBody(invoiceRequest, {
      reservation_id: '7f3a52c0-9b1e-4c53-8a68-0d6f4b0c2e11',
      bill_to: [{ name: 'Savanna Traders Ltd', pin: 'P051234567A', weight: 1 }],
      terms_days: 14,
      issue: true,
    }),
  },
  responses: { 201: json(z.object({ items: z.array(invoiceBody) }), 'The drafts'), ...REFUSALS },
})
const sendRoute = createRoute({
  method: 'post',
  path: '/invoices/{id}/send',
  summary: 'Issue a draft and send it, or send an invoice again',
  security: SECURED,
  request: { params: idPath, headers },
  responses: { 202: json(invoiceBody, 'It goes out in a moment'), ...REFUSALS },
})
const creditRoute = createRoute({
  method: 'post',
  path: '/credit-notes',
  summary: 'Take back part or all of an issued invoice',
  security: SECURED,
  request: {
    headers,
    body: { required: true, content: { 'application/json': { schema: creditRequest } } },
  },
  responses: { 201: json(creditNoteBody, 'The credit note'), ...REFUSALS },
})
const readCreditRoute = createRoute({
  method: 'get',
  path: '/credit-notes/{id}',
  summary: 'One credit note',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(creditNoteBody, 'It'), ...problems([404, 'Not yours, or none']) },
})

/** The id that this key stands for; the same key with another request is refused. */
async function keyed(c: Context, deps: ApiDeps, actor: Actor, request: unknown): Promise<string> {
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (!key)
    throw new BusinessError('IDEMPOTENCY_KEY_REQUIRED', 'Send an Idempotency-Key, new for each.')
  const scope = `${c.req.method} ${c.req.path} ${actor.userId}`
  const requestHash = sha256(JSON.stringify(request))
  const subjectId = uuidFrom(scope, key)
  const { state } = await claimKey(deps.db, { scope, key, requestHash, subjectId })
  if (state === 'other')
    throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key for this.')
  return subjectId
}

export function createInvoicesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/invoices/*', bearerSession(deps))
  api.use('/credit-notes/*', bearerSession(deps))

  api.openapi(listRoute, async (c) => {
    const {
      status,
      reservation_id,
      charge_id,
      customer_id: wanted,
      q,
      ...asked
    } = c.req.valid('query')
    const seen = { all: 'documents:read', own: 'own_documents:read' } as const
    const { items, next } = await listInvoices(deps.db, {
      ...wishOf(INVOICE_SORTS, asked, '-created_at'),
      text: q,
      statuses: status && [status],
      ownerId: reservation_id ?? charge_id,
      customerId: customerAskedFor(c.get('actor'), seen, wanted),
    })
    return c.json({ items: items.map(toInvoiceBody), next }, 200)
  })

  api.openapi(readRoute, async (c) =>
    c.json(toInvoiceBody(await findOwnInvoice(deps, c.get('actor'), idParam(c))), 200),
  )

  api.openapi(createInvoiceRoute, async (c) => {
    const actor = c.get('actor')
    assertMayInvoice(actor)
    const wish = c.req.valid('json')
    const id = await keyed(c, deps, actor, wish)
    const bills = wish.bill_to.map((one, index) => ({
      id: uuidFrom(id, String(index)),
      billTo: {
        name: one.name,
        pin: one.pin ?? null,
        address: one.address,
        email: one.email ?? null,
      },
      weight: one.weight,
      partyId: one.party_id ?? null,
      companyId: one.company_id ?? null,
    }))
    const { terms_days: termsDays, issue } = wish
    const rows = await inTransaction(deps.db, (tx) =>
      bill(tx, { ...billedOf(wish), bills, termsDays, issue, actorId: actor.userId }),
    )
    return c.json({ items: rows.map(toInvoiceBody) }, 201)
  })

  api.openapi(sendRoute, async (c) => {
    const actor = c.get('actor')
    assertMayInvoice(actor)
    const invoice = await findOwnInvoice(deps, actor, idParam(c))
    const key = await keyed(c, deps, actor, {})
    return c.json(toInvoiceBody(await sendInvoice(deps, actor, invoice, key)), 202)
  })
  addCreditNotes(api, deps)
  return api
}

const billedOf = (wish: { reservation_id?: string; charge_id?: string }) =>
  wish.charge_id
    ? ({ purpose: 'charge', ownerId: wish.charge_id } as const)
    : ({ purpose: 'reservation', ownerId: wish.reservation_id ?? '' } as const)

function addCreditNotes(api: ReturnType<typeof createOpenApi<ApiEnv>>, deps: ApiDeps): void {
  api.openapi(creditRoute, async (c) => {
    const actor = c.get('actor')
    assertMayInvoice(actor)
    const wish = c.req.valid('json')
    const { id: invoiceId } = await findOwnInvoice(deps, actor, wish.invoice_id)
    const id = await keyed(c, deps, actor, wish)
    const line = {
      description: wish.description,
      quantity: 1,
      unitPrice: wish.amount,
      vatRate: 16,
    } as const
    const credit = { id, invoiceId, reason: wish.reason, lines: [line], actorId: actor.userId }
    const note = await inTransaction(deps.db, (tx) => creditInvoice(tx, credit, deps.now()))
    return c.json(toCreditNoteBody(note), 201)
  })

  api.openapi(readCreditRoute, async (c) =>
    c.json(toCreditNoteBody(await findOwnNote(deps, c.get('actor'), idParam(c))), 200),
  )
}
