/** An address as people in Kenya write it: a building and its road, an estate, a box of the post office, a town and its county. */
import { z } from 'zod'
import { ADDRESS_KINDS, CUSTOMER_LIMITS, type CustomerAddress } from '../customers.ts'
import { ONE_LINE } from './texts.ts'

const { lineLength } = CUSTOMER_LIMITS
const BOX = /^(?:p\.?\s*o\.?\s*box\s*)?/i

const written = (most: number) =>
  z
    .string('Write something here.')
    .trim()
    .max(most, `At most ${most} characters.`)
    .regex(ONE_LINE, 'No control characters.')
const line = written(lineLength).min(1, 'Write something here.')
const more = written(lineLength).default('')

/** People write the words before the number, or leave them out. */
const poBox = z
  .string()
  .trim()
  .transform((text) => text.replace(BOX, ''))
  .pipe(z.string().regex(/^(?:\d{1,6})?$/, 'Give the number of the box, like 12345.'))
  .default('')

const postcode = z
  .string()
  .trim()
  .max(20, 'At most 20 characters.')
  .regex(/^[A-Za-z0-9 -]*$/, 'Letters and digits only.')
  .default('')

export const addressLines = {
  line1: more,
  line2: more,
  po_box: poBox,
  city: line,
  state: more,
  postcode,
  country: line.default('Kenya'),
}
type Lines = { [name in keyof typeof addressLines]: string }

export const hasPlace = ({ line1, po_box }: Pick<Lines, 'line1' | 'po_box'>): boolean =>
  line1 !== '' || po_box !== ''
export const NO_PLACE = { error: 'Say a building and road, or a P.O. Box.', path: ['line1'] }

export const toAddress = <A extends Pick<Lines, 'po_box'>>({ po_box: poBox, ...rest }: A) => ({
  ...rest,
  poBox,
})

const primary = z.boolean().default(false)
/** Its kind stands in the path. */
export const addressRequest = z
  .strictObject({ ...addressLines, primary })
  .refine(hasPlace, NO_PLACE)
  .transform(toAddress)

export const addressKind = z.enum(ADDRESS_KINDS, { error: 'Choose what the address is for.' })

const typedVersion = z
  .string('Load the page again.')
  .regex(/^\d{1,9}$/, 'Load the page again.')
  .transform(Number)
export const removedAddress = z.object({ kind: addressKind, version: typedVersion })

/** A form: what is not ticked is not sent. */
export const addressForm = z
  .object({
    kind: addressKind,
    ...addressLines,
    primary: z
      .string()
      .optional()
      .transform((text) => text === 'yes'),
    version: typedVersion,
  })
  .refine(hasPlace, NO_PLACE)
  .transform(({ version, ...rest }): { version: number; address: CustomerAddress } => ({
    version,
    address: toAddress(rest),
  }))
