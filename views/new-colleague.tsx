/** An account for somebody who works here. */
import type { NewColleaguePage } from '../domain/people-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, SelectField, TextField } from './parts/form.tsx'
import { PeopleNav } from './parts/people-nav.tsx'

const t = speak('en')

const FIELDS = [
  { path: 'first_name', label: 'First name', autocomplete: 'off' },
  { path: 'last_name', label: 'Last name', autocomplete: 'off' },
  { path: 'email', label: 'E-mail', inputmode: 'email' },
  { path: 'phone', label: 'Mobile number', inputmode: 'tel', optional: true },
] as const

export const NewColleagueView = ({ page, viewer }: { page: NewColleaguePage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Invite somebody" width="wide">
    <PeopleNav viewer={viewer} here="/admin/people" />
    <h1>Invite somebody</h1>
    <p class="lead">
      They get a mail with a link, good for a week, and choose a password. You give them roles on
      the next page.
    </p>
    <ErrorSummary problems={page.problems} t={t} />
    <form method="post" action="/admin/people" class="card" novalidate>
      <Csrf viewer={viewer} />
      {FIELDS.map((field) => (
        <TextField {...field} value={page.form[field.path] ?? ''} problems={page.problems} t={t} />
      ))}
      <SelectField
        path="kind"
        label="They are"
        value={page.form['kind'] ?? 'employee'}
        options={[
          { value: 'employee', text: 'somebody who works here' },
          { value: 'admin', text: 'an administrator of accounts' },
        ]}
        problems={page.problems}
        t={t}
      />
      <button type="submit" class="button">
        Send the invitation
      </button>
    </form>
  </Layout>
)
