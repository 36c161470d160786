/** What finance says of a company over REST; its form is in tenders.ts. */
import { z } from 'zod'
import { COMPANY_LIMITS, type CompanyFacts } from '../companies.ts'
import { isWholeShillings } from '../money.ts'
import { email } from './accounts.ts'
import { kenyanMobile } from './phones.ts'
import { decimalAmount } from './amounts.ts'
import { personName } from './requests.ts'

const line = z.string().trim().min(1).max(COMPANY_LIMITS.lineLength)
const optionalLine = z.string().trim().max(COMPANY_LIMITS.lineLength).default('')

export const companyRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(COMPANY_LIMITS.nameLength),
    kra_pin: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[AP]\d{9}[A-Z]$/, 'A KRA PIN is a letter, nine digits and a letter: P051234567A.'),
    billing: z.strictObject({
      line1: line,
      line2: optionalLine,
      city: line,
      postcode: optionalLine,
      country: line.default('Kenya'),
    }),
    contact: z.strictObject({ name: personName, email, phone: kenyanMobile }),
    credit_limit: decimalAmount.refine(isWholeShillings, 'A limit has no cents.'),
    terms_days: z.number().int().min(0).max(COMPANY_LIMITS.termsDays).default(30),
    active: z.boolean().default(true),
  })
  .transform(({ kra_pin: kraPin, credit_limit: creditLimit, terms_days: termsDays, ...rest }) => {
    const facts: CompanyFacts = { ...rest, kraPin, creditLimit, termsDays }
    return facts
  })
