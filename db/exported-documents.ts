/** Of documents and messages to somebody: what an export holds. */
import { keyed, type ExportSection } from './export-section.ts'

const NUMBERED = `coalesce((SELECT number FROM reservations WHERE id = n.reservation_id), (SELECT number FROM charges WHERE id = n.charge_id))`
const SOLD = `(SELECT array_agg(line ->> 'description') FROM jsonb_array_elements(n.lines) AS line)`

export const EXPORTED_DOCUMENTS: readonly ExportSection[] = [
  {
    name: 'invoices',
    title: ['Invoices', 'Ankara'],
    kind: 'documents',
    tables: ['invoices'],
    fields: {
      number: 'code',
      about: 'code',
      status: 'code',
      buyer: 'words',
      kra_pin: 'words',
      buyer_address: 'list',
      email: 'email',
      net: 'money',
      vat: 'money',
      total: 'money',
      paid: 'money',
      credited: 'money',
      deposit: 'money',
      made_at: 'time',
      issued_at: 'time',
      due_at: 'time',
      sent_at: 'time',
      paid_at: 'time',
      cancelled_at: 'time',
    },
    sql: `SELECT ${keyed('i.created_at', 'i.id')}, i.number, i.owner_number AS about, i.status, i.bill_to ->> 'name' AS buyer,
        i.bill_to ->> 'pin' AS kra_pin, i.bill_to -> 'address' AS buyer_address, i.bill_to ->> 'email' AS email,
        i.net_cents AS net, i.vat_cents AS vat, i.gross_cents AS total, i.paid_cents AS paid, i.credited_cents AS credited,
        i.deposit_cents AS deposit, i.created_at AS made_at, i.issued_at, i.due_at, i.sent_at, i.paid_at, i.cancelled_at
      FROM invoices i WHERE i.customer_id = $1::uuid`,
  },
  {
    name: 'invoice_payments',
    title: ['Transfers for your invoices', 'Malipo ya benki kwa ankara zako'],
    kind: 'documents',
    tables: ['invoice_payments'],
    fields: { number: 'code', amount: 'money', reference: 'words', at: 'time' },
    sql: `SELECT ${keyed('p.recorded_at', 'p.id')}, i.number, p.amount_cents AS amount, p.reference, p.recorded_at AS at
      FROM invoices i JOIN invoice_payments p ON p.invoice_id = i.id WHERE i.customer_id = $1::uuid`,
  },
  {
    name: 'credit_notes',
    title: ['Credit notes', 'Hati za kupunguza ankara'],
    kind: 'documents',
    tables: ['credit_notes'],
    fields: {
      number: 'code',
      invoice: 'code',
      reason: 'words',
      sold: 'list',
      net: 'money',
      vat: 'money',
      total: 'money',
      issued_at: 'time',
      sent_at: 'time',
    },
    sql: `SELECT ${keyed('n.issued_at', 'n.id')}, n.number, i.number AS invoice, n.reason, ${SOLD} AS sold, n.net_cents AS net,
        n.vat_cents AS vat, n.gross_cents AS total, n.issued_at, n.sent_at
      FROM invoices i JOIN credit_notes n ON n.invoice_id = i.id WHERE i.customer_id = $1::uuid`,
  },
  {
    name: 'receipts',
    title: ['Receipts', 'Risiti'],
    kind: 'documents',
    tables: ['receipts'],
    fields: { number: 'code', about: 'code', amount: 'money', issued_at: 'time' },
    sql: `SELECT ${keyed('r.issued_at', 'r.payment_id')}, r.number, p.owner_number AS about, p.amount_cents AS amount, r.issued_at
      FROM payments p JOIN receipts r ON r.payment_id = p.id WHERE p.customer_id = $1::uuid`,
  },
  {
    name: 'mailed_documents',
    title: ['Documents that we mailed', 'Hati tulizotuma kwa barua pepe'],
    kind: 'documents',
    tables: ['document_mails'],
    fields: {
      number: 'code',
      template: 'code',
      status: 'code',
      made_at: 'time',
      sent_at: 'time',
    },
    sql: `SELECT ${keyed('m.created_at', 'm.id')}, coalesce(n.number, i.number) AS number, m.template, m.status,
        m.created_at AS made_at, m.sent_at
      FROM invoices i JOIN document_mails m ON m.invoice_id = i.id LEFT JOIN credit_notes n ON n.id = m.credit_note_id
      WHERE i.customer_id = $1::uuid`,
  },
  {
    name: 'messages',
    title: ['Messages that we sent', 'Ujumbe tuliotuma'],
    kind: 'messages',
    tables: ['notifications'],
    fields: {
      channel: 'code',
      template: 'code',
      about: 'code',
      detail: 'told',
      status: 'code',
      made_at: 'time',
      sent_at: 'time',
    },
    sql: `SELECT ${keyed('n.created_at', 'n.id')}, n.channel, n.template, ${NUMBERED} AS about, n.detail, n.status,
        n.created_at AS made_at, n.sent_at
      FROM notifications n WHERE n.id IN (SELECT id FROM notifications WHERE customer_id = $1::uuid
        UNION SELECT n.id FROM reservations r JOIN notifications n ON n.reservation_id = r.id WHERE r.customer_id = $1::uuid
        UNION SELECT n.id FROM charges h JOIN notifications n ON n.charge_id = h.id WHERE h.customer_id = $1::uuid)`,
  },
]
