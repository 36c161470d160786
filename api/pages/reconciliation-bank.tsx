/** Importing a bank's file in two steps: look at what would be imported, then import exactly that. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { mayReconcile } from '../../domain/policies.ts'
import { bankColumns, readBankFile, USUAL_COLUMNS } from '../../domain/schemas/bank-files.ts'
import { BankFileView, type BankFilePage } from '../../views/bank-file.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { importFile, textOf } from '../reconciliation-imports.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const SHOWN = 8

type Shown = Pick<BankFilePage, 'columns' | 'preview'>

async function show(c: Context<Env>, deps: ApiDeps, shown: Shown, problems: FieldProblem[] = []) {
  const page = { ...shown, problems, now: deps.now() }
  const view = <BankFileView viewer={await viewerOf(c, deps)} page={page} />
  return c.html(view, problems.length > 0 ? 400 : 200)
}

const columnsOf = (form: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.keys(USUAL_COLUMNS).map((name) => [
      name,
      typeof form[name] === 'string' ? form[name].trim() : '',
    ]),
  )

async function take(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, mayReconcile)
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const columns = columnsOf(form)
  try {
    const text = typeof form['text'] === 'string' ? form['text'] : await textOf(form['file'])
    const file = readBankFile(text, parseInput(bankColumns, columns))
    if (form['step'] !== 'import') {
      const preview = { text, total: file.lines.length, lines: file.lines.slice(0, SHOWN) }
      return await show(c, deps, { columns, preview })
    }
    const runId = randomUUID()
    await importFile(deps, { runId, kind: 'bank', actor, file })
    return c.redirect(`/finance/reconciliation/${runId}`, 303)
  } catch (error) {
    if (!(error instanceof BusinessError) || error.fields.length === 0) throw error
    return show(c, deps, { columns, preview: null }, error.fields)
  }
}

export function createBankFilePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/reconciliation/bank', (c) => {
    staff(c, mayReconcile)
    return show(c, deps, { columns: USUAL_COLUMNS, preview: null })
  })
  pages.post('/finance/reconciliation/bank', (c) => take(c, deps))
  return pages
}
