/** Reconciliation's pages: runs, the worklist, and imports. Seen by finance and managers, moved by finance. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { mayAllocateMoney, mayReconcile, maySeeReconciliation } from '../../domain/policies.ts'
import { explanationRequest } from '../../domain/schemas/reconciliation.ts'
import { readStatement } from '../../domain/schemas/statements.ts'
import { inTransaction } from '../../db/connection.ts'
import { listLines } from '../../db/provider-lines.ts'
import { explainFinding, findFinding, listOpenFindings } from '../../db/reconciliation-findings.ts'
import { findRun, listRuns } from '../../db/reconciliation-runs.ts'
import { FindingView } from '../../views/reconciliation-finding.tsx'
import { RunView } from '../../views/reconciliation-run.tsx'
import { ReconciliationView } from '../../views/reconciliation.tsx'
import { csvResponse, wantsCsv } from '../csv.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam } from '../input.ts'
import { LINE_COLUMNS, toLineRow } from '../reconciliation-bodies.ts'
import { importFile, textOf } from '../reconciliation-imports.ts'
import { startRun } from '../reconciliations.ts'
import { assertCsrf } from '../sessions.ts'
import { createBankFilePages } from './reconciliation-bank.tsx'
import { bankChoices, createBankGivePages } from './reconciliation-give.tsx'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 30
const LINES = 100
const CSV_ROWS = 20_000
const MOST_FINDINGS = 200

async function showAll(c: Context<Env>, deps: ApiDeps, problems: FieldProblem[] = []) {
  const actor = staff(c, maySeeReconciliation)
  const { items: runs, next } = await listRuns(deps.db, c.req.query('cursor'), PAGE_SIZE)
  const page = {
    runs,
    next,
    findings: await listOpenFindings(deps.db, MOST_FINDINGS),
    mayReconcile: mayReconcile(actor),
    problems,
    now: deps.now(),
  }
  const view = <ReconciliationView viewer={await viewerOf(c, deps)} page={page} />
  return c.html(view, problems.length > 0 ? 400 : 200)
}

async function showRun(c: Context<Env>, deps: ApiDeps) {
  staff(c, maySeeReconciliation)
  const run = await findRun(deps.db, idParam(c))
  if (!run) throw new BusinessError('NOT_FOUND', 'We have no such comparison.')
  const cursor = c.req.query('cursor')
  const csv = wantsCsv(c)
  const wanted = { runId: run.id, ...(cursor && !csv ? { cursor } : {}) }
  const { items: lines, next } = await listLines(deps.db, wanted, csv ? CSV_ROWS : LINES)
  if (csv) return csvResponse(c, 'reconciliation', LINE_COLUMNS, lines.map(toLineRow))
  const page = { run, lines, next, now: deps.now() }
  return c.html(<RunView viewer={await viewerOf(c, deps)} page={page} />)
}

type Form = { reason: string; account: string }

async function showFinding(
  c: Context<Env>,
  deps: ApiDeps,
  form: Form = { reason: '', account: 'none' },
  problems: FieldProblem[] = [],
) {
  const actor = staff(c, maySeeReconciliation)
  const finding = await findFinding(deps.db, idParam(c))
  if (!finding) throw new BusinessError('NOT_FOUND', 'We have no such finding.')
  const choices = mayAllocateMoney(actor) ? await bankChoices(c, deps, finding.id) : null
  const may = { mayReconcile: mayReconcile(actor) }
  const page = { finding, choices, ...may, form, problems, now: deps.now() }
  const view = <FindingView viewer={await viewerOf(c, deps)} page={page} />
  return c.html(view, problems.length > 0 ? 400 : 200)
}

/** Throws for everybody who may not move things here. */
async function financeForm(c: Context<Env>) {
  const actor = staff(c, mayReconcile)
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  return { actor, form }
}

async function explain(c: Context<Env>, deps: ApiDeps) {
  const { actor, form } = await financeForm(c)
  const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
  const typed = { reason: text('reason'), account: text('account') }
  const read = explanationRequest.safeParse(typed)
  if (!read.success) return showFinding(c, deps, typed, fieldProblems(read.error))
  const wish = { findingId: idParam(c), actorId: actor.userId, ...read.data }
  await inTransaction(deps.db, (tx) => explainFinding(tx, wish))
  return c.redirect('/finance/reconciliation', 303)
}

async function upload(c: Context<Env>, deps: ApiDeps) {
  const { actor, form } = await financeForm(c)
  try {
    const file = readStatement(await textOf(form['file']))
    const runId = randomUUID()
    await importFile(deps, { runId, kind: 'statement', actor, file })
    return c.redirect(`/finance/reconciliation/${runId}`, 303)
  } catch (error) {
    if (!(error instanceof BusinessError) || error.fields.length === 0) throw error
    return showAll(c, deps, error.fields)
  }
}

export function createReconciliationPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/reconciliation', (c) => showAll(c, deps))
  pages.post('/finance/reconciliation', async (c) => {
    const { actor, form } = await financeForm(c)
    const runId = randomUUID()
    const kind = form['kind'] === 'pull' ? 'pull' : 'full'
    await startRun(deps, { runId, kind, actorId: actor.userId })
    return c.redirect(`/finance/reconciliation/${runId}`, 303)
  })
  pages.post('/finance/reconciliation/statements', (c) => upload(c, deps))
  pages.route('/', createBankFilePages(deps))
  pages.route('/', createBankGivePages(deps))
  pages.get('/finance/reconciliation/findings/:id', (c) => showFinding(c, deps))
  pages.post('/finance/reconciliation/findings/:id/explain', (c) => explain(c, deps))
  pages.get('/finance/reconciliation/:id', (c) => showRun(c, deps))
  return pages
}
