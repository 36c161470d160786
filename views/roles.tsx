/** All roles: what each is for, from whom it inherits, and how many people have it. */
import type { RolesPage } from '../domain/people-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { PeopleNav } from './parts/people-nav.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { roleText } from './people.tsx'

type Row = RolesPage['rows'][number]

const allows = ({ permissions, inherited }: Row): string => {
  const own = permissions.length === 1 ? '1 thing' : `${permissions.length} things`
  return inherited.length === 0 ? own : `${own}, and ${inherited.length} inherited`
}

export const RolesView = ({ page, viewer }: { page: RolesPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Roles" width="wide">
    <PeopleNav viewer={viewer} here="/admin/roles" />
    <div class="title-row">
      <h1>Roles</h1>
      {page.mayCreate && (
        <a class="button" href="/admin/roles/new">
          New role
        </a>
      )}
    </div>
    <StaffTable
      label="Roles"
      heads={['Role', 'What it is for', 'Inherits from', 'Allows', { number: 'People' }]}
    >
      {page.rows.map((row) => (
        <tr>
          <td class="name">
            <a class="row-link" href={`/admin/roles/${row.name}`}>
              {roleText(row.name)}
            </a>
          </td>
          <td class="whole">{row.description}</td>
          <td>{row.parent ? roleText(row.parent) : ''}</td>
          <td class="whole">{allows(row)}</td>
          <td class="number" data-label="People">
            {row.name === 'customer' ? 'all customers' : row.people}
          </td>
        </tr>
      ))}
    </StaffTable>
  </Layout>
)
