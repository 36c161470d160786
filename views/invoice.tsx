/** One invoice for finance: what it says, what happened, and what can be done. */
import type { Child } from 'hono/jsx'
import type { FieldProblem } from '../domain/errors.ts'
import type { InvoicePage } from '../domain/invoice-pages.ts'
import { dayText } from '../domain/invoice-words.ts'
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

const BillTo = ({ page }: { page: InvoicePage }) => (
  <section class="card" aria-labelledby="bill-to">
    <h2 id="bill-to">Bill to</h2>
    <p class="name">
      <strong>{page.name}</strong>
      {[...page.address, page.pin ?? '', page.email ?? ''].filter(Boolean).map((line) => (
        <>
          <br />
          {line}
        </>
      ))}
    </p>
    <p class="quiet">{`eTIMS: ${page.etims}`}</p>
  </section>
)

const Figures = ({ page }: { page: InvoicePage }) => (
  <dl class="figures">
    <Figure name="Paid">
      <Money amount={page.paid} />
    </Figure>
    <Figure name="Credited">
      <Money amount={page.credited} />
    </Figure>
    <Figure name="Still open">
      <Money amount={page.open} />
    </Figure>
  </dl>
)

const Papers = ({ page }: { page: InvoicePage }) => (
  <p class="page-links">
    <a href={`/documents/invoices/${page.id}.pdf`}>Open the PDF</a>
    {page.notes.map(({ number, gross, reason, path }) => (
      <a href={path}>{`${number}: ${formatKes(gross)}, ${reason}`}</a>
    ))}
  </p>
)

export const InvoiceView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title={page.number ?? 'Draft invoice'} width="wide">
    <FinanceNav viewer={viewer} here="/finance/invoices" />
    <ErrorSummary problems={problems(page)} t={t} />
    <div class="title-row">
      <h1>{page.number ?? 'Draft invoice'}</h1>
      <InvoiceChip status={page.status} t={t} />
    </div>
    <p class="quiet">
      {[page.ownerNumber, page.dueAt ? `due ${dayText(new Date(page.dueAt.getTime() - 1))}` : '']
        .filter(Boolean)
        .join(', ')}
    </p>
    <Figures page={page} />
    <div class="two-columns">
      <div>
        <section class="card" aria-labelledby="lines">
          <h2 id="lines">Lines</h2>
          <Lines page={page} />
          {page.number && <Papers page={page} />}
        </section>
        <section class="card" aria-labelledby="history">
          <h2 id="history">What happened</h2>
          <Timeline entries={page.history} t={t} now={page.now} />
        </section>
      </div>
      <div>
        <BillTo page={page} />
        <Deeds page={page} viewer={viewer} />
      </div>
    </div>
  </Layout>
)
