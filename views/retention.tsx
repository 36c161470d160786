/** What we hold about people, why, how long, and what will go when. */
import type { Viewer } from '../domain/pages.ts'
import type { RetentionPage, RetentionRow } from '../domain/privacy-pages.ts'
import { Layout } from './layout.tsx'
import { whole } from './parts/numbers.ts'
import { PeopleNav } from './parts/people-nav.tsx'
import { StaffTable, type Head } from './parts/staff-table.tsx'
import { Time } from './parts/times.tsx'

const BASES = {
  contract: 'to do what was booked',
  law: 'the law asks for it',
  security: 'to keep people and us safe',
  consent: 'they allowed it',
} as const

const NOT_BY_NIGHT = {
  days: 'taken away every hour',
  tax: 'overwritten by night; none has passed yet',
  open: 'nothing of it goes by itself',
  books: 'nothing of it goes by itself',
} as const

const untilText = ({ period, from }: RetentionRow): string => {
  if (period.kind === 'open') return from
  if (period.kind === 'days') return `${period.days} days from ${from}`
  if (period.kind === 'books') return `as long as the books, from ${from}`
  return `five years after the end of the year of ${from}`
}

const Night = ({ row: { run, period }, now }: { row: RetentionRow; now: Date }) => {
  if (!run)
    return (
      <td colspan={4} class="quiet whole">
        {NOT_BY_NIGHT[period.kind]}
      </td>
    )
  return (
    <>
      <td class="number" data-label="Name somebody:">
        {whole(run.held)}
      </td>
      <td class="whole" data-label="Since">
        {run.oldest ? <Time at={run.oldest} now={now} /> : 'none'}
      </td>
      <td class="number" data-label="Go in 30 days:">
        {whole(run.soon)}
      </td>
      <td class="whole" data-label="Last night:">
        {whole(run.gone)}, <Time at={run.finishedAt} now={now} />
      </td>
    </>
  )
}

const HEADS: Head[] = [
  'Kind',
  'What for',
  'How long',
  'After an erasure',
  { number: 'Name somebody' },
  'Since',
  { number: 'Go in 30 days' },
  'Last night',
]

const called = (kind: string): string =>
  kind.slice(0, 1).toUpperCase() + kind.slice(1).replaceAll('_', ' ')

const Row = ({ row, now }: { row: RetentionRow; now: Date }) => (
  <tr>
    <th scope="row" class="whole">
      {called(row.kind)}
    </th>
    <td class="whole">
      {row.why} <span class="quiet">({BASES[row.basis]})</span>
    </td>
    <td class="whole" data-label="How long:">
      {untilText(row)}
    </td>
    <td class="whole" data-label="After an erasure:">
      {row.erased}
    </td>
    <Night row={row} now={now} />
  </tr>
)

export const RetentionView = ({ page, viewer }: { page: RetentionPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="What we hold, and until when" width="wide">
    <PeopleNav viewer={viewer} here="/admin/retention" />
    <h1>What we hold, and until when</h1>
    <p class="lead">
      Nothing that names people is kept longer than it is needed (Data Protection Act, 2019, section
      39; for money five years, Tax Procedures Act, 2015, section 23). What is over its time is
      overwritten every night; its sums stay. Numbers are of rows, as the last night counted them.
    </p>
    <StaffTable label="What we hold, and until when" heads={HEADS}>
      {page.rows.map((row) => (
        <Row row={row} now={page.now} />
      ))}
    </StaffTable>
  </Layout>
)
