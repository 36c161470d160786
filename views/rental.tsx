/** Staff: keys out, car back, and what became of the deposit. */
import { formatKes, toShillings } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import {
  CLEAN_WORDS,
  fuelText,
  kmText,
  markText,
  type PickUpPage,
  type ReturnPage,
  type StaffRentalPage,
} from '../domain/rental-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { CarLook } from './parts/car-look.tsx'
import { Csrf, ErrorSummary, SelectField, TextField } from './parts/form.tsx'
import { AskedFor, becauseText, DepositCard, RentalChip } from './parts/rental-money.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')

const Missing = ({ page }: { page: PickUpPage }) => (
  <section class="card" aria-labelledby="missing">
    <h2 id="missing">
      {page.missing.length === 0 ? 'Paper and money are in order' : 'Before the keys go out'}
    </h2>
    {page.missing.length > 0 && (
      <ul class="bullets">
        {page.missing.map((one) => (
          <li>{one}</li>
        ))}
      </ul>
    )}
    <p class="page-links">
      {!page.isDepositPaid && (
        <a href={page.chargePath}>{`Take the deposit, ${formatKes(page.deposit)}`}</a>
      )}
      {page.identityPath && <a href={page.identityPath}>Licence and id</a>}
    </p>
  </section>
)

export const PickUpView = ({ page, viewer }: { page: PickUpPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title={`Hand over ${page.plate}`}>
    <h1>{`Hand over ${page.plate}`}</h1>
    <p class="lead">{`${page.car} for ${page.customerName}, booking ${page.bookingNumber}`}</p>
    <p>
      <Time at={page.pickupAt} now={page.now} /> to <Time at={page.returnAt} now={page.now} />, back
      at {page.returnName}
    </p>
    <ErrorSummary problems={page.problems} t={t} />
    <Missing page={page} />
    <form method="post" action={page.path} class="card" novalidate>
      <Csrf viewer={viewer} />
      <CarLook form={page.form} problems={page.problems} lastKm={page.lastKm} />
      <label class="check">
        <input type="checkbox" name="id_seen" value="yes" checked={page.form.idSeen} />I have looked
        at an id card or a passport, too
      </label>
      <button type="submit" class="button button-wide">
        {`Hand over the keys of ${page.plate}`}
      </button>
    </form>
    <p class="page-links">
      <a href={`/desk/bookings/${page.bookingId}`}>{page.bookingNumber}</a>
    </p>
  </Layout>
)

const Before = ({ page: { before } }: { page: ReturnPage }) => (
  <section class="card" aria-labelledby="before">
    <h2 id="before">As it left</h2>
    <dl class="fact-list">
      <dt>Odometer</dt>
      <dd>{kmText(before.odometerKm)}</dd>
      <dt>Fuel</dt>
      <dd>{fuelText(before.fuelEighths)}</dd>
      <dt>How clean</dt>
      <dd>{CLEAN_WORDS[before.cleanliness]}</dd>
      <dt>Marks</dt>
      <dd>{before.marks.length === 0 ? 'None' : before.marks.map(markText).join('; ')}</dd>
    </dl>
  </section>
)

export const ReturnView = ({ page, viewer }: { page: ReturnPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title={`Take back ${page.plate}`}>
    <h1>{`Take back ${page.plate}`}</h1>
    <p class="lead">{`${page.rentalNumber}, ${page.customerName}`}</p>
    <p>
      {page.isLate ? 'It was due ' : 'It is due '}
      <Time at={page.dueAt} now={page.now} />
      {page.isLate && ': it is late.'}
    </p>
    <ErrorSummary problems={page.problems} t={t} />
    <Before page={page} />
    <form method="post" action={page.path} class="card" novalidate>
      <Csrf viewer={viewer} />
      <SelectField
        path="location"
        label="Where it is back"
        value={page.form.location}
        options={page.places.map(({ code, name }) => ({ value: code, text: name }))}
        problems={page.problems}
        t={t}
      />
      <CarLook form={page.form} problems={page.problems} lastKm={page.before.odometerKm} priced />
      <button type="submit" class="button button-wide">
        {`Take back ${page.plate}`}
      </button>
    </form>
    <p class="page-links">
      <a href={`/desk/bookings/${page.bookingId}`}>{page.bookingNumber}</a>
    </p>
  </Layout>
)

const Decision = ({ page, viewer }: { page: StaffRentalPage; viewer: Viewer }) =>
  page.decisionPath === null ? null : (
    <section class="card" aria-labelledby="decision">
      <h2 id="decision">What stands</h2>
      <p>Write what of each line stands; 0 where nothing does. It is settled by this, for good.</p>
      <form method="post" action={page.decisionPath} novalidate>
        <Csrf viewer={viewer} />
        {page.lines.map((line) => (
          <TextField
            path={`lines.${line.id}`}
            label={becauseText(line, t)}
            hint={`${formatKes(line.amount)} is asked for.`}
            value={page.form[line.id] ?? String(toShillings(line.amount))}
            inputmode="numeric"
            class="amount"
            problems={page.problems}
            t={t}
          />
        ))}
        <button type="submit" class="button button-wide">
          Settle it so
        </button>
      </form>
    </section>
  )

export const RentalView = ({ page, viewer }: { page: StaffRentalPage; viewer: Viewer }) => {
  return (
    <Layout viewer={viewer} title={`Rental ${page.number}`}>
      <div class="title-row">
        <h1>{`Rental ${page.number}`}</h1>
        <RentalChip status={page.status} t={t} />
      </div>
      <p class="lead">
        {`${page.plate}, out since `}
        <Time at={page.pickedUpAt} now={page.now} />
        {page.returnedAt ? ', back ' : ', due '}
        <Time at={page.returnedAt ?? page.dueAt} now={page.now} />
      </p>
      {page.disputedBecause && <p class="notice">{`“${page.disputedBecause}”`}</p>}
      <ErrorSummary problems={page.problems} t={t} />
      <AskedFor page={page} t={t} />
      <Decision page={page} viewer={viewer} />
      <DepositCard page={page} t={t} />
      <p class="page-links">
        <a href={`/desk/bookings/${page.bookingId}`}>{page.bookingNumber}</a>
        {page.status === 'on_the_road' && (
          <a href={`/desk/bookings/${page.bookingId}/return`}>Take it back</a>
        )}
      </p>
    </Layout>
  )
}
