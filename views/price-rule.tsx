/** One rule of prices: what it says, tried on last month, let live, or closed. */
import type { PriceRulePage, RuleField } from '../domain/price-pages.ts'
import { RULE_TYPES } from '../domain/pricing-rules.ts'
import { TYPE_WORDS } from '../domain/rule-words.ts'
import type { Viewer } from '../domain/pages.ts'
import { WEEKDAYS } from '../domain/time.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, SelectField, TextField } from './parts/form.tsx'
import { PriceTrial } from './parts/price-trial.tsx'

const t = speak('en')
type Props = { page: PriceRulePage; viewer: Viewer }
type FieldProps = {
  page: PriceRulePage
  path: RuleField
  label: string
  hint?: string
  type?: 'date' | 'text'
  numeric?: boolean
}

const Field = ({ page, path, label, hint, type = 'text', numeric = false }: FieldProps) => (
  <TextField
    path={path}
    label={label}
    hint={hint}
    value={page.form[path]}
    type={type}
    {...(numeric ? { inputmode: 'numeric' as const } : {})}
    maxlength={60}
    optional={path !== 'name'}
    problems={page.problems}
    t={t}
  />
)

const ANY = (text: string) => ({ value: '', text })

const What = ({ page }: { page: PriceRulePage }) => (
  <>
    <Field page={page} path="name" label="Name" hint="Customers read it beside what it changes." />
    <SelectField
      path="type"
      label="Type"
      value={page.form.type}
      options={RULE_TYPES.map((value) => ({ value, text: TYPE_WORDS[value] }))}
      problems={page.problems}
      t={t}
    />
    <Field
      page={page}
      path="multiplier"
      label="Multiplier"
      hint="1.2 is a fifth more, 0.9 a tenth less; from 0.1 to 5."
    />
    <Field
      page={page}
      path="fixed_adjustment"
      label="And in shillings"
      hint="500 or -500: for each day of a base rule or a season, otherwise once."
    />
    <Field
      page={page}
      path="priority"
      label="Priority"
      hint="0 to 1000. The highest goes first."
      numeric
    />
  </>
)

const When = ({ page }: { page: PriceRulePage }) => (
  <details class="fold" open>
    <summary>When and where</summary>
    <fieldset aria-label="When and where">
      <SelectField
        path="category"
        label="Category"
        value={page.form.category}
        options={[ANY('Every category'), ...page.categories]}
        problems={page.problems}
        t={t}
      />
      <SelectField
        path="location"
        label="Picked up at"
        value={page.form.location}
        options={[ANY('Any place'), ...page.places]}
        problems={page.problems}
        t={t}
      />
      <Field page={page} path="from_day" label="First day" type="date" />
      <Field page={page} path="until_day" label="Last day" type="date" />
      <div class="permission-groups">
        <fieldset>
          <legend>Weekdays</legend>
          <p class="hint">None ticked: every day.</p>
          {WEEKDAYS.map((name, day) => (
            <label class="check">
              <input
                type="checkbox"
                name="weekdays"
                value={day}
                checked={page.form.weekdays.includes(day)}
              />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <Field page={page} path="from_time" label="Picked up from" hint="Such as 22:00" />
      <Field page={page} path="until_time" label="Picked up before" hint="Such as 06:00" />
      <Field page={page} path="min_days" label="From so many days" numeric />
      <Field page={page} path="max_days" label="Up to so many days" numeric />
    </fieldset>
  </details>
)

const Kinds = ({ page }: { page: PriceRulePage }) => (
  <>
    <details class="fold" open={page.form.type === 'base' && page.form['rates.daily'] !== ''}>
      <summary>Rates (base)</summary>
      <fieldset aria-label="Rates">
        <p class="hint">In place of the category’s own. A month is 30 days.</p>
        <Field page={page} path="rates.hourly" label="An hour" numeric />
        <Field page={page} path="rates.daily" label="A day" numeric />
        <Field page={page} path="rates.weekly" label="A week" numeric />
        <Field page={page} path="rates.monthly" label="A month" numeric />
      </fieldset>
    </details>
    <details class="fold" open={['promotional', 'demand', 'loyalty'].includes(page.form.type)}>
      <summary>Code, demand and returning customers</summary>
      <fieldset aria-label="Code, demand and returning customers">
        <Field page={page} path="code" label="Code" hint="3 to 20 letters and digits" />
        <Field page={page} path="uses" label="Uses in all" numeric />
        <Field page={page} path="uses_each" label="Uses by one customer" numeric />
        <Field
          page={page}
          path="utilisation_from"
          label="Cars that are out"
          hint="Of a hundred, at the place and the moment of pick-up"
          numeric
        />
        <Field page={page} path="rentals_from" label="After so many rentals" numeric />
      </fieldset>
    </details>
  </>
)

const pathOf = ({ rule }: PriceRulePage) =>
  rule ? `/admin/prices/${rule.id}` : '/admin/prices/new'

const Form = ({ page, viewer }: Props) => (
  <form method="post" action={`${pathOf(page)}#trial`} class="card" novalidate>
    <Csrf viewer={viewer} />
    <What page={page} />
    <When page={page} />
    <Kinds page={page} />
    {page.maySave && (
      <>
        <button type="submit" class="button" name="action" value="try">
          Try it on last month
        </button>
        <button type="submit" class="button button-second" name="action" value="save">
          {page.rule ? 'Replace the rule from now on' : 'Let it go live'}
        </button>
      </>
    )}
  </form>
)

const Rivals = ({ names }: { names: string[] }) =>
  names.length === 0 ? null : (
    <p class="notice" role="status">
      It wants the same days as {names.join(', ')}. Give one of them a higher priority, so that you
      decide which comes first.
    </p>
  )

const Close = ({ page, viewer }: Props) =>
  page.rule && page.mayClose && !page.rule.closedAt ? (
    <form method="post" action={`/admin/prices/${page.rule.id}/close`} class="card">
      <Csrf viewer={viewer} />
      <h2>Close the rule</h2>
      <p>No price follows from it any more. What was booked by it keeps its price.</p>
      <button type="submit" class="button button-second">
        Close the rule
      </button>
    </form>
  ) : null

export const PriceRuleView = ({ page, viewer }: Props) => {
  const title = page.rule?.name ?? 'New rule'
  return (
    <Layout viewer={viewer} title={title} width="wide">
      <p>
        <a href="/admin/prices">All rules</a>
      </p>
      <h1>{title}</h1>
      {page.rule?.closedAt && <p class="lead">This rule is closed.</p>}
      <ErrorSummary problems={page.problems} t={t} />
      {page.rehearsal && <PriceTrial tried={page.rehearsal} now={page.now} />}
      <div class="two-columns">
        <Form page={page} viewer={viewer} />
        <div>
          <Rivals names={page.rivals} />
          <Close page={page} viewer={viewer} />
        </div>
      </div>
    </Layout>
  )
}
