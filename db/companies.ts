/** Companies and who may book on their account. Each change is audited, without anybody's e-mail or phone. */
import type { Company, CompanyFacts, CompanyMember } from '../domain/companies.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { isOnePerson } from './one-person.ts'
import { openColumn, ownKey, type OwnKey } from './sealed-columns.ts'
import { placeOfContact } from './sealing-companies.ts'
import { protect } from './subject-keys.ts'
import { toCents, toCount } from './values.ts'

type Raw = {
  id: string
  number: string
  name: string
  kraPin: string
  line1: string
  line2: string
  city: string
  postcode: string
  country: string
  contactName: string
  contactEmail: string
  contactPhone: Buffer | null
  ownKey: OwnKey
  creditLimit: string
  termsDays: number
  active: boolean
  owed: string
  members: CompanyMember[] | null
  version: string
}

const DETAIL = `
  SELECT c.id, c.number, c.name, c.kra_pin AS "kraPin", c.billing_line1 AS line1, c.billing_line2 AS line2,
    c.billing_city AS city, c.billing_postcode AS postcode, c.billing_country AS country,
    c.contact_name AS "contactName", c.contact_email AS "contactEmail", c.contact_phone_sealed AS "contactPhone",
    ${ownKey('c.id')} AS "ownKey",
    c.credit_limit_cents AS "creditLimit", c.terms_days AS "termsDays", c.active, c.version,
    (SELECT coalesce(sum(p.amount_cents), 0) FROM ledger_postings p
      WHERE p.account = 'receivables' AND p.subject = c.id::text) AS owed,
    (SELECT json_agg(json_build_object('userId', u.id, 'email', u.email,
        'name', trim(u.first_name || ' ' || u.last_name)) ORDER BY u.first_name, u.id)
      FROM company_members m JOIN users u ON u.id = m.user_id WHERE m.company_id = c.id) AS members
  FROM companies c`

const toCompany = (on: Database | Tx, raw: Raw): Company => ({
  id: raw.id,
  number: raw.number,
  name: raw.name,
  kraPin: raw.kraPin,
  billing: {
    line1: raw.line1,
    line2: raw.line2,
    city: raw.city,
    postcode: raw.postcode,
    country: raw.country,
  },
  contact: {
    name: raw.contactName,
    email: raw.contactEmail,
    phone: openColumn(on, raw.ownKey, placeOfContact(raw.id), raw.contactPhone) ?? '',
  },
  creditLimit: toCents(raw.creditLimit),
  termsDays: raw.termsDays,
  active: raw.active,
  owed: toCents(raw.owed),
  members: raw.members ?? [],
  version: toCount(raw.version),
})

export async function findCompany(on: Database | Tx, id: string): Promise<Company | null> {
  const raw = await selectOne<Raw>(on, `${DETAIL} WHERE c.id = $1`, [id])
  return raw && toCompany(on, raw)
}

export async function listCompanies(
  on: Database | Tx,
  filter: { memberId?: string; limit: number },
): Promise<Company[]> {
  const rows = await select<Raw>(
    on,
    `${DETAIL} WHERE $1::uuid IS NULL OR (c.active AND EXISTS
       (SELECT FROM company_members m WHERE m.company_id = c.id AND m.user_id = $1))
     ORDER BY lower(c.name), c.id LIMIT $2`,
    [filter.memberId ?? null, filter.limit],
  )
  return rows.map((row) => toCompany(on, row))
}

const valuesOf = (facts: CompanyFacts, actorId: string, phone: Buffer | null) => [
  facts.name,
  facts.kraPin,
  facts.billing.line1,
  facts.billing.line2,
  facts.billing.city,
  facts.billing.postcode,
  facts.billing.country,
  facts.contact.name,
  facts.contact.email,
  phone,
  facts.creditLimit,
  facts.termsDays,
  facts.active,
  actorId,
]

const audited = ({ name, creditLimit, termsDays, active }: CompanyFacts) => ({
  name,
  creditLimit,
  termsDays,
  active,
})

async function assertNewPin(tx: Tx, pin: string, id: string): Promise<void> {
  const other = await selectOne<{ number: string }>(
    tx,
    'SELECT number FROM companies WHERE kra_pin = $1 AND id <> $2',
    [pin, id],
  )
  if (!other) return
  const message = `This KRA PIN belongs to ${other.number}.`
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'kra_pin', message }] })
}

