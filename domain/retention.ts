/**
 * The register of what we hold about people: each kind of data, where it lies, why we have it, until when, and what an erasure does
 * with it. The Data Protection Act 2019 asks for the purpose (section 25), the end (section 39) and the erasure (section 40); the
 * Tax Procedures Act 2015 (section 23) asks that what a tax was reckoned from is kept for five years. Pages, exports and sweeps
 * read it here, and a test compares it with the tables of the database.
 */
import { IDENTITY_KEPT_DAYS } from './identity-documents.ts'
import { KEPT } from './kept.ts'
import { DAY_MS } from './time.ts'

/** Why we may hold it (section 30 of the Act). */
export const BASES = ['contract', 'law', 'security', 'consent'] as const
export type Basis = (typeof BASES)[number]

/** destroyed: the rows go. overwritten: the row stays and names nobody. kept: until its day, then as it says. */
export type Erasure = 'destroyed' | 'overwritten' | 'kept'

/** How long, counted from `from`. `open`: as long as that goes on. `tax`: see taxKeptUntil (tax-years.ts). */
export type Period =
  { kind: 'open' } | { kind: 'days'; days: number } | { kind: 'tax' } | { kind: 'books' }

export type DataKind = {
  tables: readonly string[]
  basis: Basis
  period: Period
  from: string
  erasure: Erasure
  /** What we have it for, and what an erasure leaves and why, for whoever reads the register. */
  why: string
  erased: string
}

const days = (ms: number): Period => ({ kind: 'days', days: Math.round(ms / DAY_MS) })
const OPEN: Period = { kind: 'open' }
const TAX: Period = { kind: 'tax' }

