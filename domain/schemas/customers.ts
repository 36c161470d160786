/** What staff send about a customer. A number, a state, points, a level and whose anything is are never theirs to say. */
import { z } from 'zod'
import {
  ADDRESS_KINDS,
  CUSTOMER_LIMITS,
  type CustomerAddress,
  type CustomerFacts,
  type Licence,
} from '../customers.ts'
import { email } from './accounts.ts'
import { addressLines, hasPlace, NO_PLACE, toAddress } from './addresses.ts'
import { kenyanMobile } from './phones.ts'
import { personName } from './requests.ts'
import { LINES } from './texts.ts'

const { lineLength, notesLength, oldestYear, licenceLength } = CUSTOMER_LIMITS

const written = (most: number) =>
  z.string().trim().max(most, `At most ${most} characters.`).regex(LINES, 'No control characters.')
const line = written(lineLength).min(1, 'Write something here.')

const address = z
  .strictObject({
    kind: z.enum(ADDRESS_KINDS, { error: `Say ${ADDRESS_KINDS.join(', ')}.` }),
    ...addressLines,
    primary: z.boolean().default(false),
  })
  .refine(hasPlace, NO_PLACE)
  .transform(toAddress)

const inOrder = (all: CustomerAddress[]) =>
  all.toSorted((one, other) => ADDRESS_KINDS.indexOf(one.kind) - ADDRESS_KINDS.indexOf(other.kind))

const addresses = z
  .array(address)
  .max(ADDRESS_KINDS.length, 'At most one address of each kind.')
  .refine((all) => new Set(all.map(({ kind }) => kind)).size === all.length, {
    error: 'At most one address of each kind.',
    abort: true,
  })
  .refine((all) => all.filter(({ primary }) => primary).length <= 1, {
    error: 'Only one address is the primary one.',
    abort: true,
  })
  .transform(inOrder)

/** Letters and digits, with blanks, dashes and strokes between them: what the index leaves out, and no more. */
export const LICENCE = /^[A-Za-z0-9](?:[A-Za-z0-9 /.-]*[A-Za-z0-9])?$/

const licence = z
  .strictObject({
    number: z
      .string()
      .trim()
      .max(licenceLength, `At most ${licenceLength} characters.`)
      .regex(LICENCE, 'Give the number as it is printed: letters and digits.'),
    country: line.default('Kenya'),
    state: written(lineLength).default(''),
    expires_on: z.iso.date('Say a day as 2027-01-31.').nullable().default(null),
  })
  .transform(({ expires_on: expiresOn, ...rest }): Licence => ({ ...rest, expiresOn }))

const isBirthday = (text: string): boolean => {
  const at = new Date(text).getTime()
  return at >= Date.UTC(oldestYear, 0) && at <= Date.now()
}

const facts = {
  first_name: personName,
  last_name: personName,
  phone: kenyanMobile,
  email: email.nullable(),
  language: z.enum(['en', 'sw'], { error: 'Say en or sw.' }),
  date_of_birth: z.iso
    .date('Say a day as 1990-01-31.')
    .refine(isBirthday, 'Nobody was born on that day.')
    .nullable(),
  licence: licence.nullable(),
  notes: written(notesLength).nullable(),
  addresses,
}

const rest = {
  email: facts.email.default(null),
  language: facts.language.default('en'),
  date_of_birth: facts.date_of_birth.default(null),
  licence: facts.licence.default(null),
  notes: facts.notes.default(null),
  addresses: facts.addresses.default([]),
}

/** Whom we cannot reach by phone cannot be asked to pay. */
export const newCustomerRequest = z.strictObject({ ...facts, ...rest })
/** All that is not said is not known. */
export const customerRequest = z.strictObject({
  ...facts,
  ...rest,
  phone: facts.phone.nullable().default(null),
})
/** What is not said stays as it is; null takes away what was known. */
export const customerPatch = z
  .strictObject({ ...facts, phone: facts.phone.nullable() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'Say what to change.')

const NAMES = {
  first_name: 'firstName',
  last_name: 'lastName',
  phone: 'phone',
  email: 'email',
  language: 'language',
  date_of_birth: 'bornOn',
  licence: 'licence',
  notes: 'notes',
  addresses: 'addresses',
} as const satisfies Record<keyof typeof facts, keyof CustomerFacts>

const named = (said: object) =>
  Object.fromEntries(
    Object.entries(said).map(([name, value]) => [NAMES[name as keyof typeof NAMES], value]),
  )

export const toCustomerFacts = (said: z.infer<typeof customerRequest>): CustomerFacts =>
  named(said) as CustomerFacts
export const toCustomerChanges = (said: z.infer<typeof customerPatch>): Partial<CustomerFacts> =>
  named(said)
