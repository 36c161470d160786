/** Programs of others, for administrators. A server's secret is shown once, in full, on the page that answers its making. */
import { OAUTH_LIMITS, type ProgramsPage, type ShownClient } from '../domain/oauth.ts'
import type { Viewer } from '../domain/pages.ts'
import { PERMISSIONS } from '../domain/permissions.ts'
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
import { PeopleNav } from './parts/people-nav.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')
type Props = { page: ProgramsPage; viewer: Viewer }
type OneProps = Props & { one: ShownClient }

const KINDS = [
  { value: 'public', text: 'On people’s devices: acts for whoever lets it in' },
  { value: 'server', text: 'A server: acts by itself, for you' },
]

const Made = ({ made }: { made: NonNullable<ProgramsPage['made']> }) => (
  <section class="card notice" role="status" aria-labelledby="made">
    <h2 id="made">The program “{made.name}”</h2>
    <dl class="fact-list">
      <dt>Client id</dt>
      <dd>
        <code class="subject">{made.id}</code>
      </dd>
      {made.secret && (
        <>
          <dt>Secret</dt>
          <dd>
            <code class="subject">{made.secret}</code>
          </dd>
        </>
      )}
    </dl>
    {made.secret ? (
      <p>
        Copy the secret now. Nobody can show it again, and whoever has it can do what the program
        may do for you.
      </p>
    ) : (
      <p>It has no secret: what runs on people’s devices can keep none.</p>
    )}
  </section>
)

const peopleText = ({ people }: ShownClient): string =>
  people === 1 ? 'One person lets it act for them.' : `${people} people let it act for them.`

const Use = ({ one, page }: OneProps) =>
  one.lastUsedAt ? (
    <>
      Last used <Time at={one.lastUsedAt} now={page.now} />
      {one.lastUsedFrom && `, from ${one.lastUsedFrom}`}.
    </>
  ) : (
    <>Never used.</>
  )

const Secret = ({ one, viewer }: OneProps) => (
  <form method="post" action="/admin/programs/secret">
    <Csrf viewer={viewer} />
    <Hidden name="program" value={one.id} />
    <p>The secret that it has now, and all that it was given by it, is over at once.</p>
    <button type="submit" class="button button-second">
      Give a new secret<span class="visually-hidden"> to {one.name}</span>
    </button>
  </form>
)

const End = ({ one, viewer }: OneProps) => (
  <form method="post" action="/admin/programs/end">
    <Csrf viewer={viewer} />
    <Hidden name="program" value={one.id} />
    <p>
      {one.kind === 'public'
        ? 'Everybody who lets it act for them is without it from its next request on. It cannot be switched on again, only registered anew.'
        : 'It gets nothing from its next request on. It cannot be switched on again, only registered anew.'}
    </p>
    <button type="submit" class="button button-danger">
      Switch off<span class="visually-hidden"> {one.name}</span>
    </button>
  </form>
)

const Program = (props: OneProps) => {
  const { one, page } = props
  const isMine = one.owner.id === page.viewerId
  return (
    <section class="card" aria-labelledby={`program-${one.id}`}>
      <h2 id={`program-${one.id}`}>{one.name}</h2>
      <p class="quiet">
        {one.kind === 'public' ? 'On people’s devices.' : `A server, for ${one.owner.name}.`}{' '}
        Registered <Time at={one.createdAt} now={page.now} /> by {isMine ? 'you' : one.owner.name}.{' '}
        {one.kind === 'public' && peopleText(one)} <Use {...props} />
      </p>
      <dl class="fact-list">
        <dt>Client id</dt>
        <dd>
          <code class="subject">{one.id}</code>
        </dd>
        {one.redirectUris.length > 0 && (
          <>
            <dt>Answers go to</dt>
            <dd>
              {one.redirectUris.map((uri) => (
                <>
                  <code class="subject">{uri}</code>
                  <br />
                </>
              ))}
            </dd>
          </>
        )}
        <dt>At most it may</dt>
        <dd>{one.scopes.map((scope) => PERMISSIONS[scope] ?? scope).join('; ')}</dd>
      </dl>
      <details class="fold">
        <summary>
          Change<span class="visually-hidden"> {one.name}</span>
        </summary>
        {one.kind === 'server' && isMine && <Secret {...props} />}
        <End {...props} />
      </details>
    </section>
  )
}

const Programs = (props: Props) => (
  <>
    {props.page.programs.length === 0 && <p class="card quiet">None yet.</p>}
    {props.page.programs.map((one) => (
      <Program one={one} {...props} />
    ))}
  </>
)

const Scopes = ({ page }: Pick<Props, 'page'>) => (
  <fieldset id="field-scopes">
    <legend>The most that it may do</legend>
    <p class="hint">
      Never more than the person may do for whom it acts, and what they have allowed it.
    </p>
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
)

const New = ({ page, viewer }: Props) => {
  const { problems, form } = page
  const addresses = {
    path: 'redirect_uris',
    label: 'Where its answers go',
    hint: 'For programs on people’s devices: one address a line, compared to the letter. A port of this device may differ: http://127.0.0.1/back',
    problems,
    t,
    optional: true,
  }
  return (
    <form method="post" action="/admin/programs" class="card" novalidate>
      <h2>A new program</h2>
      <Csrf viewer={viewer} />
      <TextField
        path="name"
        label="Name"
        hint="As people read it when they are asked to let it in"
        value={form.name}
        maxlength={OAUTH_LIMITS.nameLength}
        problems={problems}
        t={t}
      />
      <SelectField
        path="kind"
        label="Where it runs"
        value={form.kind}
        options={KINDS}
        problems={problems}
        t={t}
      />
      <FieldFrame {...addresses}>
        <textarea {...control(addresses)} rows={3}>
          {form.redirectUris}
        </textarea>
      </FieldFrame>
      <Scopes page={page} />
      <button type="submit" class="button">
        Register it
      </button>
    </form>
  )
}

export const ProgramsView = (props: Props) => {
  const { page, viewer } = props
  return (
    <Layout viewer={viewer} title="Programs of others">
      <PeopleNav viewer={viewer} here="/admin/programs" />
      <h1>Programs of others</h1>
      <p class="lead">
        They act for people who let them in, or, as servers, for whoever registers them.
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      {page.made && <Made made={page.made} />}
      <Programs {...props} />
      <New {...props} />
    </Layout>
  )
}
