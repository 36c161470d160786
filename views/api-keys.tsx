/** Keys for programs. A key is shown once, in full, on the page that answers its making. */
import { API_KEY_LIMITS, type ApiKey, type ApiKeysPage } from '../domain/api-keys.ts'
import type { Viewer } from '../domain/pages.ts'
import { PERMISSIONS } from '../domain/permissions.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { whole } from './parts/numbers.ts'
import { Chip } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')
type Props = { page: ApiKeysPage; viewer: Viewer }

const LIVES = [
  { value: '30', text: '30 days' },
  { value: '90', text: '90 days' },
  { value: '365', text: 'A year' },
  { value: '', text: 'Until it is taken back' },
]

const Made = ({ made }: { made: NonNullable<ApiKeysPage['made']> }) => (
  <section class="card notice" role="status" aria-labelledby="made">
    <h2 id="made">The key “{made.name}”</h2>
    <p>
      <code class="subject">{made.key}</code>
    </p>
    <p>Copy it now. Nobody can show it again, and whoever has it can do what it may do.</p>
  </section>
)

const usesText = ({ uses }: ApiKey): string => {
  const sum = uses.reduce((total, one) => total + one.uses, 0)
  const days = uses.length === 1 ? 'one day' : `${uses.length} days`
  return sum === 0
    ? `not on the last ${API_KEY_LIMITS.usesDays} days`
    : `${whole(sum)} times on ${days} of the last ${API_KEY_LIMITS.usesDays}`
}

const Key = ({ one, page, viewer }: Props & { one: ApiKey }) => (
  <li>
    <form method="post" action="/account/api-keys/revoke" class="payment-line">
      <Csrf viewer={viewer} />
      <Hidden name="key" value={one.id} />
      <span>
        <strong>{one.name}</strong> <code>{one.beginning}…</code>{' '}
        {one.expiresAt && one.expiresAt <= page.now && <Chip tone="ended" text="Over" />}
        <br />
        <span class="quiet">
          {one.scopes.map((scope) => PERMISSIONS[scope] ?? scope).join('; ')}.{' '}
          {one.lastUsedAt ? (
            <>
              Last used <Time at={one.lastUsedAt} now={page.now} />, {usesText(one)}.
            </>
          ) : (
            'Never used.'
          )}{' '}
          {one.expiresAt && (
            <>
              Good until <Time at={one.expiresAt} now={page.now} />.
            </>
          )}
        </span>
      </span>
      <button type="submit" class="link-button">
        Take back<span class="visually-hidden"> {one.name}</span>
      </button>
    </form>
  </li>
)

const Keys = (props: Props) => (
  <section class="card" aria-labelledby="keys">
    <h2 id="keys">Your keys</h2>
    {props.page.keys.length === 0 ? (
      <p class="quiet">None yet.</p>
    ) : (
      <ul class="payments">
        {props.page.keys.map((one) => (
          <Key one={one} {...props} />
        ))}
      </ul>
    )}
  </section>
)

const New = ({ page, viewer }: Props) => (
  <form method="post" action="/account/api-keys" class="card" novalidate>
    <h2>A new key</h2>
    <Csrf viewer={viewer} />
    <TextField
      path="name"
      label="Name"
      hint="What uses it, such as accounting export"
      value={page.form.name}
      maxlength={API_KEY_LIMITS.nameLength}
      problems={page.problems}
      t={t}
    />
    <SelectField
      path="days"
      label="Good for"
      value={page.form.days}
      options={LIVES}
      problems={page.problems}
      t={t}
    />
    <fieldset id="field-scopes">
      <legend>What it may do</legend>
      <p class="hint">Never more than you may do yourself at that moment.</p>
      {page.choices.map((name) => (
        <label class="check">
          <input
            type="checkbox"
            name="scopes"
            value={name}
            checked={page.form.scopes.includes(name)}
          />
          <span>{PERMISSIONS[name]}</span>
        </label>
      ))}
    </fieldset>
    <button type="submit" class="button">
      Make the key
    </button>
  </form>
)

export const ApiKeysView = (props: Props) => {
  const { page, viewer } = props
  return (
    <Layout viewer={viewer} title="Keys for programs">
      <h1>Keys for programs</h1>
      <p class="lead">A program sends its key with each request to the API, and acts for you.</p>
      <ErrorSummary problems={page.problems} t={t} />
      {page.made && <Made made={page.made} />}
      <Keys {...props} />
      <New {...props} />
    </Layout>
  )
}
