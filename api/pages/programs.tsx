/** Programs of others, for administrators: which there are, a new one, a new secret, and the end of one. */
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { NO_SCOPES } from '../../domain/api-keys.ts'
import type { FieldProblem } from '../../domain/errors.ts'
import type { ProgramForm, ProgramsPage } from '../../domain/oauth.ts'
import { PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import { can } from '../../domain/policies.ts'
import { oauthClientRequest } from '../../domain/schemas/oauth.ts'
import { inTransaction } from '../../db/connection.ts'
import { listOauthClients, revokeOauthClient } from '../../db/oauth-clients.ts'
import { ProgramsView } from '../../views/programs.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId, parseInput } from '../input.ts'
import { SIGN_IN_FOR_KEYS, type Maker } from '../making-keys.ts'
import { giveNewSecret, registerProgram, type WithSecret } from '../making-programs.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertFresh } from '../second-factor.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/admin/programs'
const NEW: ProgramForm = { name: '', kind: 'public', redirectUris: '', scopes: [] }
/** Longer than every address that is allowed, so that one too many or too long is said and not cut. */
const LONGEST_TEXT = 4_000
const CHOICES = (Object.keys(PERMISSIONS) as Permission[]).filter((one) => !NO_SCOPES.includes(one))

const mayRegister = (actor: Actor) => can(actor, 'oauth_clients:create')

type Fields = Record<string, string | File | (string | File)[]>
const textOf = (fields: Fields, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : ''
}
const typedIn = (fields: Fields): ProgramForm => ({
  name: textOf(fields, 'name'),
  kind: textOf(fields, 'kind'),
  redirectUris: textOf(fields, 'redirect_uris'),
  scopes: [fields['scopes'] ?? []].flat().filter((one) => typeof one === 'string'),
})

const linesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))

const wishOf = ({ name, kind, redirectUris, scopes }: ProgramForm) => ({
  name,
  kind,
  scopes,
  ...(kind === 'public' ? { redirect_uris: linesOf(redirectUris) } : {}),
})

/** The addresses stand in one field, so what is wrong with one says in which line. */
const toFormProblem = ({ path, message }: FieldProblem): FieldProblem => {
  const line = /^redirect_uris\.(\d+)$/.exec(path)?.[1]
  return line === undefined
    ? { path, message }
    : { path: 'redirect_uris', message: `Line ${Number(line) + 1}: ${message}` }
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form = NEW, problems = [], made = null }: Partial<ProgramsPage> = {},
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const { userId } = staff(c, mayRegister)
  const programs = await listOauthClients(deps.db)
  const now = deps.now()
  const page = { programs, viewerId: userId, choices: CHOICES, made, form, problems, now }
  return c.html(<ProgramsView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function readForm(c: Context<Env>): Promise<Fields> {
  const fields = await c.req.parseBody({ all: true })
  c.set('address', PATH)
  assertCsrf(c, fields)
  return fields
}

const toMade = ({ client, secret }: WithSecret): ProgramsPage['made'] => ({
  name: client.name,
  id: client.id,
  secret,
})

/** Shown in this answer and nowhere else, so it leads to no other page. What was typed stays where it is refused. */
async function showMade(
  c: Context<Env>,
  deps: ApiDeps,
  form: ProgramForm,
  make: () => Promise<WithSecret>,
) {
  try {
    assertFresh(c.get('session'), SIGN_IN_FOR_KEYS)
    return await show(c, deps, { made: toMade(await make()) })
  } catch (error) {
    const refused = toBusinessError(error)
    if (!['INVALID_INPUT', 'SIGN_IN_AGAIN'].includes(refused.code)) throw error
    const problems = problemsIn(refused).map(toFormProblem)
    return show(c, deps, { form, problems }, statusOf(refused.code))
  }
}

const makerOf = (c: Context<Env>, actor: Actor): Maker => ({
  actor,
  tokenHash: c.get('session').tokenHash,
})

export function createProgramPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, async (c) => {
    const actor = staff(c, mayRegister)
    const form = typedIn(await readForm(c))
    return showMade(c, deps, form, () =>
      registerProgram(deps, makerOf(c, actor), parseInput(oauthClientRequest, wishOf(form))),
    )
  })
  pages.post(`${PATH}/secret`, async (c) => {
    const actor = staff(c, mayRegister)
    const id = textOf(await readForm(c), 'program')
    if (!isId(id)) return c.redirect(PATH, 303)
    return showMade(c, deps, NEW, () => giveNewSecret(deps, makerOf(c, actor), id))
  })
  pages.post(`${PATH}/end`, async (c) => {
    const { userId } = staff(c, mayRegister)
    const id = textOf(await readForm(c), 'program')
    if (isId(id)) await inTransaction(deps.db, (tx) => revokeOauthClient(tx, id, userId))
    return c.redirect(PATH, 303)
  })
  return pages
}
