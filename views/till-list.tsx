/** Every till, what is in it and who has it open; and a form for a new one. */
import type { TillPage } from '../domain/desk-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { speak } from './language.ts'
import { Csrf, Hidden, SelectField, TextField } from './parts/form.tsx'
import { Money } from './parts/money.tsx'

const t = speak('en')
type Props = { page: TillPage; viewer: Viewer }

export const AllTills = ({ page, viewer }: Props) => (
  <section class="card" aria-labelledby="tills">
    <h2 id="tills">All tills</h2>
    <ul class="payments">
      {page.tills.map((till) => (
        <li>
          <div class="payment-line">
            <strong>{`${till.placeName}, ${till.name}`}</strong>
            <Money amount={till.inside} />
          </div>
          <p class="quiet">{till.openSession ? `Open: ${till.openSession.clerkName}` : 'Closed'}</p>
        </li>
      ))}
    </ul>
    {page.places.length > 0 && (
      <details class="fold" open={page.problems.some(({ path }) => path === 'name')}>
        <summary>New till</summary>
        <form method="post" action="/desk/till/new" novalidate>
          <Csrf viewer={viewer} />
          <Hidden name="tillId" value={page.ids.till} />
          <SelectField
            path="place"
            label="Place"
            value={page.form['place'] ?? ''}
            options={page.places.map(({ code, name }) => ({ value: code, text: name }))}
            problems={page.problems}
            t={t}
          />
          <TextField
            path="name"
            label="Name"
            value={page.form['name'] ?? ''}
            problems={page.problems}
            t={t}
          />
          <button type="submit" class="button button-second">
            Make the till
          </button>
        </form>
      </details>
    )}
  </section>
)