export const REGISTER = {
  account: {
    tables: ['users', 'customers', 'role_assignments', 'company_members'],
    basis: 'contract',
    period: OPEN,
    from: 'while the account is open',
    erasure: 'overwritten',
    why: 'To know who books, and how to reach them.',
    erased:
      'The number stays and is called “Erased customer”; names, e-mail, phone, birth date, password and notes are gone.',
  },
  addresses: {
    tables: ['customer_addresses'],
    basis: 'contract',
    period: OPEN,
    from: 'while the account is open',
    erasure: 'destroyed',
    why: 'Where bills and papers go.',
    erased: 'Gone.',
  },
  identity: {
    tables: ['identity_documents', 'identity_pictures'],
    basis: 'contract',
    period: { kind: 'days', days: IDENTITY_KEPT_DAYS },
    from: 'the end of the last booking, or the picture where there was none',
    erasure: 'destroyed',
    why: 'To see that whoever drives our cars is who they say and may drive.',
    erased: 'Gone, and with the key of their owner unreadable in backups.',
  },
  signing_in: {
    tables: [
      'sessions',
      'refresh_tokens',
      'oauth_records',
      'one_time_codes',
      'account_links',
      'passkey_challenges',
    ],
    basis: 'security',
    period: { kind: 'days', days: 14 },
    from: 'the sign-in, or the mailed link',
    erasure: 'destroyed',
    why: 'Where somebody is signed in, and with which device.',
    erased: 'Gone; the address of a code that waits goes with its ten minutes.',
  },
  factors: {
    tables: ['authenticators', 'recovery_codes', 'passkeys', 'subject_keys'],
    basis: 'security',
    period: OPEN,
    from: 'while they are set up',
    erasure: 'destroyed',
    why: 'The second step of a sign-in, and the key of what is encrypted about a person.',
    erased:
      'Gone. With the key everything that was encrypted with it can be read by nobody, also in backups.',
  },
  programs: {
    tables: ['api_keys', 'api_key_uses', 'oauth_clients'],
    basis: 'security',
    period: days(KEPT.apiKeyMs),
    from: 'the end of the key',
    erasure: 'destroyed',
    why: 'Which programs act for somebody.',
    erased: 'Keys are gone; programs that staff have registered are the house’s.',
  },
  bookings: {
    tables: ['reservations', 'reservation_parties', 'late_offers'],
    basis: 'contract',
    period: TAX,
    from: 'the end of the booking',
    erasure: 'overwritten',
    why: 'What was booked, by whom, and who shares the price.',
    erased: 'Trip and price stay; names, phones and wishes of everybody in it are overwritten.',
  },
  charges: {
    tables: ['charges', 'charge_parties'],
    basis: 'contract',
    period: TAX,
    from: 'the end of the charge',
    erasure: 'overwritten',
    why: 'What was charged beside a booking.',
    erased: 'What it was for and its price stay; names, phones and notes are overwritten.',
  },
  payments: {
    tables: ['payments', 'payment_plans', 'payment_plan_phones', 'desk_tenders', 'mpesa_receipts'],
    basis: 'law',
    period: TAX,
    from: 'the payment',
    erasure: 'overwritten',
    why: 'Money that came: the law asks us to show where each shilling is from.',
    erased: 'Amounts, times and receipt numbers stay; phones and names of payers are overwritten.',
  },
  refunds: {
    tables: ['refunds', 'refund_hand_wishes'],
    basis: 'law',
    period: TAX,
    from: 'the refund',
    erasure: 'overwritten',
    why: 'Money that went back.',
    erased:
      'Amounts, times and receipt numbers stay; phones and what people wrote are overwritten.',
  },
  documents: {
    tables: ['invoices', 'credit_notes', 'receipts', 'document_mails', 'invoice_payments'],
    basis: 'law',
    period: TAX,
    from: 'the day it was issued',
    erasure: 'kept',
    why: 'Tax documents name their buyer.',
    erased:
      'The e-mail is gone at once. Name, PIN and address on an issued document stay for five years after the end of its year, then they are overwritten.',
  },
  reports: {
    tables: ['provider_messages', 'provider_lines'],
    basis: 'law',
    period: TAX,
    from: 'the day it was told',
    erasure: 'overwritten',
    why: 'What M-Pesa and the bank say of money, to settle disputes and to compare our books.',
    erased:
      'M-Pesa’s words about their payments are overwritten. A line of the bank’s own statement is kept as the bank wrote it.',
  },
  messages: {
    tables: ['notifications'],
    basis: 'contract',
    period: TAX,
    from: 'the message',
    erasure: 'overwritten',
    why: 'Which message was sent about what. Its words and where it went are not kept.',
    erased: 'That there was one stays, with nothing in it; what waits is not sent.',
  },
  books: {
    tables: ['ledger_entries', 'ledger_postings', 'loyalty_entries'],
    basis: 'law',
    period: { kind: 'books' },
    from: 'the posting',
    erasure: 'kept',
    why: 'The ledger: sums and loyalty points, with the number of the customer.',
    erased: 'It names numbers only, and these name nobody any more.',
  },
  decisions: {
    tables: [
      'finance_cases',
      'reconciliation_findings',
      'allocation_wishes',
      'bank_allocation_wishes',
      'correction_wishes',
    ],
    basis: 'law',
    period: { kind: 'books' },
    from: 'the decision',
    erasure: 'kept',
    why: 'Why people of the house decided about money as they did.',
    erased: 'Kept with the money; the house writes no names and no phones there.',
  },
  work: {
    tables: ['till_sessions', 'day_closes'],
    basis: 'law',
    period: { kind: 'books' },
    from: 'the day',
    erasure: 'kept',
    why: 'Who of us counted which till. About people who work here.',
    erased: 'About people who work here only.',
  },
  companies: {
    tables: ['companies'],
    basis: 'contract',
    period: OPEN,
    from: 'while the company’s account is open',
    erasure: 'kept',
    why: 'Whom to write to at a company that pays later.',
    erased:
      'Not a customer’s account; the company names another person, and the one before is gone.',
  },
  marketing: {
    tables: ['marketing_choices', 'marketing_refusals'],
    basis: 'consent',
    period: { kind: 'books' },
    from: 'the choice',
    erasure: 'kept',
    why: 'Who allowed offers and news, in which words, and who said no: we have to prove it (section 32 of the Act).',
    erased:
      'That somebody said yes or no, and when, stays under a number that names nobody. Of their addresses stays a keyed hash for two years, so that nothing is sent there by an older yes.',
  },
  audit: {
    tables: ['audit_entries'],
    basis: 'security',
    period: { kind: 'books' },
    from: 'the deed',
    erasure: 'kept',
    why: 'Who changed what and from which address, so that nobody can change the books unseen.',
    erased:
      'Kept: a sealed chain that loses a link proves nothing. It names people by an id, which names nobody after an erasure.',
  },
  alarms: {
    tables: ['security_events'],
    basis: 'security',
    period: days(KEPT.securityEventMs),
    from: 'the attempt',
    erasure: 'kept',
    why: 'What looked like an attack.',
    erased: 'Goes by itself after ninety days; it names people by an id.',
  },
  tries: {
    tables: ['booking_tries', 'idempotency_keys', 'refused_bookings', 'rate_limits'],
    basis: 'security',
    period: days(KEPT.refusedBookingMs),
    from: 'the try',
    erasure: 'destroyed',
    why: 'So that a request that is sent twice is done once, and nobody asks too often.',
    erased: 'Gone; counters know nobody’s name and go within days.',
  },
  copies: {
    tables: ['export_pieces', 'export_files'],
    basis: 'law',
    period: days(KEPT.exportMs),
    from: 'the day it was ready',
    erasure: 'destroyed',
    why: 'The copy of all this that somebody has asked for, until they have fetched it.',
    erased: 'Gone at once; that there was one stays.',
  },
  rights: {
    tables: ['erasures', 'erasure_letters', 'legal_holds', 'exports'],
    basis: 'law',
    period: { kind: 'books' },
    from: 'the wish',
    erasure: 'kept',
    why: 'To show that we did what was asked, or why not.',
    erased:
      'That there was an erasure, and when, stays. The address of its last letter goes with it.',
  },
} as const satisfies Record<string, DataKind>
export type KindOfData = keyof typeof REGISTER
