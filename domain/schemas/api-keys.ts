/** What somebody says of a key that they want to make. */
import { z } from 'zod'
import { API_KEY_LIMITS } from '../api-keys.ts'
import { isPermission, type Permission } from '../permissions.ts'
import { DAY_MS } from '../time.ts'

const name = z
  .string('Give the key a name.')
  .trim()
  .min(1, 'Give the key a name.')
  .max(API_KEY_LIMITS.nameLength, `At most ${API_KEY_LIMITS.nameLength} characters.`)
  .regex(/^[^\p{Cc}<>]*$/u, 'A name cannot have the signs < and >, nor line breaks.')

const MOST_SCOPES = 200

export const scopes = z
  .array(z.string().max(80), 'Say what it may do.')
  .min(1, 'Say what it may do.')
  .max(MOST_SCOPES, 'There are not so many permissions.')
  .transform((names, ctx): Permission[] => {
    const unknown = names.find((one) => !isPermission(one))
    if (unknown === undefined) return [...new Set(names.filter(isPermission))]
    ctx.addIssue(`There is no permission ${unknown}.`)
    return z.NEVER
  })

const isWithinLimits = (at: Date): boolean =>
  at.getTime() > Date.now() && at.getTime() < Date.now() + API_KEY_LIMITS.lifeDays * DAY_MS

export const apiKeyRequest = z.strictObject({
  name,
  scopes,
  expires_at: z.iso
    .datetime({ offset: true, error: 'Say the time as 2026-11-27T10:00:00+03:00.' })
    .transform((text) => new Date(text))
    .refine(isWithinLimits, 'Say a time to come, within two years.')
    .nullable()
    .default(null),
})

/** Whole days from now; the form offers a few, and none at all is one of them. */
export const KEY_DAYS = ['30', '90', '365', ''] as const
export const apiKeyForm = z.object({
  name,
  scopes,
  days: z
    .enum(KEY_DAYS, { error: 'Choose how long it is good.' })
    .transform((days) => (days === '' ? null : Number(days))),
})
