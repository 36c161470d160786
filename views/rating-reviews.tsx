/** Customers who wait for a person to look at their rating. For staff. */
import type { Viewer } from '../domain/pages.ts'
import type { RatingReviewsPage } from '../domain/rating-pages.ts'
import { Layout } from './layout.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { Time } from './parts/times.tsx'

const LIST = '/desk/rating-reviews'
/** Enough to know what it is about. */
const SHOWN = 160
const short = (words: string): string =>
  words.length > SHOWN ? `${words.slice(0, SHOWN - 1)}…` : words

const Rows = ({ page }: { page: RatingReviewsPage }) => (
  <StaffTable label="Ratings to look at" heads={['Asked', 'Customer', 'Number', 'What they say']}>
    {page.rows.map((row) => (
      <tr>
        <td class="nowrap">
          <Time at={row.askedAt} now={page.now} />
        </td>
        <td class="name">
          <a href={`/desk/customers/${row.customerId}/rating`}>{row.customerName || 'No name'}</a>
        </td>
        <td class="nowrap">{row.customerNumber}</td>
        <td class="subject">{short(row.words)}</td>
      </tr>
    ))}
  </StaffTable>
)

type Props = { page: RatingReviewsPage; viewer: Viewer }

export const RatingReviewsView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title="Ratings to look at" width="wide">
    <h1>Ratings to look at</h1>
    <p class="lead">These customers ask for a person. Who has waited longest comes first.</p>
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>Nobody waits</h2>
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
