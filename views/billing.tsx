/** Who gets the invoice: a share for each person or company, which sum to the whole. */
import type { BillForm, BillingPage } from '../domain/billing-pages.ts'
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'

type Props = { page: BillingPage; viewer: Viewer }
type RowProps = { page: BillingPage; row: BillForm; index: number; t: Say }

const Row = ({ page, row, index, t }: RowProps) => {
  const field = (name: keyof BillForm, label: string) => ({
    path: `bills.${index}.${name}`,
    label,
    value: row[name],
    problems: page.problems,
    t,
  })
  const person = { value: '', text: t('billingPerson') }
  const more = ['pin', 'email'] as const
  const open = more.some(
    (name) => row[name] !== '' || page.problems.some(({ path }) => path === field(name, '').path),
  )
  return (
    <fieldset class="party">
      <legend>{page.people[index] ?? t('billingSomebody')}</legend>
      <TextField {...field('amount', t('billingAmount'))} inputmode="numeric" optional />
      {page.companies.length > 0 && (
        <SelectField
          {...field('companyId', t('billingTo'))}
          options={[person, ...page.companies]}
        />
      )}
      <TextField {...field('name', t('billingName'))} optional maxlength={120} />
      <details open={open}>
        <summary>{t('billingMore')}</summary>
        <TextField {...field('pin', t('billingPin'))} optional maxlength={11} />
        <TextField {...field('email', t('billingEmail'))} optional inputmode="email" />
      </details>
    </fieldset>
  )
}

const Prepared = ({ page, t }: { page: BillingPage; t: Say }) =>
  page.prepared.length === 0 ? null : (
    <section class="card" aria-labelledby="prepared">
      <h2 id="prepared">{t('billingPrepared')}</h2>
      <ul class="documents">
        {page.prepared.map(({ name, amount }) => (
          <li>
            <strong class="name">{name}</strong>
            <span>{formatKes(amount)}</span>
          </li>
        ))}
      </ul>
      <p class="quiet">{t('billingPreparedText')}</p>
    </section>
  )

const Form = ({ page, viewer, t }: Props & { t: Say }) => (
  <form method="post" action={page.path} class="card" novalidate>
    <Csrf viewer={viewer} />
    <Hidden name="key" value={page.key} />
    <p>
      {t('billingSum', { amount: formatKes(page.rest) })} {t('billingEmpty')}
    </p>
    {page.companies.length > 0 && <p class="quiet">{t('billingCompanyHint')}</p>}
    {page.rows.map((row, index) => (
      <Row page={page} row={row} index={index} t={t} />
    ))}
    <button type="submit" class="button">
      {t('billingSave')}
    </button>
  </form>
)

export const BillingView = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('billingHeading')}>
      <h1>{t('billingHeading')}</h1>
      <p class="lead">{page.number}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <Prepared page={page} t={t} />
      {page.rest > 0 ? (
        <Form page={page} viewer={viewer} t={t} />
      ) : (
        <p class="card said">{t('billingNothing')}</p>
      )}
      <p class="page-links">
        <a href={page.backPath}>
          {t(page.purpose === 'charge' ? 'planBack' : 'bookingTitle', { number: page.number })}
        </a>
      </p>
    </Layout>
  )
}
