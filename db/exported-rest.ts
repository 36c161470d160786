/** Of what was done and decided about somebody, and of their own wishes: what an export holds. */
import { REFUNDS, THEIRS } from './erasing-money.ts'
import { keyed, UUID, type ExportSection } from './export-section.ts'

/** Who of the house did it is theirs to keep. */
const BY = (column: string): string => `CASE WHEN ${column} = $1::uuid::text THEN 'you'
  WHEN ${column} !~ ${UUID} THEN 'gari'
  WHEN EXISTS (SELECT FROM users u WHERE u.id::text = ${column} AND u.kind = 'customer') THEN 'another_customer'
  ELSE 'somebody_who_works_here' END`

/** What is theirs, as entries name it; those of points said 'customer' for some days. */
const ENTITIES = `SELECT 'user' AS entity, $1::uuid::text AS id, NULL AS number
  UNION ALL SELECT 'customer', $1::uuid::text, NULL
  UNION ALL SELECT 'reservation', id::text, number FROM reservations WHERE customer_id = $1::uuid
  UNION ALL SELECT 'charge', id::text, number FROM charges WHERE customer_id = $1::uuid
  UNION ALL SELECT 'invoice', id::text, number FROM invoices WHERE customer_id = $1::uuid
  UNION ALL SELECT 'payment', id::text, owner_number FROM payments WHERE customer_id = $1::uuid
  UNION ALL SELECT 'refund', id::text, owner_number FROM refunds WHERE customer_id = $1::uuid`

/** As an open question stands in the way of an erasure (account-needs.ts). */
const SUBJECTS = `SELECT id FROM (${ENTITIES}) AS theirs
  UNION SELECT receipt FROM payments WHERE customer_id = $1::uuid AND receipt IS NOT NULL
  UNION SELECT id::text FROM payments WHERE id IN ${THEIRS} UNION SELECT id::text FROM refunds WHERE id IN ${REFUNDS}`

export const EXPORTED_REST: readonly ExportSection[] = [
  {
    name: 'questions',
    title: ['Questions about your money, and answers', 'Maswali kuhusu pesa zako, na majibu'],
    kind: 'decisions',
    tables: ['finance_cases'],
    fields: {
      what: 'code',
      about: 'code',
      detail: 'words',
      amount: 'money',
      status: 'code',
      resolution: 'words',
      opened_at: 'time',
      closed_at: 'time',
    },
    sql: `SELECT ${keyed('c.opened_at', 'c.id')}, c.what, c.place AS about, c.detail, c.amount_cents AS amount, c.status, c.resolution,
        c.opened_at, c.closed_at
      FROM finance_cases c WHERE c.subject IN (${SUBJECTS})`,
  },
  {
    name: 'money_given',
    title: ['Money that was said to be yours', 'Pesa zilizosemwa kuwa zako'],
    kind: 'decisions',
    tables: ['allocation_wishes', 'bank_allocation_wishes'],
    fields: { receipt: 'code', what: 'code', why: 'words', asked_at: 'time' },
    sql: `SELECT ${keyed('w.asked_at', "('mpesa ' || w.receipt)")}, w.receipt, w.purpose AS what, w.why, w.asked_at
      FROM allocation_wishes w WHERE w.owner_id::text IN (SELECT id FROM (${ENTITIES}) AS theirs)
      UNION ALL SELECT ${keyed('w.asked_at', "('bank ' || w.line_id)")}, NULL, w.purpose, w.why, w.asked_at
      FROM bank_allocation_wishes w WHERE w.owner_id::text IN (SELECT id FROM (${ENTITIES}) AS theirs)`,
  },
  {
    name: 'entries',
    title: ['What you did here, and what was done for you', 'Ulichofanya hapa, na ulichofanyiwa'],
    kind: 'audit',
    tables: ['audit_entries'],
    fields: {
      at: 'time',
      what: 'code',
      about: 'code',
      by: 'code',
      address: 'words',
      why: 'words',
      before: 'told',
      after: 'told',
    },
    sql: `WITH theirs AS MATERIALIZED (${ENTITIES})
      SELECT lpad(a.id::text, 20, '0') AS key, a.at, a.action AS what, theirs.number AS about, ${BY('a.actor')} AS by,
        CASE WHEN a.actor = $1::uuid::text THEN a.origin END AS address,
        -- What the house wrote of a hold for a court is not ours to tell.
        CASE WHEN a.action NOT LIKE 'legal_hold.%' THEN a.why END AS why, a.before, a.after
      FROM audit_entries a LEFT JOIN theirs ON theirs.entity = a.entity AND theirs.id = a.entity_id
      WHERE a.id IN (SELECT id FROM audit_entries WHERE actor = $1::uuid::text
        UNION SELECT e.id FROM theirs JOIN audit_entries e ON e.entity = theirs.entity AND e.entity_id = theirs.id)`,
  },
  {
    name: 'alarms',
    title: ['Attempts to get into your account', 'Majaribio ya kuingia kwenye akaunti yako'],
    kind: 'alarms',
    tables: ['security_events'],
    fields: { what: 'code', at: 'time' },
    sql: `SELECT lpad(e.id::text, 20, '0') AS key, e.kind AS what, e.at FROM security_events e
      WHERE e.detail ->> 'userId' = $1::uuid::text`,
  },
  {
    name: 'erasures',
    title: ['Your wishes to be erased', 'Maombi yako ya kufutwa'],
    kind: 'rights',
    tables: ['erasures'],
    fields: {
      status: 'code',
      in_its_way: 'list',
      by: 'code',
      asked_at: 'time',
      due_at: 'time',
      ended_at: 'time',
    },
    sql: `SELECT ${keyed('e.asked_at', 'e.id')}, e.status, e.needs AS in_its_way, ${BY('e.asked_by')} AS by, e.asked_at, e.due_at, e.ended_at
      FROM erasures e WHERE e.user_id = $1::uuid`,
  },
  {
    name: 'erasure_letters',
    title: ['Letters about them', 'Barua kuhusu maombi hayo'],
    kind: 'rights',
    tables: ['erasure_letters'],
    fields: {
      template: 'code',
      channel: 'code',
      sent_to: 'words',
      made_at: 'time',
      sent_at: 'time',
    },
    sql: `SELECT ${keyed('l.created_at', 'l.id')}, l.kind AS template, l.channel, l.address AS sent_to, l.created_at AS made_at, l.sent_at
      FROM erasures e JOIN erasure_letters l ON l.erasure_id = e.id WHERE e.user_id = $1::uuid`,
  },
  {
    name: 'legal_holds',
    title: ['Duties of the law to keep your data', 'Wajibu wa kisheria wa kutunza taarifa zako'],
    kind: 'rights',
    tables: ['legal_holds'],
    fields: { since: 'time', ended_at: 'time' },
    sql: `SELECT ${keyed('h.set_at', 'h.id')}, h.set_at AS since, h.lifted_at AS ended_at
      FROM legal_holds h WHERE h.user_id = $1::uuid`,
  },
  {
    name: 'copies',
    title: ['Copies like this one', 'Nakala kama hii'],
    kind: 'rights',
    tables: ['exports'],
    fields: { status: 'code', by: 'code', asked_at: 'time', ready_at: 'time', expires_at: 'time' },
    sql: `SELECT ${keyed('x.asked_at', 'x.id')}, x.status, ${BY('x.asked_by')} AS by, x.asked_at, x.ready_at, x.expires_at
      FROM exports x WHERE x.user_id = $1::uuid`,
  },
]
