/** Who has an account: staff first, since that is whom administrators look for. */
import type { UserStatus } from '../domain/accounts.ts'
import type { PeopleKind, PeoplePage, PersonRow } from '../domain/people-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { Hidden } from './parts/form.tsx'
import { PeopleNav } from './parts/people-nav.tsx'
import { SearchForm } from './parts/search-form.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'

const KINDS: Record<PeopleKind, string> = { staff: 'Staff', customers: 'Customers' }

const STATES: Record<UserStatus, { tone: Tone; text: string }> = {
  active: { tone: 'good', text: 'Active' },
  inactive: { tone: 'ended', text: 'Not active' },
  suspended: { tone: 'attention', text: 'Suspended' },
  deleted: { tone: 'ended', text: 'Erased' },
}

export const StateChip = ({ status }: { status: UserStatus }) => <Chip {...STATES[status]} />

const pathOf = (wish: Record<string, string | null>): string => {
  const set = Object.entries(wish).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return `/admin/people?${new URLSearchParams(set).toString()}`
}

/** `night_desk` is written as people say it. */
export const roleText = (name: string): string => name.replaceAll('_', ' ')

const Row = ({ row, now }: { row: PersonRow; now: Date }) => (
  <tr>
    <td class="name">
      <a class="row-link" href={`/admin/people/${row.id}`}>
        {row.name || 'No name'}
      </a>
    </td>
    <td class="subject whole">{row.email ?? row.customerNumber ?? ''}</td>
    <td class="nowrap">{row.maskedPhone}</td>
    <td class="whole">{row.roles.map(roleText).join(', ')}</td>
    <td>
      <StateChip status={row.status} />
    </td>
    <td class="nowrap">
      {row.lastLoginAt ? <Time at={row.lastLoginAt} now={now} /> : <span class="quiet">never</span>}
    </td>
  </tr>
)

const Found = ({ page }: { page: PeoplePage }) =>
  page.rows.length === 0 ? (
    <div class="card empty">
      <h2>{page.search ? 'Nobody matches' : 'Nobody yet'}</h2>
      <p>
        <a href="/admin/people">Show all staff</a>
      </p>
    </div>
  ) : (
    <StaffTable
      label="People"
      heads={['Name', 'E-mail or number', 'Phone', 'Roles', 'State', 'Last signed in']}
    >
      {page.rows.map((row) => (
        <Row row={row} now={page.now} />
      ))}
    </StaffTable>
  )

export const PeopleView = ({ page, viewer }: { page: PeoplePage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="People" width="wide">
    <PeopleNav viewer={viewer} here="/admin/people" />
    <div class="title-row">
      <h1>People</h1>
      {page.mayInvite && (
        <a class="button" href="/admin/people/new">
          Invite somebody
        </a>
      )}
    </div>
    <SearchForm
      action="/admin/people"
      label="Name, e-mail, customer number, or a whole phone number"
      search={page.search}
    >
      <Hidden name="kind" value={page.kind} />
    </SearchForm>
    <nav class="page-links filters" aria-label="Kinds of people">
      {(Object.keys(KINDS) as PeopleKind[]).map((kind) => (
        <a
          href={pathOf({ kind, q: page.search })}
          aria-current={page.kind === kind ? 'true' : undefined}
        >
          {KINDS[kind]}
        </a>
      ))}
    </nav>
    <Found page={page} />
    {page.next && (
      <p class="page-links">
        <a href={pathOf({ kind: page.kind, q: page.search, cursor: page.next })}>Older accounts</a>
      </p>
    )}
  </Layout>
)
