/** What staff send and type about money at the desk. Messages stand beside the field. */
import { z } from 'zod'
import { COMPANY_LIMITS, type CompanyFacts } from '../companies.ts'
import { cents, readShillings, type Cents } from '../money.ts'
import { DENOMINATIONS, type Tender } from '../tenders.ts'
import { DIFFERENCE_REASONS, type Counts, type DifferenceReason } from '../tills.ts'
import { email } from './accounts.ts'
import { kenyanMobile } from './phones.ts'
import { bankReference, slip, terminal } from './references.ts'
import { personName } from './requests.ts'

const whole = (what: string) =>
  z.string(`Write ${what}.`).transform((text, context): Cents => {
    const amount = text.trim() === '0' ? cents(0) : readShillings(text)
    if (amount !== null) return amount
    context.addIssue({
      code: 'custom',
      message: `Write ${what} in whole shillings, like 4,500.`,
    })
    return z.NEVER
  })
const some = (what: string) =>
  whole(what).refine((amount) => amount > 0, `Write ${what} in whole shillings, like 4,500.`)

const taking = {
  amount: some('the amount'),
  partyId: z.union([z.literal(''), z.uuid('This is nobody of this booking.')]).default(''),
  paymentId: z.uuid('Load the page again.'),
}

/** One form for each way; the fields of the others are not looked at. */
const FORMS = {
  cash: z.object({
    ...taking,
    given: some('the cash you were given'),
    keepChange: z.string().optional(),
  }),
  credit_card: z.object({ ...taking, terminal, slip }),
  debit_card: z.object({ ...taking, terminal, slip }),
  bank_transfer: z.object({ ...taking, reference: bankReference }),
  account: z.object({ ...taking, companyId: z.uuid('Choose a company.') }),
  credit: z.object(taking),
} as const
export type TakingMethod = keyof typeof FORMS
export const TAKING_METHODS = Object.keys(FORMS) as TakingMethod[]

export type Taking = { amount: Cents; partyId: string; paymentId: string; tender: Tender }

/** What was typed into the form of this way. */
export const takingForm = (method: TakingMethod) =>
  FORMS[method].transform((typed): Taking => {
    const { amount, partyId, paymentId } = typed
    return { amount, partyId, paymentId, tender: tenderOf(method, typed) }
  })

type Typed = Partial<
  Record<'terminal' | 'slip' | 'reference' | 'companyId' | 'keepChange', string | undefined>
> & { amount: Cents; given?: Cents }

const tenderOf = (method: TakingMethod, typed: Typed): Tender => {
  const { terminal: at = '', slip: number = '', reference: ref = '', companyId = '' } = typed
  switch (method) {
    case 'cash':
      return { method, given: typed.given ?? cents(0), keepChange: typed.keepChange === 'yes' }
    case 'bank_transfer':
      return { method, reference: ref }
    case 'account':
      return { method, companyId }
    case 'credit':
      return { method }
    default:
      return { method, terminal: at, slip: number }
  }
}

const note = z.string().trim().max(500, 'Please write less.').default('')
const reasonNames = Object.keys(DIFFERENCE_REASONS) as [DifferenceReason, ...DifferenceReason[]]
const differenceReason = z
  .union([z.literal(''), z.enum(reasonNames, 'Choose a reason.')])
  .default('')
  .transform((text) => (text === '' ? null : text))

export const openTillForm = z.object({
  tillId: z.uuid('Choose a till.'),
  sessionId: z.uuid('Load the page again.'),
  float: whole('what you counted'),
  reason: differenceReason,
  note,
})

const LARGEST_COUNT = 100_000
const pieces = z
  .union([
    z.literal(''),
    z
      .string()
      .trim()
      .regex(/^\d{1,6}$/, 'Write how many, like 12.'),
  ])
  .default('')
  .transform((text) => Number(text || 0))
  .pipe(z.number().max(LARGEST_COUNT, 'Write how many, like 12.'))

/** `count_1000` … `count_1`. */
export const closeTillForm = z.object({
  ...Object.fromEntries(DENOMINATIONS.map((value) => [`count_${value}`, pieces])),
  reason: differenceReason,
  note,
})

export const countsOf = (typed: Record<string, unknown>): Counts =>
  Object.fromEntries(DENOMINATIONS.map((value) => [value, Number(typed[`count_${value}`] ?? 0)]))

export const bankDepositForm = z.object({
  depositId: z.uuid('Load the page again.'),
  amount: some('the amount'),
  reference: bankReference,
})

export const newTillForm = z.object({
  tillId: z.uuid('Load the page again.'),
  place: z.string().trim().min(1, 'Choose a place.'),
  name: z.string().trim().min(1, 'Say a name.').max(40, 'Please write less.'),
})

const line = (words: string) =>
  z.string(words).trim().min(1, words).max(COMPANY_LIMITS.lineLength, 'Please write less.')
const optionalLine = z
  .string()
  .trim()
  .max(COMPANY_LIMITS.lineLength, 'Please write less.')
  .default('')

export const companyForm = z
  .object({
    name: z
      .string('Say the company’s name.')
      .trim()
      .min(1, 'Say the company’s name.')
      .max(COMPANY_LIMITS.nameLength, 'Please write less.'),
    kra_pin: z
      .string('Write the KRA PIN.')
      .trim()
      .toUpperCase()
      .regex(/^[AP]\d{9}[A-Z]$/, 'A KRA PIN is a letter, nine digits and a letter: P051234567A.'),
    line1: line('Write the billing address.'),
    line2: optionalLine,
    city: line('Write the town.'),
    postcode: optionalLine,
    country: line('Write the country.'),
    contact_name: personName,
    contact_email: email,
    contact_phone: kenyanMobile,
    credit_limit: whole('the credit limit'),
    terms_days: z.coerce
      .number('Write the days until an invoice is due.')
      .int()
      .min(0, 'Write the days until an invoice is due.')
      .max(COMPANY_LIMITS.termsDays, 'At most 120 days.'),
    active: z.string().optional(),
  })
  .transform((typed): CompanyFacts => ({
    name: typed.name,
    kraPin: typed.kra_pin,
    billing: {
      line1: typed.line1,
      line2: typed.line2,
      city: typed.city,
      postcode: typed.postcode,
      country: typed.country,
    },
    contact: { name: typed.contact_name, email: typed.contact_email, phone: typed.contact_phone },
    creditLimit: typed.credit_limit,
    termsDays: typed.terms_days,
    active: typed.active === 'yes',
  }))
