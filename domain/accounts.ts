/** People who sign in. */
import type { Permission } from './permissions.ts'

/** The roles that Gari brings along; what they allow, and which others there are, is data. */
export const SYSTEM_ROLES = [
  'customer',
  'staff',
  'owner',
  'desk',
  'workshop',
  'sales',
  'finance',
  'manager',
  'operations',
  'admin',
] as const
export type SystemRole = (typeof SYSTEM_ROLES)[number]
export type UserKind = 'customer' | 'employee' | 'admin'
export type UserStatus = 'active' | 'inactive' | 'suspended' | 'deleted'

/** Who is asking. Guests who proved their phone by a code are customers without an e-mail. */
export type Actor = {
  userId: string
  kind: UserKind
  /** Those that were given, without the ones they inherit from. */
  roles: string[]
  permissions: Permission[]
  firstName: string
  lastName: string
  email: string | null
  phone: string | null
  language: 'en' | 'sw'
  hasSecondFactor?: boolean
  /** Works here and has no second factor yet, where the house asks for one: may do nothing before. */
  mustEnrol?: boolean
}

export const SESSION = {
  idleMs: 12 * 60 * 60 * 1000,
  absoluteMs: 14 * 24 * 60 * 60 * 1000,
} as const

/** Whoever has a copy of one can use it for so long, and not at all once its session is over. */
export const ACCESS_TOKEN_MS = 10 * 60 * 1000

/** How long a mailed link is good. A reset is one of the few things that let a stranger in, so it is short. */
export const LINK_LIFE_MS = {
  verify_email: 24 * 60 * 60 * 1000,
  reset_password: 60 * 60 * 1000,
  invitation: 7 * 24 * 60 * 60 * 1000,
  password_changed: 24 * 60 * 60 * 1000,
  factor_changed: 24 * 60 * 60 * 1000,
  wrong_codes: 24 * 60 * 60 * 1000,
  key_made: 24 * 60 * 60 * 1000,
  new_email: 24 * 60 * 60 * 1000,
  email_changed: 7 * 24 * 60 * 60 * 1000,
  email_left: 24 * 60 * 60 * 1000,
  phone_changed: 7 * 24 * 60 * 60 * 1000,
} as const

/** How long what somebody typed waits for the link that makes an account of it. */
export const REGISTRATION_MS = 24 * 60 * 60 * 1000

/** A one-time code by SMS: six digits, ten minutes, five tries. */
export const ONE_TIME_CODE = { digits: 6, lifeMs: 10 * 60 * 1000, attempts: 5 } as const
/** For whoever has lost their phone: fifty random bits each, far beyond guessing through a limit. */
export const RECOVERY_CODES = { number: 10, letters: 10 } as const
/** How long a sign-in waits for its second step. */
export const SECOND_STEP_MS = 10 * 60 * 1000
export const PASSWORD = { minimum: 8, maximum: 128 } as const
