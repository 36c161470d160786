/** Roles: what they allow, from whom they inherit, and to whom they are given. */
import type { Permission } from './permissions.ts'

export type RoleFacts = {
  description: string
  /** Whatever that role may do, this one may do as well. */
  parent: string | null
  permissions: Permission[]
}

export type Role = RoleFacts & {
  name: string
  /** Gari brings it along: it can be changed, but neither renamed nor taken away. */
  system: boolean
  version: number
  /** How many people have it now, not counting what they inherit. */
  people: number
}

export type RoleAssignment = {
  role: string
  givenBy: string
  /** Null where no account gave it. */
  giverName: string | null
  givenAt: Date
  expiresAt: Date | null
}

export const ROLE_LIMITS = {
  nameLength: 40,
  descriptionLength: 200,
  whyLength: 200,
  lifeDays: 3650,
} as const
export const ROLE_NAME = /^[a-z][a-z0-9_]{1,39}$/

/** Who has both can mend whatever is wrong with roles; somebody who has them must always be left. */
export const GOVERNING: readonly Permission[] = ['role_assignments:create', 'roles:update']

/** Every customer has it by being one; staff inherit from it. */
export const BY_KIND = 'customer'

/** What it has from its ancestors and not by itself, in the order of the catalogue's names. */
export function inheritedBy(role: Role, all: readonly Role[]): Permission[] {
  const byName = new Map(all.map((one) => [one.name, one]))
  const seen = new Set([role.name])
  const found = new Set<Permission>()
  for (let next = role.parent; next !== null && !seen.has(next);) {
    seen.add(next)
    const parent = byName.get(next)
    for (const permission of parent?.permissions ?? []) found.add(permission)
    next = parent?.parent ?? null
  }
  return [...found].filter((one) => !role.permissions.includes(one)).toSorted()
}
