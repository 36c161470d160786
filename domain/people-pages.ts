/** What the administrators' pages show: people and roles. */
import type { UserStatus } from './accounts.ts'
import type { FieldProblem } from './errors.ts'
import type { Permission } from './permissions.ts'
import type { Role, RoleAssignment } from './roles.ts'

export type PeopleKind = 'staff' | 'customers'

export type PersonRow = {
  id: string
  name: string
  email: string | null
  maskedPhone: string
  staff: boolean
  customerNumber: string | null
  status: UserStatus
  roles: string[]
  lastLoginAt: Date | null
}

export type PeoplePage = {
  rows: PersonRow[]
  search: string
  kind: PeopleKind
  next: string | null
  mayInvite: boolean
  now: Date
}

export type NewColleaguePage = { form: Record<string, string>; problems: FieldProblem[] }

export type PersonPage = {
  person: PersonRow & { createdAt: Date }
  /** Whole, once somebody asked for it. */
  contact: { email: string | null; phone: string | null } | null
  mayReveal: boolean
  assignments: RoleAssignment[]
  /** Roles that they have not, for giving; empty where the viewer gives none. */
  choices: { value: string; text: string }[]
  mayTake: boolean
  mayChangeStatus: boolean
  hasSecondFactor: boolean
  /** Whether they look after what people may ask of us about their data. */
  seesRights: boolean
  /** Whether they look after customers. */
  seesCustomers: boolean
  /** One's own account is nobody's to change here. */
  isViewer: boolean
  form: Record<string, string>
  problems: FieldProblem[]
  now: Date
}

export type RolesPage = { rows: (Role & { inherited: Permission[] })[]; mayCreate: boolean }

export type RoleForm = { name: string; description: string; parent: string; permissions: string[] }
export type RolePage = {
  /** Null for a new one. */
  role: Role | null
  inherited: Permission[]
  form: RoleForm
  version: number
  parents: { value: string; text: string }[]
  people: { id: string; name: string }[]
  mayChange: boolean
  mayDelete: boolean
  problems: FieldProblem[]
}
