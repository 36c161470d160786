/** Companies whose people book on account: the company pays later, on invoice. */
import type { Cents } from './money.ts'

export type BillingAddress = {
  line1: string
  line2: string
  city: string
  postcode: string
  country: string
}

export type CompanyFacts = {
  name: string
  /** KRA's number for taxpayers: a letter, nine digits, a letter. */
  kraPin: string
  billing: BillingAddress
  contact: { name: string; email: string; phone: string }
  creditLimit: Cents
  /** Days after the invoice until it is due. */
  termsDays: number
  active: boolean
}

export type CompanyMember = { userId: string; name: string; email: string | null }

export type Company = CompanyFacts & {
  id: string
  number: string
  /** What it owes now. */
  owed: Cents
  members: CompanyMember[]
  version: number
}

export const COMPANY_LIMITS = { nameLength: 120, lineLength: 120, termsDays: 120 } as const
