/** One account: what it may do, who said so, and whether it may come in. */
import type { PersonPage } from '../domain/people-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { printedPhone } from '../domain/payments.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { PeopleNav } from './parts/people-nav.tsx'
import { Time } from './parts/times.tsx'
import { roleText, StateChip } from './people.tsx'

const t = speak('en')

type Props = { page: PersonPage; viewer: Viewer }

const Reveal = ({ page, viewer }: Props) => (
  <form method="post" action={`/admin/people/${page.person.id}/contact`}>
    <Csrf viewer={viewer} />
    <button type="submit" class="button button-second button-small">
      Show phone and e-mail
    </button>
    <p class="hint">It is written down that you looked.</p>
  </form>
)

const Facts = ({ page, viewer }: Props) => {
  const { person, contact, now } = page
  return (
    <section class="card" aria-labelledby="account">
      <h2 id="account">Account</h2>
      <dl class="fact-list">
        <dt>E-mail</dt>
        <dd class="subject">{(contact ?? person).email ?? 'none'}</dd>
        <dt>Phone</dt>
        <dd>{(contact?.phone ? printedPhone(contact.phone) : person.maskedPhone) || 'none'}</dd>
        {person.customerNumber && (
          <>
            <dt>Customer number</dt>
            <dd>{person.customerNumber}</dd>
          </>
        )}
        <dt>Since</dt>
        <dd>
          <Time at={person.createdAt} now={now} />
        </dd>
        <dt>Last signed in</dt>
        <dd>{person.lastLoginAt ? <Time at={person.lastLoginAt} now={now} /> : 'never'}</dd>
      </dl>
      {page.mayReveal && !contact && <Reveal page={page} viewer={viewer} />}
    </section>
  )
}

const Assignments = ({ page, viewer }: Props) => (
  <ul class="payments">
    {page.assignments.map((one) => (
      <li>
        <form
          method="post"
          action={`/admin/people/${page.person.id}/roles/remove`}
          class="payment-line"
        >
          <Csrf viewer={viewer} />
          <Hidden name="role" value={one.role} />
          <span>
            <a href={`/admin/roles/${one.role}`}>{roleText(one.role)}</a>{' '}
            <span class="quiet">
              given <Time at={one.givenAt} now={page.now} /> by {one.giverName ?? 'gari'}
              {one.expiresAt && (
                <>
                  , until <Time at={one.expiresAt} now={page.now} />
                </>
              )}
            </span>
          </span>
          {page.mayTake && !page.isViewer && (
            <button type="submit" class="link-button">
              Take back<span class="visually-hidden"> {roleText(one.role)}</span>
            </button>
          )}
        </form>
      </li>
    ))}
  </ul>
)

const Give = ({ page, viewer }: Props) => (
  <form method="post" action={`/admin/people/${page.person.id}/roles`} novalidate>
    <Csrf viewer={viewer} />
    <SelectField
      path="role"
      label="Role"
      value={page.form['role'] ?? ''}
      options={[{ value: '', text: 'Choose' }, ...page.choices]}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="expires_at"
      label="Until"
      hint="For whoever stands in for somebody. Empty: until it is taken back."
      type="datetime-local"
      value={page.form['expires_at'] ?? ''}
      problems={page.problems}
      t={t}
      optional
    />
    <button type="submit" class="button button-second">
      Give the role
    </button>
  </form>
)

const Roles = (props: Props) => {
  const { page } = props
  return (
    <section class="card" aria-labelledby="roles">
      <h2 id="roles">Roles</h2>
      {page.assignments.length === 0 && (
        <p class="quiet">
          {page.person.staff
            ? 'None: they can sign in and do nothing.'
            : 'What every customer has.'}
        </p>
      )}
      <Assignments {...props} />
      {page.isViewer && <p class="quiet">This is you. Somebody else gives and takes your roles.</p>}
      {page.choices.length > 0 && !page.isViewer && <Give {...props} />}
    </section>
  )
}

/** What can be done about an account in each state. */
const DEEDS = {
  active: [
    { value: 'suspended', text: 'suspended: kept out by us for now' },
    { value: 'inactive', text: 'not active: no longer needed' },
    { value: 'deleted', text: 'deleted: they have left; their records stay' },
  ],
  suspended: [
    { value: 'active', text: 'active: let in again' },
    { value: 'deleted', text: 'deleted: they have left; their records stay' },
  ],
  inactive: [
    { value: 'active', text: 'active: opened again' },
    { value: 'deleted', text: 'deleted: they have left; their records stay' },
  ],
  deleted: [{ value: 'active', text: 'active: opened again' }],
} as const

const State = ({ page, viewer }: Props) => (
  <section class="card" aria-labelledby="state">
    <h2 id="state">Signing in</h2>
    <p>
      <StateChip status={page.person.status} />
    </p>
    {page.mayChangeStatus && !page.isViewer && (
      <form method="post" action={`/admin/people/${page.person.id}/status`} novalidate>
        <Csrf viewer={viewer} />
        <TextField
          path="why"
          label="Why"
          hint="Kept with the change, for whoever asks later."
          value={page.form['why'] ?? ''}
          problems={page.problems}
          t={t}
        />
        {page.person.status === 'active' && (
          <p class="quiet">Whoever is kept out is signed out at once, on every device.</p>
        )}
        <SelectField
          path="status"
          label="What becomes of it"
          value={page.form['status'] ?? ''}
          options={[{ value: '', text: 'Choose' }, ...DEEDS[page.person.status]]}
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          Change it
        </button>
      </form>
    )}
  </section>
)

/** For whoever has lost their phone. */
const SecondStep = ({ page, viewer }: Props) =>
  page.hasSecondFactor && page.mayChangeStatus && !page.isViewer ? (
    <form
      method="post"
      action={`/admin/people/${page.person.id}/second-factor`}
      class="card"
      novalidate
    >
      <h2>Second step</h2>
      <p>
        They sign in with an app or a passkey, too. If they have lost both, turn it off: they are
        signed out everywhere, told by mail, and come in with the password alone.
      </p>
      <Csrf viewer={viewer} />
      <TextField
        path="why_no_factor"
        label="How do you know that it is they who ask?"
        value={page.form['why_no_factor'] ?? ''}
        problems={page.problems}
        t={t}
      />
      <button type="submit" class="button button-second">
        Turn their second step off
      </button>
    </form>
  ) : null

export const PersonView = (props: Props) => {
  const { page, viewer } = props
  const name = page.person.name || 'No name'
  return (
    <Layout viewer={viewer} title={name} width="wide">
      <PeopleNav viewer={viewer} here="/admin/people" />
      <h1>{name}</h1>
      {page.seesRights && !page.person.staff && (
        <p>
          <a href={`/admin/people/${page.person.id}/data`}>
            Their data: copy it, erase it, or keep it
          </a>
        </p>
      )}
      {page.seesCustomers && !page.person.staff && (
        <p>
          <a href={`/desk/customers/${page.person.id}/choices`}>Offers: what they allow</a>
        </p>
      )}
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <Roles {...props} />
        <div>
          <Facts {...props} />
          <State {...props} />
          <SecondStep {...props} />
        </div>
      </div>
    </Layout>
  )
}
