/** Rules of prices: what is live, and what was. */
import type { PricesPage, ShownRule } from '../domain/price-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { changeText, conditionText, TYPE_WORDS } from '../domain/rule-words.ts'
import { Layout } from './layout.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { Chip } from './parts/status-chip.tsx'

const Row = ({ rule }: { rule: ShownRule }) => (
  <tr>
    <td class="name whole">
      <a class="row-link" href={`/admin/prices/${rule.id}`}>
        {rule.name}
      </a>
    </td>
    <td>{TYPE_WORDS[rule.type]}</td>
    <td class="whole">{conditionText(rule)}</td>
    <td class="nowrap">{changeText(rule)}</td>
    <td class="number" data-label="Priority">
      {rule.priority}
    </td>
    <td class="number" data-label="Used">
      {rule.code === null ? '' : rule.uses === null ? rule.used : `${rule.used} of ${rule.uses}`}
    </td>
    <td>
      {rule.closedAt ? <Chip tone="ended" text="Closed" /> : <Chip tone="good" text="Live" />}
    </td>
  </tr>
)

const Empty = ({ page }: { page: PricesPage }) => (
  <div class="card empty">
    <h2>{page.closed ? 'No rule was ever made' : 'No rule is live'}</h2>
    <p>Every price is what the category costs by the day and the hour.</p>
  </div>
)

export const PricesView = ({ page, viewer }: { page: PricesPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Prices" width="wide">
    <div class="title-row">
      <h1>Prices</h1>
      {page.mayCreate && (
        <a class="button" href="/admin/prices/new">
          New rule
        </a>
      )}
    </div>
    <p class="lead">
      Rates come first, then seasons day by day, then demand, returning customers and a code. Where
      several rules want the same place, the highest priority has it.
    </p>
    <nav class="page-links filters" aria-label="Which rules">
      <a href="/admin/prices" aria-current={page.closed ? undefined : 'true'}>
        Live
      </a>
      <a href="/admin/prices?closed=yes" aria-current={page.closed ? 'true' : undefined}>
        Closed ones, too
      </a>
    </nav>
    {page.rules.length === 0 ? (
      <Empty page={page} />
    ) : (
      <StaffTable
        label="Rules"
        heads={[
          'Name',
          'Type',
          'When',
          'Change',
          { number: 'Priority' },
          { number: 'Used' },
          'State',
        ]}
      >
        {page.rules.map((rule) => (
          <Row rule={rule} />
        ))}
      </StaffTable>
    )}
    {page.next && (
      <p class="page-links">
        <a
          href={`/admin/prices?${page.closed ? 'closed=yes&' : ''}cursor=${encodeURIComponent(page.next)}`}
        >
          Older rules
        </a>
      </p>
    )}
  </Layout>
)
