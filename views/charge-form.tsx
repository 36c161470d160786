/** Staff: a new charge. One line for each person who pays; without amounts it is shared equally. */
import { CHARGE_LIMITS, CHARGE_TYPES, chargeWord } from '../domain/charges.ts'
import type { ChargeFormPage } from '../domain/charge-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import {
  control,
  Csrf,
  ErrorSummary,
  FieldFrame,
  Hidden,
  SelectField,
  TextField,
} from './parts/form.tsx'

const t = speak('en')
const TYPES = CHARGE_TYPES.map((value) => ({ value, text: chargeWord(value) }))
const MODES = [
  { value: 'anybody', text: 'Anybody may pay any part' },
  { value: 'all_or_nobody', text: 'Only when all have paid their share' },
]
const SHRINKS = [
  { value: 'no', text: 'One thing: all of it or nothing' },
  { value: 'yes', text: 'Several units: may go on without somebody' },
]

const People = ({ page }: { page: ChargeFormPage }) => {
  const frame = {
    path: 'parties',
    label: 'Who pays, one on each line',
    hint: 'Name, phone. If it is not shared equally, also the amount; if somebody must pay sooner, also the time: Otieno Ouma, 0712 345 678, 2000, 2026-11-27 10:00',
    problems: page.problems,
    t,
  }
  return (
    <FieldFrame {...frame}>
      <textarea {...control(frame)} rows={4}>
        {page.form.parties}
      </textarea>
    </FieldFrame>
  )
}

const What = ({ page }: { page: ChargeFormPage }) => {
  const { form, problems } = page
  return (
    <>
      <SelectField
        path="type"
        label="What kind"
        value={form.type}
        options={TYPES}
        problems={problems}
        t={t}
      />
      <TextField
        path="description"
        label="What for"
        value={form.description}
        maxlength={CHARGE_LIMITS.descriptionLength}
        autocomplete="off"
        problems={problems}
        t={t}
      />
      <TextField
        path="amount"
        label="Amount in KSh"
        value={form.amount}
        inputmode="numeric"
        class="amount"
        problems={problems}
        t={t}
      />
      <TextField
        path="due_at"
        label="To be paid by"
        value={form.dueAt}
        type="datetime-local"
        problems={problems}
        t={t}
      />
    </>
  )
}

const Who = ({ page }: { page: ChargeFormPage }) => {
  const { form, problems } = page
  return (
    <>
      <People page={page} />
      <SelectField
        path="mode"
        label="When it counts"
        value={form.mode}
        options={MODES}
        problems={problems}
        t={t}
      />
      <SelectField
        path="shrinkable"
        label="When somebody does not pay"
        value={form.shrinkable}
        options={SHRINKS}
        problems={problems}
        t={t}
      />
    </>
  )
}

export const ChargeFormView = ({ page, viewer }: { page: ChargeFormPage; viewer: Viewer }) => {
  const { form, problems } = page
  return (
    <Layout viewer={viewer} title="New charge">
      <h1>New charge</h1>
      <p class="lead">{`For ${page.customerName}, booking ${page.bookingNumber}`}</p>
      <ErrorSummary problems={problems} t={t} />
      <form method="post" action={page.path} class="card" novalidate>
        <Csrf viewer={viewer} />
        <Hidden name="charge_id" value={form.chargeId} />
        <What page={page} />
        <Who page={page} />
        <button type="submit" class="button button-wide">
          Make the charge
        </button>
      </form>
      <p class="page-links">
        <a href={`/desk/bookings/${page.bookingId}`}>{page.bookingNumber}</a>
      </p>
    </Layout>
  )
}
