/** A customer's loyalty points, for whoever works here; some may give and take them, and say why. */
import { ADJUSTMENT_REASON_LENGTH, MOST_ADJUSTED } from '../domain/loyalty.ts'
import type { StaffLoyaltyPage } from '../domain/loyalty-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { grouped, PointsCard, PointsHistory } from './parts/points.tsx'

const t = speak('en')

type Props = { page: StaffLoyaltyPage; viewer: Viewer }

const Adjust = ({ page, viewer }: Props) => (
  <form method="post" action={`/desk/customers/${page.customer.id}/points`} class="card" novalidate>
    <h2>Give or take points</h2>
    <Csrf viewer={viewer} />
    <Hidden name="request_id" value={page.requestId} />
    <TextField
      path="points"
      label="Points"
      hint={`250 gives, -250 takes. At most ${grouped(MOST_ADJUSTED)} within a day.`}
      value={page.form['points'] ?? ''}
      maxlength={7}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="reason"
      label="Why"
      hint="The customer reads it, and it is kept."
      value={page.form['reason'] ?? ''}
      maxlength={ADJUSTMENT_REASON_LENGTH}
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button button-second">
      Change the points
    </button>
  </form>
)

export const StaffLoyaltyView = (props: Props) => {
  const { page, viewer } = props
  const path = `/desk/customers/${page.customer.id}/points`
  return (
    <Layout viewer={viewer} title={`Points of ${page.customer.name}`} width="wide">
      <h1>Loyalty points</h1>
      <p class="lead subject">
        {page.customer.name}, {page.customer.number}
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <PointsHistory page={page} t={t} path={path} />
        <div>
          <PointsCard page={page} t={t} />
          {page.mayAdjust && <Adjust {...props} />}
        </div>
      </div>
    </Layout>
  )
}
