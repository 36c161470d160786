/** What is sent with a picture of an id or a licence, and what is decided about it. */
import { z } from 'zod'
import { IDENTITY_KINDS, REFUSAL_REASONS } from '../identity-documents.ts'
import { CUSTOMER_LIMITS } from '../customers.ts'
import { LICENCE } from './customers.ts'

const day = z.iso.date('Say a day as 2027-01-31.')
/** An empty field of a form was not filled in. */
const orNothing = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable().default(null))

const most = CUSTOMER_LIMITS.licenceLength
const number = z
  .string()
  .trim()
  .max(most, `At most ${most} characters.`)
  .regex(LICENCE, 'Give the number as it is printed: letters and digits.')

/** The number and the day belong to the front of a licence. */
export const identityFields = z
  .strictObject({
    kind: z.enum(IDENTITY_KINDS, { error: 'Say what is on the picture.' }),
    licence_number: orNothing(number),
    licence_expires_on: orNothing(day),
  })
  .refine(({ kind, ...rest }) => kind === 'licence_front' || !rest.licence_number, {
    path: ['licence_number'],
    error: 'Give the number with the front of the licence.',
  })
  .refine(({ licence_number: given, licence_expires_on: until }) => given || !until, {
    path: ['licence_number'],
    error: 'Give the number of the licence as well.',
  })

export const acceptance = z.strictObject({ valid_until: orNothing(day) })
export const refusal = z.strictObject({
  reason: z.enum(REFUSAL_REASONS, { error: 'Say why.' }),
})
