/** A customer's invoices, credit notes and receipts; and whether a document in hand is genuine. */
import type { DocumentLine, MyDocumentsPage, VerifyPage } from '../domain/invoice-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { Money } from './parts/money.tsx'
import { InvoiceChip } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'

const Row = ({ row, now, t }: { row: DocumentLine; now: Date; t: Say }) => (
  <li class="card booking-row">
    <div class="booking-row-words">
      <h2>{`${t(`document_${row.kind}`)} ${row.number}`}</h2>
      <p class="quiet">
        {row.ownerNumber}, <Time at={row.at} language={t.language} now={now} />
      </p>
      {row.status && <InvoiceChip status={row.status} t={t} />}
    </div>
    <div class="booking-row-money">
      <Money amount={row.amount} />
      <a class="button button-small button-second" href={row.path}>
        {t('openPdf')}
        <span class="visually-hidden">{` ${row.number}`}</span>
      </a>
    </div>
  </li>
)

export const MyDocumentsView = ({ page, viewer }: { page: MyDocumentsPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('documentsHeading')} width="wide">
      <h1>{t('documentsHeading')}</h1>
      {page.rows.length === 0 ? (
        <div class="card empty">
          <h2>{t('noDocuments')}</h2>
          <p>{t('noDocumentsText')}</p>
        </div>
      ) : (
        <ul class="booking-rows">
          {page.rows.map((row) => (
            <Row row={row} now={page.now} t={t} />
          ))}
        </ul>
      )}
    </Layout>
  )
}

export const VerifyView = ({ page, viewer }: { page: VerifyPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const { genuine } = page
  return (
    <Layout viewer={viewer} title={t('verifyHeading')}>
      <h1>{t('verifyHeading')}</h1>
      <div class="card">
        {genuine ? (
          <>
            <p>
              <strong>{t('genuine', { number: genuine.number })}</strong>
            </p>
            {genuine.cancelled && <p>{t('genuineCancelled')}</p>}
            <dl>
              <dt>{t('documentAmount')}</dt>
              <dd>
                <Money amount={genuine.amount} />
              </dd>
              <dt>{t('documentDate')}</dt>
              <dd>
                <Time at={genuine.at} language={t.language} />
              </dd>
            </dl>
          </>
        ) : (
          <p>
            <strong>{t('notGenuine')}</strong>
          </p>
        )}
      </div>
    </Layout>
  )
}
