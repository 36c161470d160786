/** Reconciliation for finance: files, runs and the worklist, over pages and the API; nobody else moves anything. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { stringify } from 'csv-stringify/sync'
import { createReconciliationActivities } from '../../activities/reconciliation.ts'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { readBalances } from '../../db/ledger.ts'
import { listOpenFindings } from '../../db/reconciliation-findings.ts'
import type { ReconciliationInput } from '../../domain/reconciliation.ts'
import { shillings } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  ORIGIN,
  readProblem,
  type TestApi,
} from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count, nextReceipt } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const HEADER =
  'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,Other Party Info,A/C No.'.split(
    ',',
  )
let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let started: ReconciliationInput[] = []
let books: ReturnType<typeof createReconciliationActivities>

beforeAll(async () => {
  db = await createTestDatabase()
  books = createReconciliationActivities({ db, now: () => new Date() })
  const reconcile = (input: ReconciliationInput) => Promise.resolve(void started.push(input))
  const deps = buildDeps(db, { workflows: buildWorkflows({ reconcile }) })
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())
beforeEach(() => {
  started = []
})

const statement = (
  ...rows: [receipt: string, paidIn: string, withdrawn: string, details: string][]
) =>
  stringify([
    HEADER,
    ...rows.map(([receipt, paidIn, withdrawn, details], index) => [
      receipt,
      `20-11-2026 10:0${index}:00`,
      details,
      'Completed',
      paidIn,
      withdrawn,
      '1,000.00',
      '',
      '',
      '',
    ]),
  ])

async function enter(who: string): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/finance/reconciliation')
  return visitor
}
async function bearer(who: string): Promise<Record<string, string>> {
  const body = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
  const answer = await api.post('/auth/login', body)
  const { access_token } = (await answer.json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}
const upload = (headers: Record<string, string>, text: string, key: string = randomUUID()) => {
  const body = new FormData()
  body.set('file', new File([text], 'statement.csv', { type: 'text/csv' }))
  return api.request('/reconciliations/statements', {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': key },
    body,
  })
}

describe('a statement over the API', () => {
  it('is imported once for each key, and its lines can be read, as CSV too', async () => {
    const headers = await bearer('finance')
    const [key, text] = [randomUUID(), statement([nextReceipt(), '1,500.00', '', 'Pay Bill'])]
    const first = await upload(headers, text, key)
    expect(first.status).toBe(202)
    const run = (await first.json()) as { id: string }
    expect(run).toMatchObject({ kind: 'statement', status: 'running', read_lines: 1, new_lines: 1 })
    expect(first.headers.get('location')).toBe(`/api/v1/reconciliations/${run.id}`)
    expect(await (await upload(headers, text, key)).json()).toMatchObject({ id: run.id })
    expect(new Set(started.map(({ runId }) => runId))).toEqual(new Set([run.id]))
    const other = statement([nextReceipt(), '1.00', '', ''])
    expect((await upload(headers, other, key)).status).toBe(422)
    const lines = await api.get(`/reconciliations/${run.id}/lines`, headers)
    expect(await lines.json()).toMatchObject({ items: [{ amount: '1500.00', state: 'open' }] })
    const csv = await api.get(`/reconciliations/${run.id}/lines`, {
      ...headers,
      accept: 'text/csv',
    })
    expect(await csv.text()).toContain('1500.00')
  })

  it('that is another file is refused with the column’s name, and nothing is imported', async () => {
    const before = await count(db, 'provider_lines')
    const refused = await upload(await bearer('finance'), 'a,b\n1,2\n')
    expect(refused.status).toBe(400)
    expect(await readProblem(refused)).toMatchObject({
      code: 'INVALID_INPUT',
      detail: expect.stringContaining('Receipt No.') as unknown,
    })
    const half = statement([nextReceipt(), '5.00', '', ''], [nextReceipt(), 'much', '', ''])
    expect((await upload(await bearer('finance'), half)).status).toBe(400)
    expect(await count(db, 'provider_lines')).toBe(before)
    expect(started).toEqual([])
  })

  it.each([
    ['wanjiku', 403],
    ['desk', 403],
    ['manager', 403],
  ])('is refused to %s', async (who, status) => {
    expect((await upload(await bearer(who), statement())).status).toBe(status)
  })

  it('larger than a form may be is taken, larger than 5 MB is not', async () => {
    const text = statement([nextReceipt(), '1.00', '', 'Pay Bill '.repeat(20_000)])
    expect(text.length).toBeGreaterThan(100_000)
    expect((await upload(await bearer('finance'), text)).status).toBe(202)
    const huge = await upload(await bearer('finance'), 'x'.repeat(6 * 1024 * 1024))
    expect(huge.status).toBe(413)
  })
})

describe('a run', () => {
  it('by hand needs a key, starts once and can be read', async () => {
    const headers = await bearer('finance')
    expect((await api.post('/reconciliations', { kind: 'pull' }, headers)).status).toBe(400)
    const keyed = { ...headers, 'idempotency-key': randomUUID() }
    const answer = await api.post('/reconciliations', { kind: 'pull' }, keyed)
    expect(answer.status).toBe(202)
    const { id } = (await answer.json()) as { id: string }
    expect(started).toEqual([{ runId: id, kind: 'pull', actorId: expect.any(String) }])
    expect((await api.post('/reconciliations', { kind: 'full' }, keyed)).status).toBe(422)
    const read = await api.get(`/reconciliations/${id}`, await bearer('manager'))
    expect(await read.json()).toMatchObject({ id, status: 'running', difference: null })
    const list = await api.get('/reconciliations?limit=1', headers)
    expect(await list.json()).toMatchObject({ items: [{ id }] })
    expect((await api.get(`/reconciliations/${randomUUID()}`, headers)).status).toBe(404)
  })
})

const send = (
  visitor: Visitor,
  path: string,
  csrf: string,
  fields: Record<string, string | File>,
) => {
  const body = new FormData()
  body.set('_csrf', csrf)
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  return app.request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { origin: ORIGIN, cookie: `__Host-sid=${visitor.session}` },
    body,
  })
}
const csv = (text: string) => new File([text], 'file.csv', { type: 'text/csv' })

describe('the pages', () => {
  it.each([
    ['wanjiku', 403],
    ['desk', 403],
    ['manager', 200],
    ['finance', 200],
  ])('are seen by %s with %i', async (who, status) => {
    expect((await (await enter(who)).get('/finance/reconciliation')).status).toBe(status)
  })

  it('take a statement, compare it, and lead from the finding to its explanation', async () => {
    const visitor = await enter('finance')
    const token = await visitor.token('/finance/reconciliation')
    const receipt = nextReceipt()
    const text = statement([receipt, '', '700.00', 'Business Payment by hand'])
    const done = await send(visitor, '/finance/reconciliation/statements', token, {
      file: csv(text),
    })
    expect(done.status).toBe(303)
    const [{ runId } = { runId: '' }] = started
    await books.compareLines(runId)
    await books.compareStatementBalance(runId)
    await books.finishReconciliation(runId, true)
    const run = await (await visitor.get(done.headers.get('location') ?? '')).text()
    expect(run).toContain('KSh 1,000')
    expect(run).toContain(receipt)
    const finding = (await listOpenFindings(db, 1_000)).find(({ subject }) => subject === receipt)
    const path = `/finance/reconciliation/findings/${finding?.id}`
    expect(await (await visitor.get('/finance/reconciliation')).text()).toContain(path)
    expect((await visitor.post(`${path}/explain`, { reason: '', account: 'bank' })).status).toBe(
      400,
    )
    await visitor.get(path)
    const how = { reason: 'Paid to the garage from the portal', account: 'write_offs' }
    expect((await visitor.post(`${path}/explain`, how)).status).toBe(303)
    expect((await readBalances(db)).write_offs).toBe(shillings(700))
    await visitor.get(path)
    expect((await visitor.post(`${path}/explain`, how)).status).toBe(409)
    expect((await (await enter('manager')).post(`${path}/explain`, how)).status).toBe(403)
  })

  it('say what is wrong with a file, and forged ones are refused', async () => {
    const visitor = await enter('finance')
    const token = await visitor.token('/finance/reconciliation')
    const wrong = await send(visitor, '/finance/reconciliation/statements', token, {
      file: csv('a,b\n1,2\n'),
    })
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('Receipt No.')
    const forged = await send(visitor, '/finance/reconciliation/statements', 'guess', {
      file: csv(''),
    })
    expect(forged.status).toBe(403)
  })

  it('show a bank’s file before it is imported', async () => {
    const visitor = await enter('finance')
    const token = await visitor.token('/finance/reconciliation/bank')
    const text = 'Date,Details,Credit,Debit\n21/11/2026,"RENT, NOVEMBER",,"1,200.00"\n'
    const columns = { date: 'Date', description: 'Details', credit: 'Credit', debit: 'Debit' }
    const path = '/finance/reconciliation/bank'
    const wrong = await send(visitor, path, token, { ...columns, credit: 'In', file: csv(text) })
    expect(wrong.status).toBe(400)
    const preview = await send(visitor, path, token, {
      ...columns,
      step: 'preview',
      file: csv(text),
    })
    expect(await preview.text()).toContain('1 lines would be imported')
    expect(started).toEqual([])
    const done = await send(visitor, path, token, { ...columns, step: 'import', text })
    expect(done.status).toBe(303)
    const [{ runId } = { runId: '' }] = started
    await books.matchBankLines(runId)
    const findings = await listOpenFindings(db, 10_000)
    expect(findings.map(({ kind }) => kind)).toContain('bank_line')
  })
})
