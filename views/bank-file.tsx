/** A bank's file: which column is which, what would be imported, and only then the import. */
import { toDecimal, type Cents } from '../domain/money.ts'
import type { FieldProblem } from '../domain/errors.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, TextField } from './parts/form.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')

type Line = {
  at: Date
  direction: string
  amount: Cents
  reference: string | null
  details: string | null
}
export type BankFilePage = {
  columns: Record<string, string>
  problems: FieldProblem[]
  /** Null until a file was read. */
  preview: { text: string; total: number; lines: Line[] } | null
  now: Date
}

const COLUMNS: [name: string, label: string, optional: boolean][] = [
  ['date', 'Column with the date', false],
  ['description', 'Column with the description', false],
  ['credit', 'Column with money in', false],
  ['debit', 'Column with money out', false],
  ['reference', 'Column with the reference', true],
  ['balance', 'Column with the balance', true],
]

const Columns = ({ page }: { page: BankFilePage }) => (
  <>
    {COLUMNS.map(([path, label, optional]) => (
      <TextField
        path={path}
        label={label}
        value={page.columns[path] ?? ''}
        problems={page.problems}
        optional={optional}
        t={t}
      />
    ))}
  </>
)

const Preview = ({ page }: { page: BankFilePage }) => (
  <div class="table-scroll" tabindex={0} role="region" aria-label="The first lines of the file">
    <table class="staff-table">
      <tbody>
        {page.preview?.lines.map((line) => (
          <tr>
            <td class="nowrap">
              <Time at={line.at} now={page.now} />
            </td>
            <td class="subject">{line.reference}</td>
            <td class="subject">{line.details}</td>
            <td class="number">
              {line.direction === 'in' ? '+' : '−'} {toDecimal(line.amount)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

export const BankFileView = ({ page, viewer }: { page: BankFilePage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Bank file">
    <FinanceNav viewer={viewer} here="/finance/reconciliation" />
    <h1>
      {page.preview ? `${page.preview.total} lines would be imported` : 'Import a bank’s file'}
    </h1>
    <ErrorSummary problems={page.problems} t={t} />
    <form
      method="post"
      action="/finance/reconciliation/bank"
      enctype="multipart/form-data"
      class="card"
    >
      <Csrf viewer={viewer} />
      {page.preview ? (
        <>
          <Preview page={page} />
          <textarea name="text" hidden aria-hidden="true">
            {page.preview.text}
          </textarea>
          <button type="submit" name="step" value="import" class="button">
            Import and compare
          </button>
        </>
      ) : (
        <div class="field">
          <label for="field-file">The bank’s CSV file</label>
          <p class="hint">Nothing is imported before you have seen its first lines.</p>
          <input id="field-file" type="file" name="file" accept=".csv,text/csv" required />
        </div>
      )}
      <Columns page={page} />
      <button type="submit" name="step" value="preview" class="button button-second">
        Show what would be imported
      </button>
    </form>
  </Layout>
)
