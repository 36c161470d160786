/** One's own addresses: what there is, and one form that adds or changes one. */
import type { AddressKind, CustomerAddress } from '../domain/customers.ts'
import { CUSTOMER_LIMITS } from '../domain/customers.ts'
import type { AddressForm, OwnAddressesPage } from '../domain/own-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say, TextKey } from './language.ts'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'
import { Chip } from './parts/status-chip.tsx'

const PATH = '/account/addresses'
type Props = { page: OwnAddressesPage; viewer: Viewer; t: Say }

const kindText = (kind: AddressKind, t: Say): string => t(`addressKind_${kind}`)

/** As it is written on a letter. */
const linesOf = (one: CustomerAddress, t: Say): string[] =>
  [
    one.line1,
    one.line2,
    one.poBox && t('addressBox', { box: one.poBox }),
    [one.postcode, one.city].filter(Boolean).join(' '),
    [one.state, one.country].filter(Boolean).join(', '),
  ].filter((line) => line !== '')

const Address = ({ one, page, viewer, t }: Props & { one: CustomerAddress }) => (
  <section class="card" aria-labelledby={`address-${one.kind}`}>
    <h2 id={`address-${one.kind}`}>
      {kindText(one.kind, t)} {one.primary && <Chip tone="good" text={t('addressUsual')} />}
    </h2>
    <address class="name">
      {linesOf(one, t).map((line, index) => (
        <>
          {index > 0 && <br />}
          {line}
        </>
      ))}
    </address>
    <form method="post" action={`${PATH}/remove`} class="page-links">
      <Csrf viewer={viewer} />
      <Hidden name="kind" value={one.kind} />
      <Hidden name="version" value={String(page.version)} />
      <a class="button button-second button-small" href={`${PATH}?kind=${one.kind}#form`}>
        {t('addressChangeLink')}
        <span class="visually-hidden"> {kindText(one.kind, t)}</span>
      </a>
      <button type="submit" class="link-button">
        {t('addressRemove')}
        <span class="visually-hidden"> {kindText(one.kind, t)}</span>
      </button>
    </form>
  </section>
)

type Field = {
  path: Exclude<keyof AddressForm, 'kind' | 'primary'>
  label: TextKey
  hint?: TextKey
  autocomplete?: string
  optional?: boolean
}

/** In the order in which one writes them; neither the road nor the box alone is asked of everybody. */
const FIELDS: readonly Field[] = [
  { path: 'line1', label: 'addressLine1', autocomplete: 'address-line1', optional: true },
  { path: 'line2', label: 'addressLine2', autocomplete: 'address-line2', optional: true },
  { path: 'po_box', label: 'addressPoBox', hint: 'addressPoBoxHint', optional: true },
  { path: 'postcode', label: 'addressPostcode', autocomplete: 'postal-code', optional: true },
  { path: 'city', label: 'addressCity', autocomplete: 'address-level2' },
  { path: 'state', label: 'addressCounty', autocomplete: 'address-level1', optional: true },
  { path: 'country', label: 'addressCountry', autocomplete: 'country-name' },
]

const Kind = ({ page, t }: Props) =>
  page.changing ? (
    <Hidden name="kind" value={page.changing} />
  ) : (
    <SelectField
      path="kind"
      label={t('addressKind')}
      value={page.form.kind}
      options={page.free.toReversed().map((kind) => ({ value: kind, text: kindText(kind, t) }))}
      problems={page.problems}
      t={t}
    />
  )

const Form = (props: Props) => {
  const { page, viewer, t } = props
  const title = page.changing
    ? t('addressChange', { kind: kindText(page.changing, t) })
    : t('addressAdd')
  return (
    <form method="post" action={PATH} class="card" id="form" novalidate>
      <h2>{title}</h2>
      <Csrf viewer={viewer} />
      <Hidden name="version" value={String(page.version)} />
      <Kind {...props} />
      {FIELDS.map(({ path, label, hint, ...rest }) => (
        <TextField
          path={path}
          label={t(label)}
          {...(hint ? { hint: t(hint) } : {})}
          value={page.form[path]}
          maxlength={CUSTOMER_LIMITS.lineLength}
          problems={page.problems}
          t={t}
          {...rest}
        />
      ))}
      <label class="check">
        <input type="checkbox" name="primary" value="yes" checked={page.form.primary === 'yes'} />{' '}
        {t('addressMakeUsual')}
      </label>
      <button type="submit" class="button">
        {t('addressSave')}
      </button>
      {page.changing && (
        <p>
          <a href={PATH}>{t('addressLeave')}</a>
        </p>
      )}
    </form>
  )
}

const DONE = { kept: 'addressKept', removed: 'addressRemoved' } as const

export const OwnAddressesView = ({ page, viewer }: { page: OwnAddressesPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const props = { page, viewer, t }
  return (
    <Layout viewer={viewer} title={t('addressesTitle')}>
      <h1>{t('addressesTitle')}</h1>
      <p class="lead">{t('addressesLead')}</p>
      <DoneNotice text={page.done && DONE[page.done]} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      {page.addresses.length === 0 && <p class="quiet">{t('addressNone')}</p>}
      {page.addresses
        .filter(({ kind }) => kind !== page.changing)
        .map((one) => (
          <Address one={one} {...props} />
        ))}
      {(page.changing || page.free.length > 0) && <Form {...props} />}
      <p class="page-links">
        <a href="/account/security">{t('accountTitle')}</a>
      </p>
    </Layout>
  )
}
