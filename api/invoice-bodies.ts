/** Invoices and credit notes as the API shows them. */
import { z } from '@hono/zod-openapi'
import { openAmount, type InvoiceLine } from '../domain/invoices.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { CreditNote } from '../db/credit-notes.ts'
import type { InvoiceRow } from '../db/invoice-rows.ts'

const line = z.object({
  description: z.string(),
  quantity: z.number().int(),
  unit_price: z.string(),
  vat_rate: z.number().int(),
  net: z.string(),
  vat: z.string(),
  gross: z.string(),
})
const etims = z.object({
  status: z.string().openapi({ description: 'off, pending, registered or refused' }),
  control_unit: z.string().nullable(),
  invoice_number: z.string().nullable(),
  url: z.string().nullable(),
})
export const invoiceBody = z
  .object({
    id: z.string(),
    number: z.string().nullable().openapi({ description: 'Null while it is a draft' }),
    status: z.string(),
    reservation_id: z.string().nullable(),
    charge_id: z.string().nullable(),
    owner_number: z.string().openapi({ description: 'Of the booking or the charge' }),
    bill_to: z.object({
      name: z.string(),
      pin: z.string().nullable(),
      address: z.array(z.string()),
      email: z.string().nullable(),
    }),
    currency: z.string(),
    net: z.string(),
    vat: z.string(),
    gross: z.string(),
    credited: z.string(),
    paid: z.string(),
    open: z.string(),
    issued_at: z.string().nullable(),
    due_at: z.string().nullable(),
    sent_at: z.string().nullable(),
    etims,
  })
  .openapi('Invoice')
export const creditNoteBody = z
  .object({
    id: z.string(),
    number: z.string(),
    invoice_id: z.string(),
    invoice_number: z.string(),
    reason: z.string(),
    currency: z.string(),
    net: z.string(),
    vat: z.string(),
    gross: z.string(),
    lines: z.array(line),
    issued_at: z.string(),
    etims,
  })
  .openapi('CreditNote')

const time = (at: Date | null) => at && toNairobiIso(at)
const toEtims = (of: Pick<InvoiceRow, 'etims' | 'etimsStatus'>) => ({
  status: of.etimsStatus,
  control_unit: of.etims?.serial ?? null,
  invoice_number: of.etims?.invoiceNumber ?? null,
  url: of.etims?.url ?? null,
})
const toTotals = (of: Pick<InvoiceRow, 'net' | 'vat' | 'gross'>) => ({
  currency: CURRENCY,
  net: toDecimal(of.net),
  vat: toDecimal(of.vat),
  gross: toDecimal(of.gross),
})
const toLineBody = ({
  description,
  quantity,
  unitPrice,
  vatRate,
  net,
  vat,
  gross,
}: InvoiceLine) => ({
  description,
  quantity,
  unit_price: toDecimal(unitPrice),
  vat_rate: vatRate,
  net: toDecimal(net),
  vat: toDecimal(vat),
  gross: toDecimal(gross),
})

export const toInvoiceBody = (row: InvoiceRow): z.infer<typeof invoiceBody> => ({
  id: row.id,
  number: row.number,
  status: row.status,
  reservation_id: row.purpose === 'reservation' ? row.ownerId : null,
  charge_id: row.purpose === 'charge' ? row.ownerId : null,
  owner_number: row.ownerNumber,
  bill_to: row.billTo,
  ...toTotals(row),
  credited: toDecimal(row.credited),
  paid: toDecimal(row.paid),
  open: toDecimal(openAmount(row)),
  issued_at: time(row.issuedAt),
  due_at: time(row.dueAt),
  sent_at: time(row.sentAt),
  etims: toEtims(row),
})

export const toCreditNoteBody = (note: CreditNote): z.infer<typeof creditNoteBody> => ({
  id: note.id,
  number: note.number,
  invoice_id: note.invoiceId,
  invoice_number: note.invoiceNumber,
  reason: note.reason,
  ...toTotals(note),
  lines: note.lines.map(toLineBody),
  issued_at: toNairobiIso(note.issuedAt),
  etims: toEtims(note),
})
