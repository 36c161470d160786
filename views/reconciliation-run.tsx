/** One comparison: what it read, how much of it fits, and its lines. */
import { toDecimal } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import type { LineRow, RunPage } from '../domain/reconciliation-pages.ts'
import { Layout } from './layout.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Money } from './parts/money.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { RunChip, runName } from './reconciliation.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const Figures = ({ page: { run } }: { page: RunPage }) => (
  <dl class="figures">
    {(
      [
        ['Lines read', run.readLines],
        ['Of these new', run.newLines],
        ['Matched', run.matched],
        ['Explained', run.explained],
        ['Left over', run.leftOver],
      ] as const
    ).map(([name, value]) => (
      <div class="card">
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const Balance = ({ page: { run, now } }: { page: RunPage }) =>
  run.ledger === null || run.provider === null || run.balanceAt === null ? null : (
    <dl class="fact-list">
      <dt>Balance on</dt>
      <dd>
        <Time at={run.balanceAt} now={now} />
      </dd>
      <dt>M-Pesa says</dt>
      <dd>
        <Money amount={run.provider} />
      </dd>
      <dt>The ledger says</dt>
      <dd>
        <Money amount={run.ledger} />
      </dd>
      <dt>Difference</dt>
      <dd>{run.difference === 0 ? 'none' : run.difference && <Money amount={run.difference} />}</dd>
    </dl>
  )

const STATES: Record<LineRow['state'], { tone: Tone; text: string }> = {
  open: { tone: 'attention', text: 'Open' },
  matched: { tone: 'good', text: 'Matched' },
  explained: { tone: 'done', text: 'Explained' },
}

const Line = ({ line, now }: { line: LineRow; now: Date }) => {
  const [what, id = ''] = (line.matchedTo ?? '').split(':')
  return (
    <tr>
      <td class="nowrap">
        <Time at={line.at} now={now} />
      </td>
      <td class="subject">
        {what === 'payment' ? <a href={`/finance/payments/${id}`}>{line.key}</a> : line.key}
      </td>
      <td class="subject">{line.explanation ?? line.reference ?? line.details}</td>
      <td>
        <Chip {...STATES[line.state]} />
      </td>
      <td class="number">
        {line.direction === 'in' ? '+' : '−'} <Money amount={line.amount} />
        <span class="visually-hidden"> ({toDecimal(line.amount)})</span>
      </td>
    </tr>
  )
}

const noLines = ({ run }: RunPage): string =>
  run.status === 'running'
    ? 'Gari is still reading and comparing. Refresh this page to see what it found.'
    : 'Every line of it was known from earlier comparisons.'

const Lines = ({ page }: { page: RunPage }) =>
  page.lines.length === 0 ? (
    <p class="card">{noLines(page)}</p>
  ) : (
    <StaffTable
      label="New lines"
      heads={['Time', 'Receipt', 'Words', 'State', { number: 'Amount' }]}
    >
      {page.lines.map((line) => (
        <Line line={line} now={page.now} />
      ))}
    </StaffTable>
  )

export const RunView = ({ page, viewer }: { page: RunPage; viewer: Viewer }) => {
  const { run, now } = page
  return (
    <Layout viewer={viewer} title="Comparison" width="wide">
      <FinanceNav viewer={viewer} here="/finance/reconciliation" />
      <h1>{runName(run)}</h1>
      <p class="lead">
        <RunChip run={run} /> <Time at={run.from} now={now} /> to <Time at={run.to} now={now} />, by{' '}
        {run.startedBy}
      </p>
      <Figures page={page} />
      <Balance page={page} />
      {run.notes.length > 0 && (
        <ul class="alarms">
          {run.notes.map((note) => (
            <li>{note}</li>
          ))}
        </ul>
      )}
      <h2>New lines</h2>
      <Lines page={page} />
      <p class="page-links">
        {page.next && (
          <a
            class="button button-second"
            href={`/finance/reconciliation/${run.id}?cursor=${encodeURIComponent(page.next)}`}
          >
            Older lines
          </a>
        )}{' '}
        <a href={`/finance/reconciliation/${run.id}?format=csv`}>Download as CSV</a>
        {run.status === 'running' && <a href={viewer.path}>Refresh</a>}
        <a href="/finance/reconciliation">All comparisons</a>
      </p>
    </Layout>
  )
}
