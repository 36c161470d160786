/** Companies whose people book on account: the list, and one company with its people. */
import type { CompaniesPage, CompanyPage } from '../domain/desk-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const t = speak('en')

export const CompaniesView = ({ page, viewer }: { page: CompaniesPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Companies" width="wide">
    <FinanceNav viewer={viewer} here="/finance/companies" />
    <div class="title-row">
      <h1>Companies</h1>
      <a class="button" href="/finance/companies/new">
        New company
      </a>
    </div>
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>No companies yet</h2>
        <p>A company’s people can book now and the company pays later, on invoice.</p>
      </div>
    ) : (
      <StaffTable
        label="Companies"
        heads={['Company', 'Number', 'KRA PIN', 'Terms', { number: 'Owes' }, { number: 'Limit' }]}
      >
        {page.rows.map((row) => (
          <tr>
            <td class="name">
              <a class="row-link" href={`/finance/companies/${row.id}`}>
                {row.name}
              </a>
              {!row.active && <span class="quiet"> (not active)</span>}
            </td>
            <td class="nowrap">{row.number}</td>
            <td class="nowrap">{row.kraPin}</td>
            <td>{`${row.termsDays} days`}</td>
            <td class="number" data-label="Owes">
              <Money amount={row.owed} />
            </td>
            <td class="number" data-label="Limit">
              <Money amount={row.creditLimit} />
            </td>
          </tr>
        ))}
      </StaffTable>
    )}
  </Layout>
)

type FieldSpec = {
  path: string
  label: string
  optional?: boolean
  inputmode?: 'numeric' | 'tel' | 'email'
}
const FIELDS: FieldSpec[] = [
  { path: 'name', label: 'Name' },
  { path: 'kra_pin', label: 'KRA PIN' },
  { path: 'line1', label: 'Billing address' },
  { path: 'line2', label: 'Second line', optional: true },
  { path: 'city', label: 'Town' },
  { path: 'postcode', label: 'Postcode', optional: true },
  { path: 'country', label: 'Country' },
  { path: 'contact_name', label: 'Whom we write to' },
  { path: 'contact_email', label: 'E-mail', inputmode: 'email' },
  { path: 'contact_phone', label: 'Mobile number', inputmode: 'tel' },
  { path: 'credit_limit', label: 'Credit limit in KSh', inputmode: 'numeric' },
  { path: 'terms_days', label: 'Days until an invoice is due', inputmode: 'numeric' },
]

type Props = { page: CompanyPage; viewer: Viewer }

const Facts = ({ page, viewer }: Props) => (
  <form
    method="post"
    action={page.company ? `/finance/companies/${page.company.id}` : '/finance/companies'}
    class="card"
    novalidate
  >
    <Csrf viewer={viewer} />
    <Hidden name="id" value={page.form['id'] ?? ''} />
    <Hidden name="version" value={page.form['version'] ?? ''} />
    {FIELDS.map((field) => (
      <TextField {...field} value={page.form[field.path] ?? ''} problems={page.problems} t={t} />
    ))}
    <label class="check">
      <input type="checkbox" name="active" value="yes" checked={page.form['active'] === 'yes'} />{' '}
      May book on account
    </label>
    <button type="submit" class="button">
      {page.company ? 'Save' : 'Make the company'}
    </button>
  </form>
)

const Members = ({ page, viewer }: Props) => {
  const { company } = page
  if (!company) return null
  const path = `/finance/companies/${company.id}/members`
  return (
    <section class="card" aria-labelledby="members">
      <h2 id="members">Who may book on its account</h2>
      {company.members.length === 0 && <p class="quiet">Nobody yet.</p>}
      <ul class="payments">
        {company.members.map((member) => (
          <li>
            <form method="post" action={`${path}/remove`} class="payment-line">
              <Csrf viewer={viewer} />
              <Hidden name="user_id" value={member.userId} />
              <span class="name">{`${member.name} ${member.email ?? ''}`}</span>
              <button type="submit" class="link-button">
                Remove
              </button>
            </form>
          </li>
        ))}
      </ul>
      <form method="post" action={path} novalidate>
        <Csrf viewer={viewer} />
        <TextField
          path="member_email"
          label="E-mail of the customer’s account"
          value={page.form['member_email'] ?? ''}
          inputmode="email"
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          Add
        </button>
      </form>
    </section>
  )
}

export const CompanyView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title={page.company?.name ?? 'New company'} width="wide">
    <FinanceNav viewer={viewer} here="/finance/companies" />
    <h1>{page.company?.name ?? 'New company'}</h1>
    {page.company && (
      <p class="quiet">
        {`${page.company.number}, owes `}
        <Money amount={page.company.owed} />
      </p>
    )}
    <ErrorSummary problems={page.problems} t={t} />
    <div class="two-columns">
      <Facts page={page} viewer={viewer} />
      <Members page={page} viewer={viewer} />
    </div>
  </Layout>
)
