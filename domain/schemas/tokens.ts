/** What programs send to stay signed in, and what somebody may say of themselves over REST. */
import { z } from 'zod'
import { kenyanMobile } from './phones.ts'
import { personName } from './requests.ts'

const LONGEST_TOKEN = 200

export const refreshRequest = z.strictObject({
  refresh_token: z
    .string('Send the refresh_token of your last sign-in.')
    .min(1, 'Send the refresh_token of your last sign-in.')
    .max(LONGEST_TOKEN, 'This is no refresh token.'),
})

/** Kind, roles and the e-mail are not somebody's own to change. */
export const profileChange = z
  .strictObject({
    first_name: personName,
    last_name: personName,
    phone: kenyanMobile,
    language: z.enum(['en', 'sw'], { error: 'Say en or sw.' }),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Say what to change.')
