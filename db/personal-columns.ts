/**
 * Where something about a person stands, and how it is kept. Written by hand, because a program that guessed would miss what matters;
 * every column that can hold text, days or bytes is here or in impersonal-columns.ts, and a test compares both with the database.
 */

/** What it says of somebody. */
export type Said =
  | 'phone'
  | 'name'
  | 'mail'
  | 'birth'
  | 'licence'
  | 'picture'
  | 'address'
  | 'tax'
  | 'bank'
  | 'device'
  | 'secret'
  | 'words'

export type PersonalColumn = { says: Said } & (
  | {
      kept: 'sealed'
      /** The column that says by whose key, of the same row where no other table is named; there also the row's name. */
      subject: string
      /** By which it is looked up. */
      index?: string
    }
  /** A keyed hash: found by whoever has the key and the whole value, and says that two rows are about the same. */
  | { kept: 'keyed'; of: string }
  /** Sealed, by a key that is not a person's: read by nobody who has the tables alone, and forgotten when its row goes. */
  | { kept: 'sealed_by_us' }
  | { kept: 'open'; because: string }
)

const open = (says: Said, because: string): PersonalColumn => ({ says, kept: 'open', because })

const NAME = 'Found by parts of it wherever somebody stands at a desk; reports see none'
const ADDRESSED = 'Signing in, links and look-ups by e-mail compare it without regard to case'
const REPORTED = 'To the letter what a provider or a bank said, which comparing needs; sealed next'
const OF_A_BANK =
  'To the letter what a bank said, matched by parts of it; what M-Pesa says is sealed'
const TYPED = 'Typed freely, and searched or printed as it stands; may speak of somebody'
const DOCUMENT = 'Part of a document that the law wants kept as it was issued'
const SEEN = 'Where a request came from, kept for weeks and to find a thief by'
const WITHOUT_NUMBER = 'Says little without the number, and the day it ends is asked for'
const LEAVING = 'Empty, for a release from before; goes with the next one'
const SHORT = 'Gone after two days'

const row = (table: string, columns: Record<string, PersonalColumn>) =>
  Object.entries(columns).map(([column, kept]) => [`${table}.${column}`, kept] as const)

const payersPhone = (subject: string): Record<string, PersonalColumn> => ({
  phone: open('phone', LEAVING),
  phone_sealed: { says: 'phone', kept: 'sealed', subject, index: 'phone_index' },
  phone_index: { says: 'phone', kept: 'keyed', of: 'a phone' },
})

