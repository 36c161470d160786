/** The ledger over REST, as JSON or as CSV (`Accept: text/csv` or `?format=csv`). For finance and managers. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { maySeeLedger } from '../domain/policies.ts'
import { parseTime, toNairobiIso } from '../domain/time.ts'
import { listEntries, readAccounts, sumOf } from '../db/ledger-reads.ts'
import { csvResponse, wantsCsv } from './csv.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { isId } from './input.ts'
import {
  ACCOUNT_COLUMNS,
  accountBody,
  ENTRY_COLUMNS,
  entryBody,
  toAccountBody,
  toAccountRow,
  toEntryBody,
  toEntryRows,
} from './ledger-bodies.ts'
import { createOpenApi, jsonOrCsv, page, problems, SECURED } from './open-api.ts'
import { bearerSession } from './sessions.ts'

const format = z.enum(['json', 'csv']).optional()
const REFUSED = problems([400, 'Something to correct'], [403, 'For finance and managers'])
const at = z.string().optional().openapi({ description: 'An ISO time; without it, now' })

const accountsRoute = createRoute({
  method: 'get',
  path: '/ledger/accounts',
  summary: 'The chart of accounts with its balances',
  security: SECURED,
  request: { query: z.object({ at, format }) },
  responses: {
    200: jsonOrCsv(z.object({ items: z.array(accountBody) }), 'All accounts'),
    ...REFUSED,
  },
})

const entriesRoute = createRoute({
  method: 'get',
  path: '/ledger/entries',
  summary: 'Entries with their postings, newest first',
  security: SECURED,
  request: {
    query: page.extend({
      kind: z.string().max(60).optional(),
      reference: z.string().max(100).optional(),
      format,
    }),
  },
  responses: {
    200: jsonOrCsv(
      z.object({ items: z.array(entryBody), next: z.string().nullable() }),
      'One page',
    ),
    ...REFUSED,
  },
})

const trialBody = z
  .object({
    at: z.string(),
    currency: z.string(),
    accounts: z.array(accountBody),
    sum: z.string().openapi({ description: 'Of all balances; anything but 0.00 is an alarm' }),
  })
  .openapi('TrialBalance')

const trialRoute = createRoute({
  method: 'get',
  path: '/ledger/trial-balance',
  summary: 'Every account as it stood at a moment; the sum is zero',
  security: SECURED,
  request: { query: z.object({ at, format }) },
  responses: { 200: jsonOrCsv(trialBody, 'The trial balance'), ...REFUSED },
})

/** Null: now. Throws on what is no time. */
export function momentOf(text: string | undefined): Date | null {
  if (!text) return null
  const moment = parseTime(text)
  if (moment) return moment
  throw new BusinessError('INVALID_INPUT', 'Write the moment like 2026-11-21T10:00:00+03:00.', {
    fields: [{ path: 'at', message: 'Write the moment like 2026-11-21T10:00:00+03:00.' }],
  })
}

export function createLedgerApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/ledger/*', bearerSession(deps))
  api.use('/ledger/*', async (c, next) => {
    if (!maySeeLedger(c.get('actor'))) throw new BusinessError('FORBIDDEN', 'Ask finance.')
    await next()
  })

  api.openapi(accountsRoute, async (c) => {
    const accounts = await readAccounts(deps.db, momentOf(c.req.valid('query').at))
    if (wantsCsv(c)) return csvResponse(c, 'accounts', ACCOUNT_COLUMNS, accounts.map(toAccountRow))
    return c.json({ items: accounts.map(toAccountBody) }, 200)
  })

  api.openapi(entriesRoute, async (c) => {
    const { cursor = '', limit, kind = '', reference = '' } = c.req.valid('query')
    const wanted = { kind, reference, cursor: isId(cursor) ? cursor : null }
    const { items, next } = await listEntries(deps.db, wanted, limit)
    if (wantsCsv(c)) return csvResponse(c, 'entries', ENTRY_COLUMNS, items.flatMap(toEntryRows))
    return c.json({ items: items.map(toEntryBody), next }, 200)
  })

  api.openapi(trialRoute, async (c) => {
    const moment = momentOf(c.req.valid('query').at)
    const accounts = await readAccounts(deps.db, moment)
    if (wantsCsv(c))
      return csvResponse(c, 'trial-balance', ACCOUNT_COLUMNS, accounts.map(toAccountRow))
    const sum = toDecimal(sumOf(accounts))
    const shown = { at: toNairobiIso(moment ?? deps.now()), currency: CURRENCY, sum }
    return c.json({ ...shown, accounts: accounts.map(toAccountBody) }, 200)
  })
  return api
}
