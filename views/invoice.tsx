/** One invoice for finance: what it says, what happened, and what can be done. */
import type { Child } from 'hono/jsx'
import type { FieldProblem } from '../domain/errors.ts'
import type { InvoicePage } from '../domain/invoice-pages.ts'
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { InvoiceChip } from './parts/status-chip.tsx'
import { Timeline } from './parts/timeline.tsx'

const t = speak('en')
type Props = { page: InvoicePage; viewer: Viewer }

const Figure = ({ name, children }: { name: string; children: Child }) => (
  <div class="card">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Lines = ({ page }: { page: InvoicePage }) => (
  <table class="price-lines">
    <caption class="visually-hidden">Lines</caption>
    <tbody>
      {page.lines.map((line) => (
        <tr>
          <th scope="row">{`${line.quantity} × ${line.description}`}</th>
          <td>
            <Money amount={line.gross} />
          </td>
        </tr>
      ))}
      <tr class="price-total">
        <th scope="row">{`Total, with ${formatKes(page.vat)} VAT`}</th>
        <td>
          <Money amount={page.gross} />
        </td>
      </tr>
    </tbody>
  </table>
)

type DeedProps = Props & { deed: string; label: string; children?: Child }
const Deed = ({ page, viewer, deed, label, children }: DeedProps) => (
  <form method="post" action={`/finance/invoices/${page.id}/${deed}`} class="card">
    <Csrf viewer={viewer} />
    <Hidden name="key" value={page.key} />
    {children}
    <button type="submit" class="button button-second">
      {label}
    </button>
  </form>
)

const field = (path: string, label: string) => (
  <TextField path={path} label={label} value="" problems={[]} t={t} maxlength={200} />
)

const Deeds = ({ page, viewer }: Props) => (
  <>
    {page.status === 'draft' && (
      <>
        <Deed page={page} viewer={viewer} deed="send" label="Issue and send it" />
        <Deed page={page} viewer={viewer} deed="cancel" label="Throw the draft away" />
      </>
    )}
    {page.number && page.status !== 'cancelled' && (
      <>
        <Deed page={page} viewer={viewer} deed="send" label="Send it again" />
        <Deed page={page} viewer={viewer} deed="credit" label="Write a credit note">
          <p class="hint">{`At most ${formatKes(page.creditable)} are left of it.`}</p>
          {field('credit_amount', 'Amount')}
          {field('reason', 'Reason')}
        </Deed>
      </>
    )}
    {page.onAccount && page.open > 0 && page.number && (
      <Deed page={page} viewer={viewer} deed="pay" label="Record the payment">
        {field('paid_amount', 'Amount on the bank statement')}
        {field('reference', 'The bank’s reference')}
      </Deed>
    )}
  </>
)

const problems = (page: InvoicePage): FieldProblem[] =>
  page.problem ? [{ path: '', message: page.problem }] : []

export const InvoiceView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title={page.number ?? 'Draft invoice'} width="wide">
    <FinanceNav here="/finance/invoices" />
    <ErrorSummary problems={problems(page)} t={t} />
    <h1>{page.number ?? 'Draft invoice'}</h1>
    <p>
      <InvoiceChip status={page.status} t={t} /> {page.ownerNumber}
    </p>
    <dl class="figures">
      <Figure name="Bill to">
        {[page.name, ...page.address, page.pin ?? '', page.email ?? ''].filter(Boolean).join(', ')}
      </Figure>
      <Figure name="Paid">
        <Money amount={page.paid} />
      </Figure>
      <Figure name="Still open">
        <Money amount={page.open} />
      </Figure>
      <Figure name="eTIMS">{page.etims}</Figure>
    </dl>
    <Lines page={page} />
    {page.number && (
      <p class="page-links">
        <a href={`/documents/invoices/${page.id}.pdf`}>Open the PDF</a>
        {page.notes.map(({ number, gross, reason, path }) => (
          <a href={path}>{`${number}: ${formatKes(gross)}, ${reason}`}</a>
        ))}
      </p>
    )}
    <Deeds page={page} viewer={viewer} />
    <h2>What happened</h2>
    <Timeline entries={page.history} t={t} now={page.now} />
  </Layout>
)

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
      <FinanceNav here="/finance/invoices" />
      <ErrorSummary problems={wrong} t={t} />
      <h1>New invoice</h1>
      <form method="post" action="/finance/invoices/new">
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
