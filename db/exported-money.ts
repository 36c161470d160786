/** Of somebody's money, and what M-Pesa and the bank said of it: what an export holds. */
import { phoneForOwner, type OwnContacts } from '../domain/masking-others.ts'
import { RECEIPTS, REFUNDS, THEIRS } from './erasing-money.ts'
import type { Tx } from './connection.ts'
import { OWN_PHONE_INDEX } from './erasing.ts'
import { keyed, UUID, type ExportSection, type ReadRow } from './export-section.ts'
import { openPhonesOf } from './exported-phones.ts'
import { phoneColumns } from './payer-phones.ts'
import { readWords, WORD_COLUMNS, type KeptWords } from './line-words.ts'
import { readPlanPhones } from './plan-phone-rows.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import {
  readRefundPhones,
  REFUND_PHONE_COLUMNS,
  REFUND_PHONES,
  type KeptRefundPhones,
} from './refund-phone-columns.ts'
import { readSaid, SAID, SAID_COLUMNS, type KeptSaid } from './receipt-payers.ts'

const ALL_WORDS = ['party', 'phone', 'reference', 'details', 'raw'] as const
type RawRefundPhones = ReadRow & KeptRefundPhones & { id: string }
type RawReceipt = ReadRow & KeptSaid & { receipt: string }

/** Whose phone is not theirs paid for them, or was paid for by them: then the name is cut. */
function cutPayer(own: OwnContacts, row: ReadRow, phone: unknown, name: string): ReadRow {
  const isOwn = typeof phone === 'string' && phoneForOwner(own, phone) === phone && own.phone
  const text = row[name]
  if (isOwn || typeof text !== 'string' || text === '') return row
  return { ...row, [name]: `${text.slice(0, 1)}***` }
}

async function openPlanPhones(on: Tx, rows: ReadRow[]): Promise<ReadRow[]> {
  const opened: ReadRow[] = []
  for (const row of rows) {
    const phones = await readPlanPhones(on, String(row['plan']))
    const phone = phones.find(({ position }) => position === row['position'])?.phone
    opened.push({ ...row, phone: phone || null })
  }
  return opened
}

