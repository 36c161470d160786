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
  signing_in: 'kind_signing_in',
  factors: 'kind_factors',
  bookings: 'kind_bookings',
  charges: 'kind_charges',
  payments: 'kind_payments',
  refunds: 'kind_refunds',
  documents: 'kind_documents',
  reports: 'kind_reports',
  messages: 'kind_messages',
  audit: 'kind_audit',
  alarms: 'kind_alarms',
  rights: 'kind_rights',
} as const satisfies Partial<Record<KindOfData, Parameters<Say>[0]>>
const isShown = (kind: KindOfData): kind is keyof typeof SHOWN => kind in SHOWN

const untilText = ({ period }: PrivacyRow, t: Say): string =>
  period.kind === 'days' ? t('period_days', { n: period.days }) : t(`period_${period.kind}`)

const Row = ({ row, t }: { row: PrivacyRow; t: Say }) => {
  const { kind, basis, erasure } = row
  if (!isShown(kind)) return null
  return (
    <tr>
      <th scope="row">{t(SHOWN[kind])}</th>
      <td>{t(`basis_${basis}`)}</td>
      <td>{untilText(row, t)}</td>
      <td>{t(`erasure_${erasure}`)}</td>
    </tr>
  )
}

export const PrivacyView = ({ page, viewer }: { page: PrivacyPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('privacyTitle')} width="wide">
      <h1>{t('privacyTitle')}</h1>
      <p class="lead">{t('privacyLead', { name: page.controller, contact: page.contact })}</p>
      <p>{t('privacyRights')}</p>
      <p>{t('privacyShared')}</p>
      <h2>{t('privacyTable')}</h2>
      <div class="table-scroll" tabindex={0} role="region" aria-label={t('privacyTable')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('privacyWhat')}</th>
              <th scope="col">{t('privacyWhy')}</th>
              <th scope="col">{t('privacyUntil')}</th>
              <th scope="col">{t('privacyErased')}</th>
            </tr>
          </thead>
          <tbody>
            {page.rows.map((row) => (
              <Row row={row} t={t} />
            ))}
          </tbody>
        </table>
      </div>
      <p>{t('privacyComplain')}</p>
    </Layout>
  )
}
