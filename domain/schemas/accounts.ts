/** What people send to get an account and to get in. */
import { z } from 'zod'
import { PASSWORD } from '../accounts.ts'
import { kenyanMobile } from './phones.ts'
import { personName } from './requests.ts'

export const email = z
  .string('Say your e-mail.')
  .trim()
  .max(254, 'This e-mail is too long.')
  .pipe(z.email('This is not an e-mail address.'))
  .transform((text) => text.toLowerCase())

export const newPassword = z
  .string('Choose a password.')
  .min(PASSWORD.minimum, `A password has at least ${PASSWORD.minimum} characters.`)
  .max(PASSWORD.maximum, `A password has at most ${PASSWORD.maximum} characters.`)

export const registration = z.object({
  email,
  password: newPassword,
  first_name: personName,
  last_name: personName,
  phone: kenyanMobile,
})
export type Registration = z.infer<typeof registration>

/** The two parts of the mailed link, and what was chosen when registering. */
export const registrationProof = z.object({
  id: z.uuid('This link is not complete. Open it from the mail again.'),
  token: z.string().min(1).max(200),
  password: z
    .string('Say your password.')
    .min(1)
    .max(PASSWORD.maximum, 'This password is too long.'),
})

export const credentials = z.object({
  email: z
    .string('Say your e-mail.')
    .trim()
    .min(1, 'Say your e-mail.')
    .max(254, 'This e-mail is too long.'),
  password: z
    .string('Say your password.')
    .min(1, 'Say your password.')
    .max(PASSWORD.maximum, 'This password is too long.'),
})

/** Programs send both at once. */
export const programCredentials = credentials.extend({
  code: z
    .string()
    .max(20, 'This code is too long.')
    .optional()
    .meta({ description: 'Of the app, or one from paper, where the account has a second factor' }),
  device_token: z.string().max(200, 'This is no device_token.').optional().meta({
    description: 'Of an earlier sign-in here: strangers’ guesses are then not counted for you',
  }),
})

export const forgotPassword = z.object({ email })
export const resetPassword = z.object({
  id: z.uuid('This link is not complete. Open it from the mail again.'),
  token: z.string().min(1).max(200),
  password: newPassword,
})
export const changePassword = z.object({
  current_password: credentials.shape.password,
  new_password: newPassword,
})

export const phoneSignIn = z.object({ phone: kenyanMobile, name: personName })
const code = z
  .string('The code has six digits.')
  // Phones and people write it in two groups.
  .transform((text) => text.replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'The code has six digits.'))
export const codeSignIn = phoneSignIn.extend({ code })

export const newPhone = z.object({ phone: kenyanMobile })
export const provenPhone = newPhone.extend({ code })
export const newEmail = z.object({ email })