/** The id is made once by whoever asks, so that a double click makes one company. */
export async function createCompany(
  tx: Tx,
  id: string,
  facts: CompanyFacts,
  actorId: string,
): Promise<Company> {
  const standing = await findCompany(tx, id)
  if (standing) return standing
  await assertNewPin(tx, facts.kraPin, id)
  const phone = await protect(tx, placeOfContact(id), facts.contact.phone)
  await select(
    tx,
    `INSERT INTO companies (name, kra_pin, billing_line1, billing_line2, billing_city, billing_postcode,
       billing_country, contact_name, contact_email, contact_phone_sealed, credit_limit_cents, terms_days, active,
       created_by, updated_by, id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [...valuesOf(facts, actorId, phone), id],
  )
  const entity = { entity: 'company', entityId: id }
  await appendAudit(tx, {
    actor: actorId,
    action: 'company.created',
    ...entity,
    after: audited(facts),
  })
  return (await findCompany(tx, id)) as Company
}

/** Who edited an older version is told, so that nobody's change is lost unseen. */
export async function changeCompany(
  tx: Tx,
  id: string,
  change: { facts: CompanyFacts; version: number; actorId: string },
): Promise<Company> {
  const { facts, version, actorId } = change
  const before = await findCompany(tx, id)
  if (!before) throw new BusinessError('NOT_FOUND', 'We have no such company.')
  await assertNewPin(tx, facts.kraPin, id)
  const phone = await protect(tx, placeOfContact(id), facts.contact.phone)
  const changed = await select(
    tx,
    `UPDATE companies SET name = $1, kra_pin = $2, billing_line1 = $3, billing_line2 = $4, billing_city = $5,
       billing_postcode = $6, billing_country = $7, contact_name = $8, contact_email = $9, contact_phone_sealed = $10,
       credit_limit_cents = $11, terms_days = $12, active = $13, updated_by = $14, version = version + 1, contact_phone = NULL
     WHERE id = $15 AND version = $16 RETURNING id`,
    [...valuesOf(facts, actorId, phone), id, version],
  )
  if (changed.length === 0)
    throw new BusinessError(
      'INVALID_INPUT',
      'Somebody else has changed this company meanwhile. Load the page again.',
    )
  await appendAudit(tx, {
    actor: actorId,
    action: 'company.changed',
    entity: 'company',
    entityId: id,
    before: audited(before),
    after: audited(facts),
  })
  return (await findCompany(tx, id)) as Company
}

type Membership = { companyId: string; userId: string; actorId: string }

/** Whoever may book on a company's account was let in by somebody else. */
export async function addMember(tx: Tx, { companyId, userId, actorId }: Membership): Promise<void> {
  if (await isOnePerson(tx, actorId, userId)) throw notOneself()
  const added = await select(
    tx,
    `INSERT INTO company_members (company_id, user_id, added_by) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING user_id`,
    [companyId, userId, actorId],
  )
  if (added.length > 0) await auditMember(tx, 'company.member_added', companyId, userId, actorId)
}

function notOneself(): BusinessError {
  const message = 'You cannot add yourself: somebody else of finance does.'
  return new BusinessError('INVALID_INPUT', message, {
    fields: [{ path: 'member_email', message }],
  })
}

export async function removeMember(tx: Tx, member: Membership): Promise<void> {
  const { companyId, userId, actorId } = member
  const removed = await select(
    tx,
    'DELETE FROM company_members WHERE company_id = $1 AND user_id = $2 RETURNING user_id',
    [companyId, userId],
  )
  if (removed.length > 0)
    await auditMember(tx, 'company.member_removed', companyId, userId, actorId)
}

const auditMember = (tx: Tx, action: string, companyId: string, userId: string, actor: string) =>
  appendAudit(tx, { actor, action, entity: 'company', entityId: companyId, after: { userId } })

/**
 * The company's account takes this amount for that customer: null, or why not. The lock keeps two bookings from
 * using the same room below the limit.
 */
export async function accountObstacle(
  tx: Tx,
  companyId: string,
  customerId: string,
  amount: Cents,
): Promise<'COMPANY_REFUSED' | 'COMPANY_LIMIT' | null> {
  // A statement of its own: what was posted while we waited for the lock is seen by the next one only.
  await select(tx, 'SELECT id FROM companies WHERE id = $1 FOR NO KEY UPDATE', [companyId])
  const row = await selectOne<{ active: boolean; member: boolean; room: string }>(
    tx,
    `SELECT c.active, EXISTS (SELECT FROM company_members m
         WHERE m.company_id = c.id AND m.user_id = $2) AS member, c.credit_limit_cents -
       (SELECT coalesce(sum(p.amount_cents), 0) FROM ledger_postings p
         WHERE p.account = 'receivables' AND p.subject = c.id::text) AS room
     FROM companies c WHERE c.id = $1`,
    [companyId, customerId],
  )
  if (!row?.active || !row.member) return 'COMPANY_REFUSED'
  return amount > toCents(row.room) ? 'COMPANY_LIMIT' : null
}
