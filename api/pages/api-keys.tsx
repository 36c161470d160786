/** One's keys for programs: make one, see it once, see how the others are used, take one back. */
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { scopesFor, type ApiKeyForm, type ApiKeysPage } from '../../domain/api-keys.ts'
import { can } from '../../domain/policies.ts'
import { apiKeyForm } from '../../domain/schemas/api-keys.ts'
import { DAY_MS } from '../../domain/time.ts'
import { listApiKeys, revokeApiKey } from '../../db/api-keys.ts'
import { inTransaction } from '../../db/connection.ts'
import { ApiKeysView } from '../../views/api-keys.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId, parseInput } from '../input.ts'
import { makeApiKey, SIGN_IN_FOR_KEYS } from '../making-keys.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertFresh } from '../second-factor.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/api-keys'
const NEW: ApiKeyForm = { name: '', days: '90', scopes: [] }
const mayHaveKeys = (actor: Actor) => can(actor, 'api_keys:create')

type Fields = Record<string, string | File | (string | File)[]>
const textOf = (fields: Fields, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value.slice(0, 300) : ''
}
const typedIn = (fields: Fields): ApiKeyForm => ({
  name: textOf(fields, 'name'),
  days: textOf(fields, 'days'),
  scopes: [fields['scopes'] ?? []].flat().filter((one) => typeof one === 'string'),
})

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form = NEW, problems = [], made = null }: Partial<ApiKeysPage> = {},
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, mayHaveKeys)
  const keys = await listApiKeys(deps.db, actor.userId)
  const choices = scopesFor(actor.permissions)
  const page = { keys, choices, made, form, problems, now: deps.now() }
  return c.html(<ApiKeysView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function readForm(c: Context<Env>): Promise<Fields> {
  const fields = await c.req.parseBody({ all: true })
  c.set('address', PATH)
  assertCsrf(c, fields)
  return fields
}

export function createApiKeyPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, async (c) => {
    const actor = staff(c, mayHaveKeys)
    const form = typedIn(await readForm(c))
    try {
      assertFresh(c.get('session'), SIGN_IN_FOR_KEYS)
      const { name, scopes, days } = parseInput(apiKeyForm, form)
      const expiresAt = days === null ? null : new Date(deps.now().getTime() + days * DAY_MS)
      const { key } = await makeApiKey(
        deps,
        { actor, tokenHash: c.get('session').tokenHash },
        { name, scopes, expiresAt },
      )
      // Shown in this answer and nowhere else, so it leads to no other page.
      return await show(c, deps, { made: { name, key } })
    } catch (error) {
      const refused = toBusinessError(error)
      if (!['INVALID_INPUT', 'SIGN_IN_AGAIN'].includes(refused.code)) throw error
      return show(c, deps, { form, problems: problemsIn(refused) }, statusOf(refused.code))
    }
  })
  pages.post(`${PATH}/revoke`, async (c) => {
    const { userId } = staff(c, mayHaveKeys)
    const id = textOf(await readForm(c), 'key')
    if (isId(id)) await inTransaction(deps.db, (tx) => revokeApiKey(tx, userId, id))
    return c.redirect(PATH, 303)
  })
  return pages
}
