/** Of what somebody is with us, and by what they come in: what an export holds. */
import type { ExportSection } from './export-section.ts'
import { keyed } from './export-section.ts'
import { findCustomer } from './customers.ts'

/** Sealed and opened by the store that looks after customers. */
const SEALED_OF_USERS = ['users.phone_sealed', 'users.date_of_birth_sealed'] as const
const LICENCE = ['licence_sealed', 'licence_country', 'licence_state', 'licence_expires_on']
/** The open ones are of a release from before, whose rows are sealed within minutes. */
const ADDRESS = ['address_sealed', 'line1', 'line2', 'city', 'state', 'postcode', 'country']

export const EXPORTED_ACCOUNT: readonly ExportSection[] = [
  {
    name: 'account',
    title: ['You', 'Wewe'],
    kind: 'account',
    tables: ['users', 'customers'],
    opens: [...SEALED_OF_USERS, ...LICENCE.map((column) => `customers.${column}`)],
    fields: {
      customer_number: 'code',
      first_name: 'words',
      last_name: 'words',
      email: 'email',
      email_proven: 'flag',
      phone: 'phone',
      phone_proven: 'flag',
      date_of_birth: 'day',
      language: 'code',
      licence_number: 'words',
      licence_country: 'words',
      licence_state: 'words',
      licence_expires_on: 'day',
      status: 'code',
      marketing_consent: 'flag',
      loyalty_member: 'flag',
      loyalty_points: 'number',
      risk_level: 'code',
      credit_score: 'number',
      rentals: 'number',
      spent: 'money',
      second_step_on: 'flag',
      notes: 'words',
      last_signed_in_at: 'time',
      opened_at: 'time',
      changed_at: 'time',
    },
    sql: `SELECT u.id::text AS key, c.number AS customer_number, u.first_name, u.last_name, u.email, u.email_verified AS email_proven,
        u.phone_verified AS phone_proven, u.language, u.status, c.marketing_consent, c.loyalty_member, c.loyalty_points,
        c.risk_level, c.credit_score, c.total_rentals AS rentals, c.total_spent_cents AS spent,
        u.two_factor_on AS second_step_on, c.notes, u.last_login_at AS last_signed_in_at, u.created_at AS opened_at,
        greatest(u.updated_at, c.updated_at) AS changed_at
      FROM users u JOIN customers c ON c.user_id = u.id WHERE u.id = $1::uuid`,
    open: async (on, rows, { userId }) => {
      const known = await findCustomer(on, userId)
      return rows.map((row) => ({
        ...row,
        phone: known?.phone ?? null,
        date_of_birth: known?.bornOn ?? null,
        licence_number: known?.licence?.number ?? null,
        licence_country: known?.licence?.country ?? null,
        licence_state: known?.licence?.state ?? null,
        licence_expires_on: known?.licence?.expiresOn ?? null,
      }))
    },
  },
  {
    name: 'addresses',
    title: ['Addresses', 'Anwani'],
    kind: 'addresses',
    tables: ['customer_addresses'],
    opens: ADDRESS.map((column) => `customer_addresses.${column}`),
    fields: {
      kind: 'code',
      line1: 'words',
      line2: 'words',
      po_box: 'words',
      city: 'words',
      state: 'words',
      postcode: 'words',
      country: 'words',
      primary: 'flag',
    },
    sql: `SELECT kind AS key, kind FROM customer_addresses WHERE user_id = $1::uuid`,
    open: async (on, rows, { userId }) => {
      const known = await findCustomer(on, userId)
      const addresses = known?.addresses.map(({ poBox, ...one }) => ({ ...one, po_box: poBox }))
      return rows.flatMap(({ kind }) => addresses?.filter((one) => one.kind === kind) ?? [])
    },
  },
  {
    name: 'roles',
    title: ['What you may do here', 'Unachoruhusiwa kufanya hapa'],
    kind: 'account',
    tables: ['role_assignments'],
    fields: { role: 'code', given_at: 'time', expires_at: 'time' },
    sql: 'SELECT role AS key, role, given_at, expires_at FROM role_assignments WHERE user_id = $1::uuid',
  },
  {
    name: 'companies',
    title: ['Companies for which you book', 'Kampuni unazohifadhia nafasi'],
    kind: 'account',
    tables: ['company_members'],
    fields: { company: 'words', number: 'code', added_at: 'time' },
    sql: `SELECT c.id::text AS key, c.name AS company, c.number, m.added_at
      FROM company_members m JOIN companies c ON c.id = m.company_id WHERE m.user_id = $1::uuid`,
  },
  {
    name: 'sign_ins',
    title: ['Where you are signed in', 'Mahali ulipoingia'],
    kind: 'signing_in',
    tables: ['sessions'],
    fields: {
      kind: 'code',
      device: 'words',
      address: 'words',
      opened_at: 'time',
      last_seen_at: 'time',
      expires_at: 'time',
    },
    sql: `SELECT ${keyed('s.created_at', "encode(sha256(s.token_hash), 'hex')")}, s.kind, s.device, s.address,
        s.created_at AS opened_at, s.last_seen_at, s.expires_at FROM sessions s WHERE s.user_id = $1::uuid`,
  },
  {
    name: 'programs_let_in',
    title: ['Programs of others that you let in', 'Programu za wengine ulizoruhusu'],
    kind: 'signing_in',
    tables: ['oauth_records'],
    fields: { program: 'words', what: 'code', allowed: 'list', expires_at: 'time' },
    sql: `SELECT ${keyed('r.expires_at', "encode(sha256(r.id_hash), 'hex')")}, c.name AS program, r.model AS what,
        r.scopes AS allowed, r.expires_at
      FROM oauth_records r LEFT JOIN oauth_clients c ON c.id = r.client_id WHERE r.account_id = $1::uuid`,
  },
  {
    name: 'mailed_links',
    title: ['Links that we mailed to you', 'Viungo tulivyokutumia kwa barua pepe'],
    kind: 'signing_in',
    tables: ['account_links'],
    fields: {
      purpose: 'code',
      email: 'email',
      asked_at: 'time',
      sent_at: 'time',
      used_at: 'time',
      expires_at: 'time',
    },
    sql: `SELECT ${keyed('l.asked_at', 'l.id')}, l.purpose, l.email, l.asked_at, l.sent_at, l.used_at, l.expires_at
      FROM account_links l WHERE l.user_id = $1::uuid`,
  },
  {
    name: 'second_steps',
    title: ['Second steps of your sign-in', 'Hatua za pili za kuingia kwako'],
    kind: 'factors',
    tables: ['authenticators', 'passkeys', 'recovery_codes'],
    fields: { kind: 'code', name: 'words', since: 'time', last_used_at: 'time' },
    sql: `SELECT 'app' AS key, 'app' AS kind, NULL AS name, coalesce(confirmed_at, created_at) AS since, NULL::timestamptz AS last_used_at
        FROM authenticators WHERE user_id = $1::uuid
      UNION ALL SELECT 'passkey ' || id, 'passkey', name, created_at, last_used_at FROM passkeys WHERE user_id = $1::uuid
      UNION ALL SELECT 'paper', 'codes_on_paper', count(*)::text, NULL, max(used_at) FROM recovery_codes
        WHERE user_id = $1::uuid HAVING count(*) > 0`,
  },
  {
    name: 'keys',
    title: ['Keys of your programs', 'Funguo za programu zako'],
    kind: 'programs',
    tables: ['api_keys', 'api_key_uses'],
    fields: {
      name: 'words',
      beginning: 'code',
      allowed: 'list',
      uses: 'number',
      made_at: 'time',
      last_used_at: 'time',
      expires_at: 'time',
      ended_at: 'time',
    },
    sql: `SELECT ${keyed('k.created_at', 'k.id')}, k.name, k.beginning, k.scopes AS allowed,
        (SELECT coalesce(sum(u.uses), 0) FROM api_key_uses u WHERE u.key_id = k.id)::int AS uses,
        k.created_at AS made_at, k.last_used_at, k.expires_at, k.revoked_at AS ended_at
      FROM api_keys k WHERE k.user_id = $1::uuid`,
  },
]
