/** Finance: a draft made by hand, for one person or company. */
import type { FieldProblem } from '../domain/errors.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'

const t = speak('en')

export type NewInvoiceForm = Record<'booking' | 'name' | 'pin' | 'address' | 'email', string>
type NewProps = { form: NewInvoiceForm; problems: FieldProblem[]; key: string; viewer: Viewer }

export const NewInvoiceView = ({ form, problems: wrong, key, viewer }: NewProps) => {
  const one = (path: keyof NewInvoiceForm, label: string, optional = true) => (
    <TextField
      path={path}
      label={label}
      value={form[path]}
      problems={wrong}
      t={t}
      optional={optional}
    />
  )
  return (
    <Layout viewer={viewer} title="New invoice">
      <FinanceNav viewer={viewer} here="/finance/invoices" />
      <h1>New invoice</h1>
      <p class="lead">It stays a draft, which anybody of finance may change, until it is sent.</p>
      <ErrorSummary problems={wrong} t={t} />
      <form method="post" action="/finance/invoices/new" class="card" novalidate>
        <Csrf viewer={viewer} />
        <Hidden name="key" value={key} />
        {one('booking', 'Booking number', false)}
        {one('name', 'Bill to', false)}
        {one('pin', 'KRA PIN')}
        {one('address', 'Address, parts separated by commas')}
        {one('email', 'E-mail')}
        <button type="submit" class="button">
          Make a draft
        </button>
      </form>
    </Layout>
  )
}
