/** Steps of an invoice's and a credit note's story: one transaction each, or one call to the revenue authority. */
import { inTransaction, type Database, type Tx } from '../db/connection.ts'
import { creditExcess } from '../db/credit-excess.ts'
import { findCreditNote } from '../db/credit-notes.ts'
import { queueCreditNoteMail, queueDocumentMail, queueInvoiceMail } from '../db/document-mails.ts'
import {
  findSale,
  invoiceComesFirst,
  recordRegistered,
  recordUnregistered,
  type TaxedKind,
} from '../db/etims-records.ts'
import { recountLocked } from '../db/invoice-counting.ts'
import { claimReminder, issueInvoice, openInvoiceCase } from '../db/invoices.ts'
import { lockInvoice, lockInvoicesWith, pickInvoice, type InvoiceRow } from '../db/invoice-rows.ts'
import type { ControlUnit, EtimsStatus, InvoiceStatus, Reminder } from '../domain/invoices.ts'
import { ZERO } from '../domain/money.ts'
import type { Etims, EtimsAnswer } from '../gateways/etims.ts'

type World = {
  db: Database
  now: () => Date
  /** Null while Gari is not connected to eTIMS; documents then say so. */
  etims: Etims | null
}

/** What a story needs to know of its invoice; times as ISO text. */
export type InvoiceStanding = {
  status: InvoiceStatus
  number: string | null
  ownerNumber: string
  issuedAt: string | null
  dueAt: string | null
  etimsStatus: EtimsStatus
}

const standing = (row: InvoiceRow): InvoiceStanding => ({
  status: row.status,
  number: row.number,
  ownerNumber: row.ownerNumber,
  issuedAt: row.issuedAt?.toISOString() ?? null,
  dueAt: row.dueAt?.toISOString() ?? null,
  etimsStatus: row.etimsStatus,
})

/** Once for each document, however often it is asked for. */
async function mailDocument(tx: Tx, kind: TaxedKind, id: string): Promise<void> {
  if (kind === 'invoice') return queueInvoiceMail(tx, id)
  const note = await findCreditNote(tx, id)
  if (note) await queueCreditNoteMail(tx, note)
}

export const createInvoiceBooks = ({ db, now, etims }: World) => ({
  issueInvoice: (id: string): Promise<InvoiceStanding> =>
    inTransaction(db, async (tx) => {
      const { ownerId } = await lockInvoice(tx, id)
      // What it is for may have ended, or become cheaper, since it was drafted.
      const tooMuch = await creditExcess(tx, { ownerId, now: now() })
      const issued = await issueInvoice(tx, id, { now: now(), etims: etims !== null })
      if (tooMuch === ZERO) return standing(issued)
      // A draft cannot be credited; now it has a number.
      await creditExcess(tx, { ownerId, now: now() })
      return standing(await lockInvoice(tx, id))
    }),

  recountInvoice: (id: string): Promise<InvoiceStanding> =>
    inTransaction(db, async (tx) => {
      const all = await recountLocked(tx, await lockInvoicesWith(tx, id), now())
      return standing(pickInvoice(all, id))
    }),

  /** With the number its letter: it leaves although the story that asked for the number may not go on. */
  recordRegistered: (kind: TaxedKind, id: string, unit: ControlUnit): Promise<void> =>
    inTransaction(db, async (tx) => {
      await recordRegistered(tx, kind, id, unit)
      await mailDocument(tx, kind, id)
    }),

  recordUnregistered: (kind: TaxedKind, id: string, note: string): Promise<void> =>
    inTransaction(db, (tx) => recordUnregistered(tx, kind, id, note)),

  mailInvoice: (id: string): Promise<void> =>
    inTransaction(db, (tx) => mailDocument(tx, 'invoice', id)),

  mailCreditNote: (id: string): Promise<void> =>
    inTransaction(db, (tx) => mailDocument(tx, 'credit_note', id)),

  /** True when the reminder was due and is on its way now. */
  remindOfInvoice: (id: string, reminder: Reminder): Promise<boolean> =>
    inTransaction(db, async (tx) => {
      if (!(await claimReminder(tx, id, reminder))) return false
      const key = `invoice:${id}:${reminder}`
      await queueDocumentMail(tx, { invoiceId: id, creditNoteId: null, template: reminder, key })
      return true
    }),

  openInvoiceCase: (id: string): Promise<void> =>
    inTransaction(db, (tx) => openInvoiceCase(tx, id, now())),
})
export type InvoiceBooks = ReturnType<typeof createInvoiceBooks>

export const createEtimsActivities = ({ db, etims }: Pick<World, 'db' | 'etims'>) => ({
  /** Safe to repeat: the document's number names it at the authority. Null when there is nothing to do. */
  registerDocument: async (kind: TaxedKind, id: string): Promise<EtimsAnswer | null> => {
    if (etims && kind === 'credit_note' && (await invoiceComesFirst(db, id)))
      return { outcome: 'unknown', why: 'its invoice is registered first' }
    const sale = etims && (await findSale(db, kind, id))
    return etims && sale ? etims.register(sale) : null
  },
})
export type EtimsActivities = ReturnType<typeof createEtimsActivities>

export const createInvoiceActivities = (world: World) => ({
  ...createInvoiceBooks(world),
  ...createEtimsActivities(world),
})
