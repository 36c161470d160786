/** Papers that wait to be looked at, and one of them beside what we know of its licence. For staff. */
import { needsDay, REFUSAL_REASONS } from '../domain/identity-documents.ts'
import type { ReviewListPage, ReviewPage } from '../domain/identity-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { IdentityChip, lastDay } from './identity.tsx'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, SelectField, TextField } from './parts/form.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')
const LIST = '/desk/identity-documents'

type ListProps = { page: ReviewListPage; viewer: Viewer }

const Rows = ({ page }: { page: ReviewListPage }) => (
  <StaffTable label="Papers to look at" heads={['Came', 'Customer', 'Number', 'What']}>
    {page.rows.map((row) => (
      <tr>
        <td class="nowrap">
          <Time at={row.receivedAt} now={page.now} />
        </td>
        <td class="name">
          <a class="row-link" href={`${LIST}/${row.id}`}>
            {row.customerName || 'No name'}
          </a>
        </td>
        <td class="nowrap">{row.customerNumber}</td>
        <td>{t(`kind_${row.kind}`)}</td>
      </tr>
    ))}
  </StaffTable>
)

export const IdentityReviewsView = ({ page, viewer }: ListProps) => (
  <Layout viewer={viewer} title="Papers to look at" width="wide">
    <h1>Papers to look at</h1>
    <p class="lead">Who has waited longest comes first.</p>
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>Nothing waits</h2>
        <p>
          <a href="/desk">Back to the desk</a>
        </p>
      </div>
    ) : (
      <Rows page={page} />
    )}
    {page.next && (
      <p class="page-links">
        <a href={`${LIST}?cursor=${encodeURIComponent(page.next)}`}>Later ones</a>
      </p>
    )}
  </Layout>
)

type Props = { page: ReviewPage; viewer: Viewer }

const Picture = ({ page, viewer }: Props) => {
  const { document, seen } = page
  const name = t(`kind_${document.kind}`)
  return (
    <section class="card" aria-labelledby="picture">
      <h2 id="picture">{name}</h2>
      <p>
        <IdentityChip document={document} t={t} />{' '}
        <span class="quiet">
          came <Time at={document.receivedAt} now={page.now} />
        </span>
      </p>
      {seen?.pictureUrl && (
        <p class="picture picture-large">
          <img
            src={seen.pictureUrl}
            alt={`${name} of ${page.customer.name}`}
            width={document.width}
            height={document.height}
          />
        </p>
      )}
      {!document.hasPicture && <p>The picture is gone.</p>}
      {!seen && document.hasPicture && (
        <form method="post" action={`${LIST}/${document.id}`}>
          <Csrf viewer={viewer} />
          <button class="button button-second">Show the picture</button>
          <p class="quiet">The audit says who looked, and when.</p>
        </form>
      )}
    </section>
  )
}

const Known = ({ page }: { page: ReviewPage }) => (
  <section class="card" aria-labelledby="known">
    <h2 id="known">What we know</h2>
    <dl class="facts">
      <dt>Name</dt>
      <dd class="name">{page.customer.name}</dd>
      <dt>Customer</dt>
      <dd>
        <a href={`/desk/customers/${page.customer.id}/identity`}>{page.customer.number}</a>
      </dd>
      {page.seen && (
        <>
          <dt>Born</dt>
          <dd>{page.seen.bornOn ?? 'not known'}</dd>
        </>
      )}
      <dt>Licence</dt>
      <dd class="subject">{page.licence?.number ?? 'not known'}</dd>
      <dt>Country</dt>
      <dd>{page.licence?.country || 'not known'}</dd>
      <dt>Its last day</dt>
      <dd>{page.licence?.expiresOn ?? 'not known'}</dd>
      {page.document.validUntil && (
        <>
          <dt>Accepted until</dt>
          <dd>{lastDay(page.document.validUntil, t, page.now)}</dd>
        </>
      )}
    </dl>
  </section>
)

const WORDS = {
  unreadable: 'Cannot be read',
  cut_off: 'A part is cut off',
  other_paper: 'Another paper, or the other side',
  over: 'No longer valid',
  other_person: 'Another person’s name',
  not_the_paper: 'A copy or a screen, not the paper',
} as const

const Decide = ({ page, viewer }: Props) => {
  const path = `${LIST}/${page.document.id}`
  return (
    <section class="card" aria-labelledby="decide">
      <h2 id="decide">Decide</h2>
      <form method="post" action={`${path}/acceptance`} novalidate>
        <Csrf viewer={viewer} />
        <TextField
          path="valid_until"
          label="Last day on which it is good"
          hint="As it is printed on the paper."
          value={page.form['valid_until'] ?? page.licence?.expiresOn ?? ''}
          type="date"
          optional={!needsDay(page.document.kind)}
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button">
          Accept this paper
        </button>
      </form>
      <form method="post" action={`${path}/refusal`} novalidate>
        <Csrf viewer={viewer} />
        <SelectField
          path="reason"
          label="Why not"
          hint="The customer reads it in their language."
          value={page.form['reason'] ?? 'unreadable'}
          options={REFUSAL_REASONS.map((value) => ({ value, text: WORDS[value] }))}
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          Refuse it
        </button>
      </form>
    </section>
  )
}

export const IdentityReviewView = ({ page, viewer }: Props) => {
  const title = `${t(`kind_${page.document.kind}`)}: ${page.customer.name}`
  return (
    <Layout viewer={viewer} title={title} width="wide">
      <h1>{title}</h1>
      <p class="lead">
        <a href={LIST}>All papers to look at</a>
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <Picture page={page} viewer={viewer} />
        <div>
          <Known page={page} />
          {page.mayDecide && page.seen && page.document.status === 'received' && (
            <Decide page={page} viewer={viewer} />
          )}
        </div>
      </div>
    </Layout>
  )
}
