/** My bookings: one row each, the next thing to do on it. */
import { formatKes } from '../domain/money.ts'
import type { MyPage } from '../domain/charge-pages.ts'
import type { BookingRow, Viewer } from '../domain/pages.ts'
import { isPayable } from '../domain/reservations.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { ChargesCard } from './parts/charges-card.tsx'
import { Money } from './parts/money.tsx'
import { StatusChip } from './parts/status-chip.tsx'
import { rangeText, Time } from './parts/times.tsx'
import { VehiclePicture } from './parts/vehicle.tsx'

type RowProps = { row: BookingRow; now: Date; t: Say }

const Row = ({ row, now, t }: RowProps) => {
  const owes = isPayable(row.status) && row.balance > 0
  const name = sentenceIn(t.language, row.categoryName)
  return (
    <li class="card booking-row">
      <VehiclePicture body={row.bodyType} colour={row.colour} name={name} t={t} lazy />
      <div class="booking-row-words">
        <h2>
          <a href={`/bookings/${row.id}`}>
            {`${name}, ${rangeText(row.pickupAt, row.returnAt, t, now)}`}
          </a>
        </h2>
        <p class="quiet">
          {row.number} · {row.pickupName},{' '}
          <Time at={row.pickupAt} language={t.language} now={now} />
        </p>
        <StatusChip status={row.status} t={t} />
      </div>
      <div class="booking-row-money">
        <Money amount={row.total} />
        {owes && (
          <a class="button button-small" href={`/bookings/${row.id}/pay`}>
            {t('payNow', { amount: formatKes(row.balance) })}
          </a>
        )}
      </div>
    </li>
  )
}

const Empty = ({ t }: { t: Say }) => (
  <div class="card empty">
    <h2>{t('noBookings')}</h2>
    <p>{t('noBookingsText')}</p>
    <a class="button" href="/">
      {t('findACar')}
    </a>
  </div>
)

export const MyBookingsView = ({ page, viewer }: { page: MyPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('bookingsHeading')} width="wide">
      <h1>{t('bookingsHeading')}</h1>
      <ChargesCard rows={page.charges ?? []} now={page.now} t={t} />
      {page.rows.length === 0 ? (
        <Empty t={t} />
      ) : (
        <ul class="booking-rows">
          {page.rows.map((row) => (
            <Row row={row} now={page.now} t={t} />
          ))}
        </ul>
      )}
      {page.next && (
        <a class="button button-second" href={`/bookings?cursor=${encodeURIComponent(page.next)}`}>
          {t('showMore')}
        </a>
      )}
    </Layout>
  )
}
