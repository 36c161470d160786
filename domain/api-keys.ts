/** Keys for programs: what one may do, and what its owner sees of it. */
import { type Permission } from './permissions.ts'
import type { FieldProblem } from './errors.ts'

export const API_KEY_LIMITS = {
  perPerson: 20,
  nameLength: 80,
  lifeDays: 730,
  usesDays: 30,
} as const

/** So that it is known in a log, a repository or a mail that it should never have got into. */
export const API_KEY_PREFIX = 'gari_'
export const API_KEY = /^gari_[\w-]{43}$/

/**
 * A program lets no other in, and makes nobody mightier: whoever has a copy of a key could give themselves an account by it, and
 * go on when it is taken away.
 */
export const NO_SCOPES: readonly Permission[] = [
  'api_keys:create',
  'oauth_clients:create',
  'users:create',
  'users:update',
  'roles:create',
  'roles:update',
  'roles:delete',
  'role_assignments:create',
  'role_assignments:delete',
]

export const scopesFor = (permissions: readonly Permission[]): Permission[] =>
  permissions.filter((one) => !NO_SCOPES.includes(one))

/** What a key does now: of its scopes, what its owner may do; nothing once the owner may have no keys. */
export const permissionsOfKey = (
  scopes: readonly Permission[],
  owner: readonly Permission[],
): Permission[] =>
  owner.includes('api_keys:create') ? scopesFor(owner).filter((one) => scopes.includes(one)) : []

export type ApiKey = {
  id: string
  name: string
  beginning: string
  scopes: Permission[]
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  /** `2026-11-27`, and how often; the last thirty days on which it was used, newest first. */
  uses: { day: string; uses: number }[]
}

export type ApiKeyForm = { name: string; days: string; scopes: string[] }

export type ApiKeysPage = {
  keys: ApiKey[]
  /** What the viewer may do, and so may hand to a key. */
  choices: Permission[]
  /** Shown this once. */
  made: { name: string; key: string } | null
  form: ApiKeyForm
  problems: FieldProblem[]
  now: Date
}
