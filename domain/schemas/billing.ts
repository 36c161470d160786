/** Who is billed, as the form about it is sent. */
import { z } from 'zod'
import { isKraPin } from '../invoices.ts'

const LENGTH = 120
export const billedPerson = z.object({
  name: z.string().trim().min(1, 'Say whose name stands on the invoice.').max(LENGTH),
  pin: z
    .string()
    .trim()
    .toUpperCase()
    .refine((text) => text === '' || isKraPin(text), 'A KRA PIN looks like P051234567X.')
    .transform((text) => text || null),
  email: z
    .string()
    .trim()
    .pipe(z.literal('').or(z.email('This is not an e-mail address.').max(LENGTH)))
    .transform((text) => text || null),
})
