/** Numbers that people read off paper at the desk. */
import { z } from 'zod'

/** Slips and bank references: what a person can read off paper. */
const reference = (what: string) =>
  z
    .string(`Write ${what}.`)
    .trim()
    .transform((text) => text.replaceAll(/\s+/g, ' ').toUpperCase())
    .pipe(z.string().regex(/^[A-Z0-9][A-Z0-9 ./-]{1,39}$/, `Write ${what}: letters and digits.`))

export const terminal = reference('the terminal’s number')
export const slip = reference('the slip’s number')
export const bankReference = reference('the bank’s reference')
/** A terminal numbers its settlements, often from 1. */
export const batch = z
  .string('Write the batch number.')
  .trim()
  .toUpperCase()
  .pipe(z.string().regex(/^[A-Z0-9][A-Z0-9 ./-]{0,39}$/, 'Write the batch: letters and digits.'))
