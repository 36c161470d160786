/**
 * What each database role may do with each table, so that a hole in the code, or a stolen password, reaches no further than
 * the work that the role is for. A table that is not named here gives the app what every table gives it by itself.
 */
export const ROLES = {
  /** Owns the tables and changes them; nothing else does. */
  migrate: 'gari_migrate',
  /** The API and the workers. */
  app: 'gari_app',
  /** Reports: numbers and ids, never secrets and never who somebody is. */
  read: 'gari_read',
  /** Whoever looks after the audit, and nothing but the audit. */
  audit: 'gari_audit',
} as const
export type GrantedRole = (typeof ROLES)['app' | 'read' | 'audit']

/** In the order of the alphabet, so that two lists of rights can be compared as text. */
export const RIGHTS_BY_DEFAULT = 'DELETE, INSERT, SELECT, UPDATE'
/** Rows change, and stay. */
const KEPT = 'INSERT, SELECT, UPDATE'
/** What stands there stands there for good. */
const FIXED = 'INSERT, SELECT'
/** What stands there stands there, until it goes with its owner. */
const FIXED_UNTIL_ERASED = 'DELETE, INSERT, SELECT'
/** Comes with migrations only. */
const GIVEN = 'SELECT'
/** Comes with migrations, and goes when it is done with. */
const PASSING = 'DELETE, SELECT'

const AUDIT = ['audit_entries', 'audit_chain', 'audit_heads', 'audit_checks']

const APP: Record<string, readonly string[]> = {
  [GIVEN]: ['features', 'ledger_accounts', 'migrations', 'permissions', 'vehicle_features'],
  [PASSING]: ['read_by_older_release'],
  [FIXED_UNTIL_ERASED]: ['customer_ratings'],
  [FIXED]: [
    'audit_chain',
    'audit_entries',
    'audit_heads',
    'car_places',
    'consumed_events',
    'day_close_lines',
    'day_closes',
    'invoice_lines',
    'invoice_payments',
    'ledger_entries',
    'ledger_postings',
    'loyalty_entries',
    'marketing_choices',
    'promo_uses',
    'receipts',
    'rental_checks',
    'rental_refunds',
    'reservation_extras',
    'resources',
    'terminal_totals',
    'till_deposits',
  ],
  [KEPT]: [
    'allocation_wishes',
    'audit_checks',
    'bank_allocation_wishes',
    'charge_parties',
    'charges',
    'companies',
    'condition_photos',
    'correction_wishes',
    'credit_notes',
    'customers',
    'desk_tenders',
    'document_mails',
    'document_series',
    'erasure_letters',
    'erasures',
    'exports',
    'extras',
    'finance_cases',
    'holds',
    'invoices',
    'key_rotations',
    'late_offer_options',
    'late_offers',
    'legal_holds',
    'location_fees',
    'locations',
    'mpesa_receipts',
    'notifications',
    'outages',
    'payment_plan_phones',
    'payment_plans',
    'payments',
    'pricing_rules',
    'provider_lines',
    'provider_messages',
    'push_pace',
    'reconciliation_findings',
    'reconciliations',
    'refund_hand_wishes',
    'refunds',
    'rental_charges',
    'rentals',
    'reservation_parties',
    'reservations',
    'retention_runs',
    'till_sessions',
    'tills',
    'users',
    'vehicle_categories',
    'vehicles',
  ],
}

const APP_BY_TABLE = new Map(
  Object.entries(APP).flatMap(([rights, tables]) => tables.map((table) => [table, rights])),
)

/** A restore may have lost numbers that somebody was told; `npm run after-restore` passes over them. */
const MOVED_ON = ['reservation_number_seq', 'charge_number_seq', 'first_version_floor']

/** Not for reports at all: secrets, what people's browsers and programs left, raw messages, and the audit. */
const UNREAD = new Set([
  ...AUDIT,
  'account_links',
  'api_keys',
  'authenticators',
  'customer_addresses',
  'erasure_letters',
  'export_files',
  'export_pieces',
  'idempotency_keys',
  'marketing_refusals',
  'identity_documents',
  'condition_photos',
  'identity_pictures',
  'oauth_clients',
  'oauth_records',
  'one_time_codes',
  'passkey_challenges',
  'passkeys',
  'provider_messages',
  'rate_limits',
  'recovery_codes',
  'refresh_tokens',
  'registrations',
  'security_events',
  'sessions',
  'subject_keys',
])

/** Of the other tables: what opens something, names or reaches somebody, or was typed freely about them. */
export const HIDDEN_FROM_REPORTS: Record<string, readonly string[]> = {
  allocation_wishes: ['why'],
  bank_allocation_wishes: ['why'],
  charge_parties: ['name', 'phone', 'phone_sealed', 'phone_index'],
  charges: ['description', 'end_note'],
  companies: ['contact_name', 'contact_email', 'contact_phone', 'contact_phone_sealed'],
  correction_wishes: ['reason'],
  credit_notes: ['reason', 'etims_note'],
  customer_ratings: ['why'],
  customers: [
    'notes',
    'licence_sealed',
    'licence_index',
    'licence_country',
    'licence_state',
    'licence_expires_on',
  ],
  day_close_lines: ['note'],
  finance_cases: ['detail', 'resolution'],
  invoices: ['bill_to', 'etims_note'],
  legal_holds: ['why'],
  loyalty_entries: ['reason'],
  mpesa_receipts: ['payer', 'payer_sealed', 'payer_name', 'payer_name_sealed', 'reference_sealed'],
  notifications: ['detail'],
  payment_plan_phones: ['phone', 'phone_sealed', 'phone_index'],
  payments: ['phone', 'phone_sealed', 'phone_index'],
  rating_reviews: ['words', 'answer'],
  rentals: ['disputed_because'],
  provider_lines: ['party', 'phone', 'details', 'raw', 'said_sealed', 'explanation'],
  reconciliation_findings: ['detail', 'resolution'],
  reconciliations: ['notes'],
  refund_hand_wishes: ['note'],
  refunds: [
    'phone',
    'named_phone',
    'phone_sealed',
    'named_phone_sealed',
    'decision_note',
    'reason',
  ],
  refused_bookings: ['answer'],
  reservation_parties: ['name', 'phone', 'phone_sealed', 'phone_index'],
  reservations: ['special_requests', 'cancellation_note'],
  till_sessions: ['float_note', 'difference_note'],
  users: [
    'email',
    'password_hash',
    'first_name',
    'last_name',
    'phone',
    'phone_sealed',
    'phone_index',
    'date_of_birth',
    'date_of_birth_sealed',
  ],
}

/** `SELECT`, `SELECT (id, number)`, or nothing; `columns` are those of the table. */
export function rightsOf(role: GrantedRole, table: string, columns: readonly string[]): string {
  if (role === ROLES.app) return APP_BY_TABLE.get(table) ?? RIGHTS_BY_DEFAULT
  if (role === ROLES.audit) return AUDIT.includes(table) ? GIVEN : ''
  if (UNREAD.has(table)) return ''
  const hidden = HIDDEN_FROM_REPORTS[table]
  if (!hidden) return GIVEN
  const shown = columns.filter((column) => !hidden.includes(column)).toSorted()
  return `SELECT (${shown.join(', ')})`
}

export const sequenceRightsOf = (role: GrantedRole, sequence: string): string => {
  if (role !== ROLES.app) return ''
  return MOVED_ON.includes(sequence) ? 'SELECT, UPDATE, USAGE' : 'SELECT, USAGE'
}
