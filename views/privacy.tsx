/** How we treat people's data, for everybody: who decides, what for, and how long. */
import type { Viewer } from '../domain/pages.ts'
import type { PrivacyPage, PrivacyRow } from '../domain/privacy-pages.ts'
import type { KindOfData } from '../domain/retention.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'

/** What a customer has with us; the rest of the register is about people who work here. */
const SHOWN = {
  account: 'kind_account',
  addresses: 'kind_addresses',
  ratings: 'kind_ratings',
  signing_in: 'kind_signing_in',
  factors: 'kind_factors',
  bookings: 'kind_bookings',
  condition: 'kind_condition',
  charges: 'kind_charges',
  payments: 'kind_payments',
  refunds: 'kind_refunds',
  documents: 'kind_documents',
  reports: 'kind_reports',
  messages: 'kind_messages',
  marketing: 'kind_marketing',
  audit: 'kind_audit',
  alarms: 'kind_alarms',
  copies: 'kind_copies',
  rights: 'kind_rights',
} as const satisfies Partial<Record<KindOfData, Parameters<Say>[0]>>
const isShown = (kind: KindOfData): kind is keyof typeof SHOWN => kind in SHOWN

const untilText = ({ period }: PrivacyRow, t: Say): string =>
  period.kind === 'days' ? t('period_days', { n: period.days }) : t(`period_${period.kind}`)

const Kind = ({ row, t }: { row: PrivacyRow; t: Say }) => {
  const { kind, basis, erasure } = row
  if (!isShown(kind)) return null
  return (
    <section class="card" aria-labelledby={kind}>
      <h3 id={kind}>{t(SHOWN[kind])}</h3>
      <dl class="fact-list">
        <dt>{t('privacyWhy')}</dt>
        <dd>{t(`basis_${basis}`)}</dd>
        <dt>{t('privacyUntil')}</dt>
        <dd>{untilText(row, t)}</dd>
        <dt>{t('privacyErased')}</dt>
        <dd>{t(`erasure_${erasure}`)}</dd>
      </dl>
    </section>
  )
}

export const PrivacyView = ({ page, viewer }: { page: PrivacyPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('privacyTitle')}>
      <h1>{t('privacyTitle')}</h1>
      <p class="lead">{t('privacyLead', { name: page.controller, contact: page.contact })}</p>
      <section class="card">
        <p>{t('privacyRights')}</p>
        <p>{t('privacyCopy', { contact: page.contact })}</p>
        <p>{t('privacyShared')}</p>
        <p>{t('privacyComplain')}</p>
      </section>
      <h2>{t('privacyTable')}</h2>
      {page.rows.map((row) => (
        <Kind row={row} t={t} />
      ))}
    </Layout>
  )
}
