/** Customers as staff look after them. */
import type { UserStatus } from './accounts.ts'

export const ADDRESS_KINDS = ['billing', 'shipping', 'emergency', 'work', 'home'] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]
export const RISK_LEVELS = ['low', 'medium', 'high'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

export type CustomerAddress = {
  kind: AddressKind
  /** Building and road; empty only where there is a box. */
  line1: string
  /** Estate or area. */
  line2: string
  /** `12345`, as the post office numbers it. */
  poBox: string
  city: string
  /** The county, in Kenya. */
  state: string
  postcode: string
  country: string
  /** Where to write to; at most one is. */
  primary: boolean
}

/** To drive. */
export type Licence = {
  /** As it is printed. */
  number: string
  country: string
  state: string
  /** `2027-01-31` */
  expiresOn: string | null
}

export type CustomerFacts = {
  firstName: string
  lastName: string
  email: string | null
  phone: string | null
  language: 'en' | 'sw'
  /** `1990-01-31` */
  bornOn: string | null
  licence: Licence | null
  /** For staff; the customer never sees it. */
  notes: string | null
  /** One of each kind at most, in the order of the kinds. */
  addresses: CustomerAddress[]
}

export type Customer = CustomerFacts & {
  id: string
  number: string
  status: UserStatus
  /** As the last rating says. */
  riskLevel: RiskLevel
  /** Out of 100; null where nothing was reckoned yet. */
  creditScore: number | null
  emailVerified: boolean
  phoneVerified: boolean
  createdAt: Date
  version: number
}

export const CUSTOMER_LIMITS = {
  lineLength: 120,
  notesLength: 2_000,
  oldestYear: 1900,
  licenceLength: 40,
} as const

/** `w***@example.com`: enough to tell two addresses apart, and whose they may be only to those who know. */
export const maskEmail = (email: string): string => email.replace(/^(.)[^@]*/, '$1***')

export type DocumentKind = 'invoice' | 'credit_note' | 'receipt'
