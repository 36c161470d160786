/** Reconciliation: what waits for a person first, then the runs; and the ways to compare now. */
import type { Viewer } from '../domain/pages.ts'
import {
  FINDING_WORDS,
  type FindingRow,
  type ReconciliationPage,
  type RunRow,
} from '../domain/reconciliation-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, Hidden } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const t = speak('en')

const KINDS: Record<RunRow['kind'], string> = {
  pull: 'M-Pesa’s list',
  full: 'M-Pesa’s list and balance',
  statement: 'M-Pesa statement',
  bank: 'Bank file',
}
export const runName = (run: RunRow): string => KINDS[run.kind]

const STATUS: Record<RunRow['status'], { tone: Tone; text: string }> = {
  running: { tone: 'wait', text: 'Comparing' },
  clean: { tone: 'good', text: 'Nothing left over' },
  differences: { tone: 'attention', text: 'Left over' },
  incomplete: { tone: 'part', text: 'Not everything was read' },
}
export const RunChip = ({ run }: { run: RunRow }) => <Chip {...STATUS[run.status]} />

const Finding = ({ one, now }: { one: FindingRow; now: Date }) => (
  <tr>
    <td class="nowrap">
      <Time at={one.openedAt} now={now} />
    </td>
    <td class="name">
      <a class="row-link" href={`/finance/reconciliation/findings/${one.id}`}>
        {FINDING_WORDS[one.kind].title}
      </a>
    </td>
    <td class="subject">{one.subject}</td>
    <td class="number">
      <Money amount={one.amount} />
    </td>
  </tr>
)

const Worklist = ({ page }: { page: ReconciliationPage }) => (
  <section aria-labelledby="worklist">
    <h2 id="worklist">Left over</h2>
    {page.findings.length === 0 ? (
      <div class="card empty">
        <h3>Every shilling is explained</h3>
        <p>What does not fit appears here, with what to do about it.</p>
      </div>
    ) : (
      <StaffTable
        label="Left over"
        books
        heads={['Since', 'What', 'Receipt', { number: 'Amount' }]}
      >
        {page.findings.map((one) => (
          <Finding one={one} now={page.now} />
        ))}
      </StaffTable>
    )}
  </section>
)

const Run = ({ run, now }: { run: RunRow; now: Date }) => (
  <tr>
    <td class="nowrap">
      <Time at={run.startedAt} now={now} />
    </td>
    <td>
      <a class="row-link" href={`/finance/reconciliation/${run.id}`}>
        {runName(run)}
      </a>
    </td>
    <td>
      <RunChip run={run} />
    </td>
    <td class="number" data-label="New lines">
      {run.newLines}
    </td>
    <td class="number" data-label="Left over">
      {run.leftOver}
    </td>
    <td class="number" data-label="Difference">
      {run.difference === null ? '–' : <Money amount={run.difference} />}
    </td>
  </tr>
)

const Runs = ({ page }: { page: ReconciliationPage }) => (
  <section aria-labelledby="runs">
    <h2 id="runs">Comparisons</h2>
    {page.runs.length === 0 ? (
      <p class="card">
        None yet. M-Pesa’s list is read every hour by itself; a statement of the portal, or a file
        of the bank, is imported by finance.
      </p>
    ) : (
      <StaffTable
        books
        label="Comparisons"
        heads={[
          'Started',
          'With',
          'Result',
          { number: 'New lines' },
          { number: 'Left over' },
          { number: 'Difference' },
        ]}
      >
        {page.runs.map((run) => (
          <Run run={run} now={page.now} />
        ))}
      </StaffTable>
    )}
    {page.next && (
      <a
        class="button button-second"
        href={`/finance/reconciliation?cursor=${encodeURIComponent(page.next)}`}
      >
        Older comparisons
      </a>
    )}
  </section>
)

const Start = ({ viewer }: { viewer: Viewer }) => (
  <form method="post" action="/finance/reconciliation">
    <Csrf viewer={viewer} />
    <Hidden name="kind" value="full" />
    <button type="submit" class="button">
      Compare with M-Pesa now
    </button>
  </form>
)

const Upload = ({ viewer }: { viewer: Viewer }) => (
  <form
    method="post"
    action="/finance/reconciliation/statements"
    enctype="multipart/form-data"
    class="card"
  >
    <Csrf viewer={viewer} />
    <div class="field">
      <label for="field-file">Statement of the M-Pesa account</label>
      <p class="hint">The CSV file that M-Pesa’s portal exports.</p>
      <input id="field-file" type="file" name="file" accept=".csv,text/csv" required />
    </div>
    <button type="submit" class="button button-small">
      Import and compare
    </button>
  </form>
)

export const ReconciliationView = ({
  page,
  viewer,
}: {
  page: ReconciliationPage
  viewer: Viewer
}) => (
  <Layout viewer={viewer} title="Reconciliation" width="wide">
    <FinanceNav viewer={viewer} here="/finance/reconciliation" />
    <h1>Reconciliation</h1>
    <ErrorSummary problems={page.problems} t={t} />
    <Worklist page={page} />
    {page.mayReconcile && (
      <section aria-labelledby="compare">
        <h2 id="compare">Compare</h2>
        <Start viewer={viewer} />
        <Upload viewer={viewer} />
        <p class="page-links">
          <a href="/finance/reconciliation/bank">Import a file of the bank</a>
        </p>
      </section>
    )}
    <Runs page={page} />
  </Layout>
)
