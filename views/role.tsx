/** One role: a box for each thing that can be allowed, grouped by what it is about. */
import type { RolePage } from '../domain/people-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { PERMISSIONS, splitPermission, type Permission } from '../domain/permissions.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { PeopleNav } from './parts/people-nav.tsx'
import { roleText } from './people.tsx'

const t = speak('en')
const ALL = Object.keys(PERMISSIONS) as Permission[]

type Props = { page: RolePage; viewer: Viewer }

/** `own_payments` is `Own payments`. */
const headingOf = (resource: string): string => {
  const text = resource.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What is inherited is ticked and cannot be unticked here. */
const Box = ({ name, page }: { name: Permission; page: RolePage }) => {
  const inherited = page.inherited.includes(name)
  return (
    <label class="check">
      <input
        type="checkbox"
        name="permissions"
        value={name}
        checked={inherited || page.form.permissions.includes(name)}
        disabled={inherited || !page.mayChange}
      />
      <span>
        {PERMISSIONS[name]}
        {inherited && <span class="quiet"> (inherited)</span>}
      </span>
    </label>
  )
}

const Permissions = ({ page }: { page: RolePage }) => {
  const resources = new Set(ALL.map((name) => splitPermission(name).resource))
  return (
    <div class="permission-groups">
      {[...resources].map((resource) => (
        <fieldset>
          <legend>{headingOf(resource)}</legend>
          {ALL.filter((name) => splitPermission(name).resource === resource).map((name) => (
            <Box name={name} page={page} />
          ))}
        </fieldset>
      ))}
    </div>
  )
}

const Form = ({ page, viewer }: Props) => (
  <form
    method="post"
    action={page.role ? `/admin/roles/${page.role.name}` : '/admin/roles'}
    class="card"
    novalidate
  >
    <Csrf viewer={viewer} />
    <Hidden name="version" value={String(page.version)} />
    {!page.role && (
      <TextField
        path="name"
        label="Name"
        hint="Small letters, digits and _, such as night_desk"
        value={page.form.name}
        problems={page.problems}
        t={t}
      />
    )}
    <TextField
      path="description"
      label="What it is for"
      value={page.form.description}
      problems={page.problems}
      t={t}
    />
    <SelectField
      path="parent"
      label="Inherits from"
      hint="It may do whatever that role may do."
      value={page.form.parent}
      options={[{ value: '', text: 'No role' }, ...page.parents]}
      problems={page.problems}
      t={t}
    />
    <h2>What it allows</h2>
    <Permissions page={page} />
    {page.mayChange && (
      <button type="submit" class="button">
        {page.role ? 'Save' : 'Make the role'}
      </button>
    )}
  </form>
)

const People = ({ page, viewer }: Props) => (
  <section class="card" aria-labelledby="people">
    <h2 id="people">Who has it</h2>
    {page.role?.name === 'customer' ? (
      <p>Every customer, and all staff by inheriting.</p>
    ) : page.people.length === 0 ? (
      <p class="quiet">Nobody.</p>
    ) : (
      <ul class="payments">
        {page.people.map(({ id, name }) => (
          <li>
            <a href={`/admin/people/${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    )}
    {page.role && page.mayDelete && (
      <form method="post" action={`/admin/roles/${page.role.name}/remove`}>
        <Csrf viewer={viewer} />
        <button type="submit" class="button button-second">
          Take the role away for good
        </button>
      </form>
    )}
  </section>
)

export const RoleView = (props: Props) => {
  const { page, viewer } = props
  const title = page.role ? headingOf(roleText(page.role.name)) : 'New role'
  return (
    <Layout viewer={viewer} title={title} width="wide">
      <PeopleNav viewer={viewer} here="/admin/roles" />
      <h1>{title}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      <div class={page.role ? 'role-columns' : undefined}>
        <Form {...props} />
        {page.role && <People {...props} />}
      </div>
    </Layout>
  )
}
