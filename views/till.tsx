/** The clerk's till: open it, see what moved, pay in to the bank, count it and close it. */
import type { TillPage } from '../domain/desk-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { formatKes, shillings } from '../domain/money.ts'
import { DENOMINATIONS } from '../domain/tenders.ts'
import { DIFFERENCE_REASONS, type TillMovement, type TillSession } from '../domain/tills.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { CashRefunds } from './parts/cash-refunds.tsx'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Time } from './parts/times.tsx'
import { AllTills } from './till-list.tsx'

const t = speak('en')
type Props = { page: TillPage; viewer: Viewer }

const REASONS = Object.entries(DIFFERENCE_REASONS).map(([value, text]) => ({ value, text }))

const Why = ({ page, opening }: { page: TillPage; opening: boolean }) => (
  <>
    <SelectField
      path="reason"
      label="If it differs: why?"
      value={page.form['reason'] ?? ''}
      options={[
        { value: '', text: 'It does not differ' },
        ...REASONS.filter(({ value }) => opening || value !== 'from_bank'),
      ]}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="note"
      label="Note"
      value={page.form['note'] ?? ''}
      optional
      problems={page.problems}
      t={t}
    />
  </>
)

const OpenForm = ({ page, viewer }: Props) => {
  const free = page.tills.filter(({ active, openSession }) => active && !openSession)
  if (free.length === 0)
    return <p class="card">No till is free. A manager or finance can make one.</p>
  return (
    <form method="post" action="/desk/till/open" class="card" novalidate>
      <h2>Open a till</h2>
      <Csrf viewer={viewer} />
      <Hidden name="sessionId" value={page.ids.session} />
      <SelectField
        path="tillId"
        label="Till"
        value={page.form['tillId'] ?? ''}
        options={free.map(({ id, placeName, name }) => ({
          value: id,
          text: `${placeName}, ${name}`,
        }))}
        problems={page.problems}
        t={t}
      />
      <TextField
        path="float"
        label="Cash you counted in it, in KSh"
        hint="Count first; then we compare it with what the last session left."
        value={page.form['float'] ?? ''}
        inputmode="numeric"
        problems={page.problems}
        t={t}
      />
      <Why page={page} opening />
      <button type="submit" class="button">
        Open the till
      </button>
    </form>
  )
}

const Movements = ({ rows, now }: { rows: TillMovement[]; now: Date }) => (
  <section class="card" aria-labelledby="movements">
    <h2 id="movements">What moved</h2>
    {rows.length === 0 ? (
      <p class="quiet">Nothing yet.</p>
    ) : (
      <table class="staff-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What</th>
            <th scope="col">Reference</th>
            <th scope="col" class="number">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td class="nowrap">
                <Time at={row.at} now={now} />
              </td>
              <td>{row.what}</td>
              <td>{row.reference}</td>
              <td class="number">
                <Money amount={row.amount} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
)

type Session = Props & { session: TillSession }

const PayIn = ({ page, viewer, session }: Session) => (
  <form method="post" action={`/desk/till/${session.id}/deposit`} class="card" novalidate>
    <h2>Pay in to the bank</h2>
    <Csrf viewer={viewer} />
    <Hidden name="depositId" value={page.ids.deposit} />
    <TextField
      path="amount"
      label="Amount in KSh"
      value={page.form['amount'] ?? ''}
      inputmode="numeric"
      problems={page.problems}
      t={t}
    />
    <TextField
      path="reference"
      label="Number of the bank’s slip"
      value={page.form['reference'] ?? ''}
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button button-second">
      Pay in
    </button>
  </form>
)

const CloseForm = ({ page, viewer, session }: Session) => (
  <form method="post" action={`/desk/till/${session.id}/close`} class="card" novalidate>
    <h2>Count and close</h2>
    <Csrf viewer={viewer} />
    <div class="counts">
      {DENOMINATIONS.map((value) => (
        <TextField
          path={`count_${value}`}
          label={formatKes(shillings(value))}
          value={page.form[`count_${value}`] ?? ''}
          inputmode="numeric"
          optional
          problems={page.problems}
          t={t}
        />
      ))}
    </div>
    <Why page={page} opening={false} />
    <button type="submit" class="button">
      Close the till
    </button>
  </form>
)

const OwnTill = ({ page, viewer, session }: Session) => (
  <>
    <dl class="figures">
      <div class="card">
        <dt>{`Should be in ${session.tillName}`}</dt>
        <dd>
          <Money amount={session.expected} />
        </dd>
      </div>
      <div class="card">
        <dt>
          Opened <Time at={session.openedAt} now={page.now} />, with
        </dt>
        <dd>
          <Money amount={session.float} />
        </dd>
      </div>
    </dl>
    <div class="two-columns">
      <div>
        <Movements rows={page.movements} now={page.now} />
        <PayIn page={page} viewer={viewer} session={session} />
      </div>
      <CloseForm page={page} viewer={viewer} session={session} />
    </div>
  </>
)

export const TillView = ({ page, viewer }: Props) => {
  const { session } = page
  return (
    <Layout viewer={viewer} title="Till" width="wide">
      <h1>{session ? `${session.placeName}, ${session.tillName}` : 'Till'}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      {session ? (
        <OwnTill page={page} viewer={viewer} session={session} />
      ) : (
        <OpenForm page={page} viewer={viewer} />
      )}
      <CashRefunds rows={page.cashRefunds} now={page.now} />
      <AllTills page={page} viewer={viewer} />
      <p class="page-links">
        <a href="/desk">Back to the desk</a>
      </p>
    </Layout>
  )
}
