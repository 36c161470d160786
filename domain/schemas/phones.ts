/** Kenyan mobile numbers, the only ones M-Pesa can ask. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { z } from 'zod'

/** Longer than any way of writing a number, short enough to parse without thinking. */
const LONGEST_INPUT = 32

/**
 * `07…`, `01…`, `254…` and `+254…`, with spaces or dashes, as E.164 (`+2547…`). Null for anything else: landlines,
 * other countries, extensions, numbers inside a sentence.
 */
export const parseKenyanMobile = (text: string): string | null => {
  if (text.length > LONGEST_INPUT) return null
  const number = parsePhoneNumberFromString(text.trim(), { defaultCountry: 'KE', extract: false })
  if (!number || number.country !== 'KE' || number.ext || !number.isValid()) return null
  return number.number
}

export const kenyanMobile = z.string('Give a mobile number.').transform((text, context): string => {
  const phone = parseKenyanMobile(text)
  if (phone) return phone
  context.addIssue({
    code: 'custom',
    message: 'Give a Kenyan mobile number, like 0712 345 678.',
  })
  return z.NEVER
})