export const EXPORTED_MONEY: readonly ExportSection[] = [
  {
    name: 'payments',
    title: ['Payments', 'Malipo'],
    kind: 'payments',
    tables: ['payments', 'desk_tenders'],
    fields: {
      about: 'code',
      type: 'code',
      method: 'code',
      channel: 'code',
      amount: 'money',
      refunded: 'money',
      status: 'code',
      result: 'code',
      phone: 'phone',
      receipt: 'code',
      reference: 'words',
      given: 'money',
      change: 'money',
      terminal: 'code',
      slip: 'code',
      bank_reference: 'words',
      asked_at: 'time',
      prompted_at: 'time',
      ended_at: 'time',
      refunded_at: 'time',
    },
    sql: `SELECT ${keyed('p.requested_at', 'p.id')}, p.owner_number AS about, p.type, p.method, p.channel, p.amount_cents AS amount,
        p.refunded_cents AS refunded, p.status, p.result_code AS result, p.id, p.customer_id AS "customerId",
        ${phoneColumns('p.', 'p.customer_id')}, p.receipt, p.desk_reference AS reference,
        t.given_cents AS given, t.change_cents AS change, t.terminal, t.slip, t.bank_reference, p.requested_at AS asked_at,
        p.prompted_at, p.processed_at AS ended_at, p.refunded_at
      FROM payments p LEFT JOIN desk_tenders t ON t.payment_id = p.id WHERE p.id IN ${THEIRS}`,
    opens: ['payments.phone_sealed', 'payments.phone'],
    open: openPhonesOf('payments'),
  },
  {
    name: 'payment_plans',
    title: ['Sums asked for in several requests', 'Kiasi kilichoombwa kwa maombi kadhaa'],
    kind: 'payments',
    tables: ['payment_plans'],
    fields: {
      about: 'code',
      amount: 'money',
      status: 'code',
      agreed_at: 'time',
      made_at: 'time',
      due_at: 'time',
      ended_at: 'time',
    },
    sql: `SELECT ${keyed('p.created_at', 'p.id')}, p.owner_number AS about, p.amount_cents AS amount, p.status,
        p.consented_at AS agreed_at, p.created_at AS made_at, p.deadline AS due_at, p.ended_at
      FROM payment_plans p WHERE p.customer_id = $1::uuid`,
  },
  {
    name: 'payment_plan_phones',
    title: ['Phones that were asked for them', 'Simu zilizoombwa kwa ajili yake'],
    kind: 'payments',
    tables: ['payment_plan_phones'],
    fields: { about: 'code', phone: 'phone', rests_until: 'time' },
    sql: `SELECT ${keyed('o.created_at', "(o.id || ' ' || p.position)")}, o.owner_number AS about, o.id AS plan, p.position, p.rests_until
      FROM payment_plans o JOIN payment_plan_phones p ON p.plan_id = o.id
      WHERE o.customer_id = $1::uuid OR p.phone_index = ${OWN_PHONE_INDEX}`,
    opens: ['payment_plan_phones.phone_sealed', 'payment_plan_phones.phone'],
    open: openPlanPhones,
  },
  {
    name: 'mpesa_receipts',
    title: ['M-Pesa receipts', 'Risiti za M-Pesa'],
    kind: 'payments',
    tables: ['mpesa_receipts'],
    fields: {
      receipt: 'code',
      amount: 'money',
      phone: 'phone',
      name: 'words',
      reference: 'words',
      status: 'code',
      paid_at: 'time',
      made_at: 'time',
    },
    sql: `SELECT ${keyed('m.created_at', 'm.receipt')}, m.receipt, m.amount_cents AS amount, ${SAID_COLUMNS},
        m.status, m.paid_at, m.created_at AS made_at
      FROM mpesa_receipts m WHERE m.receipt IN ${RECEIPTS}`,
    opens: SAID.map((column) => `mpesa_receipts.${column}_sealed`),
    open: (on, rows, owner) =>
      rows.map((row) => {
        const { payer, payerName, reference, ...rest } = readSaid(on, row as RawReceipt)
        const opened = { ...rest, phone: payer, name: payerName, reference }
        return cutPayer(owner, opened, payer, 'name')
      }),
  },
  {
    name: 'refunds',
    title: ['Money that went back', 'Pesa zilizorudishwa'],
    kind: 'refunds',
    tables: ['refunds'],
    fields: {
      about: 'code',
      amount: 'money',
      method: 'code',
      status: 'code',
      reason: 'words',
      phone: 'phone',
      other_phone: 'phone',
      receipt: 'code',
      of_receipt: 'code',
      note: 'words',
      asked_at: 'time',
      decided_at: 'time',
      sent_at: 'time',
      ended_at: 'time',
    },
    sql: `SELECT ${keyed('r.requested_at', 'r.id')}, r.owner_number AS about, r.amount_cents AS amount, r.method, r.status, r.reason,
        r.id, ${REFUND_PHONE_COLUMNS}, r.receipt, r.source_receipt AS of_receipt, r.decision_note AS note,
        r.requested_at AS asked_at, r.decided_at, r.sent_at, r.processed_at AS ended_at
      FROM refunds r WHERE r.id IN ${REFUNDS}`,
    opens: REFUND_PHONES.map((column) => `refunds.${column}_sealed`),
    open: (on, rows) =>
      rows.map((row) => {
        const { id: _id, namedPhone, ...rest } = readRefundPhones(on, row as RawRefundPhones)
        return { ...rest, other_phone: namedPhone }
      }),
  },
  {
    name: 'refunds_by_hand',
    title: ['Money that somebody of us sent back by hand', 'Pesa tulizorudisha kwa mkono'],
    kind: 'refunds',
    tables: ['refund_hand_wishes'],
    fields: {
      about: 'code',
      how: 'words',
      reference: 'words',
      receipt: 'code',
      status: 'code',
      note: 'words',
      asked_at: 'time',
      decided_at: 'time',
    },
    sql: `SELECT ${keyed('w.asked_at', 'w.id')}, r.owner_number AS about, w.how, w.reference, w.receipt, w.status, w.note, w.asked_at,
        w.decided_at
      FROM refund_hand_wishes w JOIN refunds r ON r.id = w.refund_id WHERE r.id IN ${REFUNDS}`,
  },
  {
    name: 'credit',
    title: ['Your credit with us', 'Salio lako kwetu'],
    kind: 'books',
    tables: ['ledger_entries', 'ledger_postings'],
    fields: { kind: 'code', description: 'words', amount: 'money', at: 'time' },
    sql: `SELECT ${keyed('e.posted_at', "lpad(p.id::text, 20, '0')")}, e.kind, e.description, -p.amount_cents AS amount, e.posted_at AS at
      FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
      WHERE p.account = 'customer_credit' AND p.subject = $1::uuid::text`,
  },
  {
    name: 'mpesa_messages',
    title: ['What M-Pesa told us', 'Tulichoambiwa na M-Pesa'],
    kind: 'reports',
    tables: ['provider_messages'],
    fields: { kind: 'code', told: 'told', outcome: 'words', received_at: 'time' },
    sql: `SELECT ${keyed('m.received_at', 'm.id')}, m.kind, ${BODY_COLUMNS}, m.outcome, m.received_at
      FROM provider_messages m WHERE m.subject_id IN (${THEIRS} UNION ${REFUNDS})`,
    opens: ['provider_messages.body_sealed', 'provider_messages.body'],
    open: (on, rows) => rows.map((row) => ({ ...row, told: openBody(on, row as RawBody) })),
  },
  {
    name: 'statement_lines',
    title: ['Lines of M-Pesa’s and the bank’s lists', 'Mistari ya orodha za M-Pesa na benki'],
    kind: 'reports',
    tables: ['provider_lines'],
    fields: {
      source: 'code',
      receipt: 'code',
      amount: 'money',
      phone: 'phone',
      name: 'words',
      reference: 'words',
      details: 'told',
      told: 'told',
      note: 'words',
      at: 'time',
    },
    sql: `SELECT ${keyed('l.at', 'l.id')}, l.source, l.line_key AS receipt, l.amount_cents AS amount, ${WORD_COLUMNS},
        l.explanation AS note, l.at
      FROM provider_lines l WHERE l.id IN (SELECT id FROM provider_lines WHERE line_key IN ${RECEIPTS} AND source <> 'bank'
        UNION SELECT b.id FROM desk_tenders t JOIN provider_lines b ON b.id = t.bank_line_id::uuid
          WHERE t.payment_id IN ${THEIRS} AND t.bank_line_id ~ ${UUID})`,
    opens: ['provider_lines.said_sealed'],
    open: (on, rows, owner) =>
      rows.map((raw) => {
        const { party, raw: told, ...opened } = readWords(on, raw as ReadRow & KeptWords, ALL_WORDS)
        const row = { ...opened, name: party, told: opened['source'] === 'bank' ? null : told }
        const cut = cutPayer(owner, row, row.phone, 'name')
        // The bank's own words name whoever sent it, in no form that anybody could cut.
        return opened['source'] === 'bank' && cut !== row ? { ...cut, details: null } : cut
      }),
  },
]
