/**
 * What an export holds, in its order: whoever adds a kind of data to the register in domain/retention.ts adds its section here,
 * or says below why it is in none; a test compares both with the register, and with every column that says something of somebody.
 */
import { EXPORTED_ACCOUNT } from './exported-account.ts'
import { EXPORTED_BOOKINGS } from './exported-bookings.ts'
import { EXPORTED_CHOICES } from './exported-choices.ts'
import { EXPORTED_DOCUMENTS } from './exported-documents.ts'
import { EXPORTED_MONEY } from './exported-money.ts'
import { EXPORTED_RENTALS } from './exported-rentals.ts'
import { EXPORTED_REST } from './exported-rest.ts'
import type { ExportSection } from './export-section.ts'

export const EXPORT_SECTIONS: readonly ExportSection[] = [
  ...EXPORTED_ACCOUNT,
  ...EXPORTED_CHOICES,
  ...EXPORTED_BOOKINGS,
  ...EXPORTED_RENTALS,
  ...EXPORTED_MONEY,
  ...EXPORTED_DOCUMENTS,
  ...EXPORTED_REST,
]

const HASHED = 'A hash of something random, which says nothing and must stay secret'
const STAFF = 'About people who work here, who are told by the house'

/** Tables of the register of which an export holds nothing. */
export const NOT_EXPORTED: Record<string, string> = {
  booking_tries: 'Ids of bookings, gone after a day; the bookings are here',
  companies: 'About a company; whom we write to there asks us by letter',
  correction_wishes: 'About entries of our books; names nobody',
  day_closes: STAFF,
  export_files: 'This copy itself',
  export_pieces: 'This copy itself, while it is made',
  idempotency_keys: 'Answers of ours, kept for two days; what they said is here',
  marketing_refusals: 'Hashes of addresses that said no, which name nobody; what was said is here',
  oauth_clients: 'Programs that staff register; those that were let in are here',
  one_time_codes: 'Hashes of codes and phones, gone after ten minutes',
  passkey_challenges: 'Random questions to a browser, gone after minutes',
  rate_limits: 'Counters, by hashes that name nobody, gone after a day',
  reconciliation_findings: 'About lines of lists, which are here; names nobody',
  refresh_tokens: HASHED,
  refused_bookings: 'Kept for two days by the number of a wish, and leads to nobody',
  registrations: 'Of whoever has no account yet, sealed, gone after a day',
  subject_keys: 'The key that protects all this; it says nothing and must stay secret',
  till_sessions: STAFF,
}

/** Columns of exported tables that are not. */
export const COLUMNS_NOT_EXPORTED: Record<string, string> = {
  'authenticators.secret': 'Opens the account',
  'customers.licence_index': 'A hash of what is here',
  'legal_holds.why': 'Written by us for a court or an authority, and not ours to tell',
  'oauth_records.sealed': 'Opens the account',
  'payments.checkout_request_id': 'M-Pesa’s own name for a request, which ends in the phone',
  'provider_messages.body_hash': 'A hash of what is here',
  'users.date_of_birth': 'Empty; what is sealed is here',
  'users.phone': 'Empty; what is sealed is here',
  'users.phone_index': 'A hash of what is here',
}
