/** What will happen, before it happens: the amount, the change, and the notes and coins to give back. */
import type { TakingPage } from '../domain/desk-pages.ts'
import { formatKes, shillings, subtract } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import { methodWords } from '../domain/tenders.ts'
import { Csrf, Hidden } from './parts/form.tsx'
import { Money } from './parts/money.tsx'

type Checked = { page: TakingPage; check: NonNullable<TakingPage['check']> }

const Facts = ({ page, check }: Checked) => (
  <dl class="figures">
    <div class="card">
      <dt>{`${methodWords(page.method)}, for ${page.thing.number}`}</dt>
      <dd>
        <Money amount={check.amount} />
      </dd>
    </div>
    {page.method === 'cash' && (
      <div class="card">
        <dt>{page.form.keepChange ? 'Becomes the customer’s credit' : 'Change to give back'}</dt>
        <dd>
          <Money
            amount={page.form.keepChange ? subtract(check.booked, check.amount) : check.change}
          />
        </dd>
      </div>
    )}
  </dl>
)

const doneLabel = (page: TakingPage, amount: string): string => {
  if (page.method === 'bank_transfer') return `Note the transfer of ${amount}`
  if (page.method === 'account') return `Charge ${amount} to the company`
  return page.method === 'credit' ? `Use ${amount} of credit` : `Take ${amount}`
}

/** Every field goes along hidden, so that going back loses nothing. */
const typedFields = ({ form, method }: TakingPage): [string, string][] => [
  ['method', method],
  ...Object.entries(form).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]]
    return value ? [[name, 'yes']] : []
  }),
]

export const CheckView = ({ page, check, viewer }: Checked & { viewer: Viewer }) => (
  <section aria-labelledby="check">
    <h2 id="check">Is this right?</h2>
    <Facts page={page} check={check} />
    {check.change > 0 && (
      <p>{`Give back ${check.pieces.map(({ value, count }) => `${count} × ${formatKes(shillings(value))}`).join(', ')}.`}</p>
    )}
    <form method="post" action={page.thing.takePath} class="card">
      <Csrf viewer={viewer} />
      {typedFields(page).map(([name, value]) => (
        <Hidden name={name} value={value} />
      ))}
      <button type="submit" class="button" name="step" value="take">
        {doneLabel(page, formatKes(check.amount))}
      </button>{' '}
      <button type="submit" class="button button-second" name="step" value="change">
        Change something
      </button>
    </form>
  </section>
)
