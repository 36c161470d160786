/** One's own loyalty points: how many, what they are worth, when they run out, how they came and went. */
import { LEAST_SPENT, POINTS_LAST_MONTHS } from '../domain/loyalty.ts'
import type { LoyaltyPage } from '../domain/loyalty-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import { PointsCard, PointsHistory } from './parts/points.tsx'

export const LoyaltyView = ({ page, viewer }: { page: LoyaltyPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('pointsTitle')}>
      <h1>{t('pointsTitle')}</h1>
      <p class="lead">{t('pointsLead')}</p>
      <PointsCard page={page} t={t} />
      <section class="card" aria-labelledby="rules">
        <h2 id="rules">{t('pointsHow')}</h2>
        <p>{t('pointsEarn')}</p>
        <p>{t('pointsSpend', { least: LEAST_SPENT })}</p>
        <p>{t('pointsLast', { months: POINTS_LAST_MONTHS })}</p>
      </section>
      <PointsHistory page={page} t={t} path="/account/points" />
    </Layout>
  )
}