/** By `table.column`. */
export const PERSONAL_COLUMNS: ReadonlyMap<string, PersonalColumn> = new Map([
  ...row('account_links', { email: open('mail', ADDRESSED) }),
  ...row('allocation_wishes', { why: open('words', TYPED) }),
  ...row('audit_entries', {
    before: open('words', 'Written by us, without phones, days of birth or numbers of documents'),
    after: open('words', 'Written by us, without phones, days of birth or numbers of documents'),
    why: open('words', TYPED),
    origin: open('device', SEEN),
  }),
  ...row('authenticators', { secret: { says: 'secret', kept: 'sealed', subject: 'user_id' } }),
  ...row('bank_allocation_wishes', { why: open('words', TYPED) }),
  ...row('charge_parties', { name: open('name', NAME), ...payersPhone('charges.customer_id') }),
  ...row('charges', { description: open('words', TYPED), end_note: open('words', TYPED) }),
  ...row('companies', {
    kra_pin: open('tax', 'One PIN, one company: unique, and printed on invoices'),
    billing_line1: open('address', DOCUMENT),
    billing_line2: open('address', DOCUMENT),
    billing_city: open('address', DOCUMENT),
    billing_postcode: open('address', DOCUMENT),
    billing_country: open('address', DOCUMENT),
    contact_name: open('name', NAME),
    contact_email: open('mail', ADDRESSED),
    contact_phone: open('phone', LEAVING),
    contact_phone_sealed: { says: 'phone', kept: 'sealed', subject: 'id' },
  }),
  ...row('condition_photos', {
    note: open('words', TYPED),
    picture_sealed: { says: 'picture', kept: 'sealed', subject: 'subject_id' },
  }),
  ...row('correction_wishes', { reason: open('words', TYPED) }),
  ...row('credit_notes', { reason: open('words', TYPED), lines: open('words', DOCUMENT) }),
  ...row('customer_addresses', {
    address_sealed: { says: 'address', kept: 'sealed', subject: 'user_id' },
    line1: open('address', LEAVING),
    line2: open('address', LEAVING),
    city: open('address', LEAVING),
    state: open('address', LEAVING),
    postcode: open('address', LEAVING),
    country: open('address', LEAVING),
  }),
  ...row('customer_ratings', { why: open('words', TYPED) }),
  ...row('customers', {
    licence_sealed: { says: 'licence', kept: 'sealed', subject: 'user_id', index: 'licence_index' },
    licence_index: { says: 'licence', kept: 'keyed', of: 'the number of a licence' },
    licence_country: open('licence', WITHOUT_NUMBER),
    licence_state: open('licence', WITHOUT_NUMBER),
    licence_expires_on: open('licence', WITHOUT_NUMBER),
    notes: open('words', TYPED),
  }),
  ...row('day_close_lines', { note: open('words', TYPED) }),
  ...row('desk_tenders', { bank_reference: open('bank', REPORTED) }),
  ...row('erasure_letters', {
    address: open('mail', 'Gone with the letter, or when it is given up'),
  }),
  ...row('export_files', {
    content_sealed: { says: 'words', kept: 'sealed', subject: 'user_id' },
  }),
  ...row('export_pieces', {
    content_sealed: { says: 'words', kept: 'sealed', subject: 'user_id' },
  }),
  ...row('finance_cases', { detail: open('words', TYPED), resolution: open('words', TYPED) }),
  ...row('idempotency_keys', { response: open('words', SHORT) }),
  ...row('identity_documents', {
    valid_until: open('licence', WITHOUT_NUMBER),
  }),
  ...row('identity_pictures', {
    picture_sealed: { says: 'picture', kept: 'sealed', subject: 'user_id' },
  }),
  ...row('invoice_lines', { description: open('words', DOCUMENT) }),
  ...row('invoice_payments', { reference: open('bank', REPORTED) }),
  ...row('invoices', { bill_to: open('name', DOCUMENT) }),
  ...row('ledger_entries', { description: open('words', TYPED) }),
  ...row('legal_holds', { why: open('words', TYPED) }),
  ...row('loyalty_entries', { reason: open('words', TYPED) }),
  ...row('marketing_refusals', {
    contact_index: { says: 'phone', kept: 'keyed', of: 'a phone or an e-mail' },
  }),
  ...row('mpesa_receipts', {
    payer: open('phone', LEAVING),
    payer_sealed: { says: 'phone', kept: 'sealed_by_us' },
    payer_name: open('name', LEAVING),
    payer_name_sealed: { says: 'name', kept: 'sealed_by_us' },
    reference: open('words', LEAVING),
    reference_sealed: { says: 'words', kept: 'sealed_by_us' },
  }),
  ...row('notifications', { detail: open('words', 'Amounts, reasons and payments, by their ids') }),
  ...row('oauth_records', { sealed: { says: 'secret', kept: 'sealed_by_us' } }),
  ...row('one_time_codes', { phone_hash: { says: 'phone', kept: 'keyed', of: 'a phone' } }),
  ...row('payment_plan_phones', {
    ...payersPhone('payment_plans.customer_id'),
  }),
  ...row('payments', {
    ...payersPhone('customer_id'),
    checkout_request_id: open('phone', 'Safaricom hangs nine digits of the phone on its own id'),
    desk_reference: open('bank', REPORTED),
  }),
  ...row('provider_lines', {
    party: open('name', LEAVING),
    phone: open('phone', LEAVING),
    reference: open('words', OF_A_BANK),
    details: open('words', OF_A_BANK),
    raw: open('words', OF_A_BANK),
    said_sealed: { says: 'words', kept: 'sealed_by_us' },
    explanation: open('words', TYPED),
  }),
  ...row('provider_messages', {
    body: open('phone', LEAVING),
    body_sealed: { says: 'phone', kept: 'sealed_by_us' },
    body_hash: { says: 'phone', kept: 'keyed', of: 'what was said, to the letter' },
  }),
  ...row('rating_reviews', { words: open('words', TYPED), answer: open('words', TYPED) }),
  ...row('rate_limits', {
    key: { says: 'phone', kept: 'keyed', of: 'a phone, an address, an account' },
  }),
  ...row('reconciliation_findings', {
    detail: open('words', TYPED),
    resolution: open('words', TYPED),
  }),
  ...row('refund_hand_wishes', {
    how: open('words', TYPED),
    reference: open('bank', TYPED),
    note: open('words', TYPED),
  }),
  ...row('refunds', {
    reason: open('words', TYPED),
    phone: open('phone', LEAVING),
    phone_sealed: { says: 'phone', kept: 'sealed_by_us' },
    named_phone: open('phone', LEAVING),
    named_phone_sealed: { says: 'phone', kept: 'sealed_by_us' },
    decision_note: open('words', TYPED),
  }),
  ...row('refused_bookings', { answer: open('words', SHORT) }),
  ...row('registrations', { sealed: { says: 'mail', kept: 'sealed_by_us' } }),
  ...row('rentals', { disputed_because: open('words', TYPED) }),
  ...row('reservation_parties', {
    name: open('name', NAME),
    ...payersPhone('reservations.customer_id'),
  }),
  ...row('reservations', {
    special_requests: open('words', TYPED),
    cancellation_note: open('words', TYPED),
  }),
  ...row('security_events', { detail: open('device', SEEN) }),
  ...row('sessions', { device: open('device', SEEN), address: open('device', SEEN) }),
  ...row('till_deposits', { reference: open('bank', TYPED) }),
  ...row('till_sessions', {
    float_note: open('words', TYPED),
    difference_note: open('words', TYPED),
  }),
  ...row('users', {
    email: open('mail', ADDRESSED),
    first_name: open('name', NAME),
    last_name: open('name', NAME),
    phone: open('phone', LEAVING),
    phone_sealed: { says: 'phone', kept: 'sealed', subject: 'id', index: 'phone_index' },
    phone_index: { says: 'phone', kept: 'keyed', of: 'a phone' },
    date_of_birth: open('birth', LEAVING),
    date_of_birth_sealed: { says: 'birth', kept: 'sealed', subject: 'id' },
  }),
])
