/** What administrators send about roles and people. */
import { z } from 'zod'
import { isPermission, PERMISSIONS, type Permission } from '../permissions.ts'
import { ROLE_LIMITS, ROLE_NAME, type RoleFacts } from '../roles.ts'
import { DAY_MS, parseTime } from '../time.ts'
import { email } from './accounts.ts'
import { kenyanMobile } from './phones.ts'
import { personName } from './requests.ts'

const MOST_PERMISSIONS = Object.keys(PERMISSIONS).length

export const roleName = z
  .string('Give the role a name.')
  .trim()
  .regex(ROLE_NAME, 'A name has small letters, digits and _, and begins with a letter: night_desk.')

const permission = z
  .string()
  .max(80)
  .transform((name, ctx): Permission => {
    if (isPermission(name)) return name
    ctx.addIssue('There is no such permission.')
    return z.NEVER
  })

const facts = {
  description: z
    .string('Say what the role is for.')
    .trim()
    .min(1, 'Say what the role is for.')
    .max(ROLE_LIMITS.descriptionLength, `At most ${ROLE_LIMITS.descriptionLength} characters.`),
  parent: roleName.nullable().default(null),
  permissions: z
    .array(permission)
    .max(MOST_PERMISSIONS, 'There are not so many permissions.')
    .transform((names) => [...new Set(names)]),
}

export const roleRequest = z.strictObject(facts) satisfies z.ZodType<RoleFacts>
export const newRoleRequest = z.strictObject({ name: roleName, ...facts })

/** The form sends an empty text for no parent, and a box that is not ticked not at all. */
export const roleForm = z.object({
  ...facts,
  parent: z
    .union([z.literal('').transform(() => null), roleName], 'There is no such role.')
    .default(null),
  permissions: z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    facts.permissions,
  ),
})

const inTheFuture = (at: Date) =>
  at.getTime() > Date.now() && at.getTime() < Date.now() + ROLE_LIMITS.lifeDays * DAY_MS

export const roleGift = z.strictObject({
  expires_at: z.iso
    .datetime({ offset: true, error: 'Say the time as 2026-11-27T10:00:00+03:00.' })
    .transform((text) => new Date(text))
    .refine(inTheFuture, 'Say a time to come, within ten years.')
    .nullable()
    .default(null),
})

/** A form's times are Nairobi's, and an empty one is none. */
export const roleGiftForm = z.object({
  role: z.string().min(1, 'Choose a role.').pipe(roleName),
  expires_at: z
    .string()
    .default('')
    .transform((text) => (text === '' ? null : (parseTime(text) ?? new Date(NaN))))
    .refine((at) => at === null || inTheFuture(at), 'Say a time to come, within ten years.'),
})

/** Suspended: kept out by us. Inactive: no longer needed. Deleted: gone from the list of customers. Erasing is another matter. */
export const statusRequest = z.strictObject({
  status: z.enum(['active', 'inactive', 'suspended', 'deleted'], {
    error: 'Say active, inactive, suspended or deleted.',
  }),
  why: z
    .string('Say why.')
    .trim()
    .min(1, 'Say why.')
    .max(ROLE_LIMITS.whyLength, `At most ${ROLE_LIMITS.whyLength} characters.`),
})

/** Why somebody's second step is turned off for them. */
export const factorRemoval = statusRequest.pick({ why: true })
/** On a page that asks for another reason, too. */
export const factorRemovalForm = z.object({ why_no_factor: statusRequest.shape.why })

/** Somebody who works here. */
export const colleague = z.strictObject({
  kind: z.enum(['employee', 'admin'], { error: 'Say employee or admin.' }).default('employee'),
  email,
  first_name: personName,
  last_name: personName,
  phone: z
    .string()
    .trim()
    .transform((text) => (text === '' ? null : text))
    .pipe(kenyanMobile.nullable())
    .nullish()
    .transform((phone) => phone ?? null),
})
