/** Prints documents as PDF. The same document gives the same bytes, so a repeat is the same file. */
import { fileURLToPath } from 'node:url'
import Pdf from 'pdfkit'
import { create } from 'qrcode'
import {
  METHOD_WORDS,
  type Company,
  type PaidBy,
  type PrintedDocument,
} from '../domain/documents.ts'
import { dayText } from '../domain/invoice-words.ts'
import type { InvoiceLine } from '../domain/invoices.ts'
import { formatKes } from '../domain/money.ts'

export type Documents = { print: (document: PrintedDocument) => Promise<Buffer> }
export type DocumentOptions = { company: Company; paybill: string }

/** Liberation Sans knows ũ and ĩ, which Kenyan names have and the fonts of every PDF reader lack. */
const font = (name: string) =>
  fileURLToPath(new URL(`./fonts/LiberationSans-${name}.ttf`, import.meta.url))
const [REGULAR, BOLD] = [font('Regular'), font('Bold')]
const PAGE = { left: 50, right: 545, bottom: 770 }
const WIDTH = PAGE.right - PAGE.left
const QR_SIZE = 96
const [SMALL, TEXT, LARGE] = [8, 10, 22]
const GREEN = '#0b6e4f'
const QUIET = '#5c6053'

type Sheet = InstanceType<typeof Pdf>
const TITLES = { invoice: 'Tax invoice', credit_note: 'Credit note', receipt: 'Receipt' } as const

export const createDocuments = (options: DocumentOptions): Documents => ({
  print: (document) => {
    const sheet = new Pdf({
      size: 'A4',
      margins: { top: 50, left: PAGE.left, right: 50, bottom: 40 },
      info: {
        Title: `${TITLES[document.kind]} ${document.number}`,
        Author: options.company.name,
        CreationDate: document.issuedAt,
      },
    })
    const done = collect(sheet)
    printHead(sheet, document, options)
    if (document.kind === 'receipt') printReceipt(sheet, document)
    else printTaxed(sheet, document, options)
    printFoot(sheet, document)
    sheet.end()
    return done
  },
})

const collect = (sheet: Sheet): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    sheet.on('data', (chunk: Buffer) => chunks.push(chunk))
    sheet.on('end', () => resolve(Buffer.concat(chunks)))
    sheet.on('error', reject)
  })

const text = (sheet: Sheet, words: string, size = TEXT, bold = false) =>
  sheet
    .font(bold ? BOLD : REGULAR)
    .fontSize(size)
    .fillColor('black')
    .text(words, PAGE.left)
const quiet = (sheet: Sheet, words: string) =>
  sheet.font(REGULAR).fontSize(SMALL).fillColor(QUIET).text(words, PAGE.left)

function printHead(sheet: Sheet, document: PrintedDocument, { company }: DocumentOptions): void {
  sheet.font(BOLD).fontSize(LARGE).fillColor(GREEN).text('gari', PAGE.left, 50)
  quiet(sheet, [company.name, ...company.address, `PIN ${company.pin}`].join(', '))
  sheet.moveDown(1.5)
  text(sheet, `${TITLES[document.kind]} ${document.number}`, 16, true)
  text(sheet, `Date: ${dayText(document.issuedAt)}`)
  if (document.kind === 'invoice') {
    const lastDay = new Date(document.dueAt.getTime() - 1)
    text(sheet, `To be paid by: ${dayText(lastDay)}`)
  }
  if (document.kind === 'credit_note') {
    text(sheet, `For invoice ${document.invoiceNumber}`)
    text(sheet, `Reason: ${document.reason}`)
  }
  const what = document.ownerNumber.startsWith('CHG') ? 'Charge' : 'Booking'
  text(sheet, `${what}: ${document.ownerNumber}`)
  sheet.moveDown()
  const { name, pin, address } = document.billTo
  text(sheet, document.kind === 'receipt' ? 'Received from' : 'Bill to', SMALL, true)
  text(sheet, [name, ...address, ...(pin ? [`PIN ${pin}`] : [])].join('\n'))
  sheet.moveDown()
}

/** Right edge and width of each column of figures. */
const COLUMNS = { quantity: 290, price: 380, vat: 455, gross: PAGE.right } as const
const COLUMN_WIDTH = 80
const DESCRIPTION_WIDTH = 190

function row(
  sheet: Sheet,
  cells: { description: string } & Partial<Record<keyof typeof COLUMNS, string>>,
  bold = false,
): void {
  const { description, ...figures } = cells
  sheet
    .font(bold ? BOLD : REGULAR)
    .fontSize(TEXT)
    .fillColor('black')
  const height = sheet.heightOfString(description, { width: DESCRIPTION_WIDTH })
  if (sheet.y + height > PAGE.bottom) sheet.addPage()
  const top = sheet.y
  sheet.text(description, PAGE.left, top, { width: DESCRIPTION_WIDTH })
  for (const [name, words] of Object.entries(figures)) {
    const right = COLUMNS[name as keyof typeof COLUMNS]
    const place = { width: COLUMN_WIDTH, align: 'right' as const, lineBreak: false }
    sheet.text(words, right - COLUMN_WIDTH, top, place)
  }
  sheet.y = top + height + 4
}

const rule = (sheet: Sheet) => {
  sheet.moveTo(PAGE.left, sheet.y).lineTo(PAGE.right, sheet.y).lineWidth(0.5).stroke(QUIET)
  sheet.y += 6
}

const lineRow = (sheet: Sheet, line: InvoiceLine) =>
  row(sheet, {
    description: line.description,
    quantity: String(line.quantity),
    price: formatKes(line.unitPrice),
    vat: `${line.vatRate} %`,
    gross: formatKes(line.gross),
  })

type Taxed = Exclude<PrintedDocument, { kind: 'receipt' }>

function printTaxed(sheet: Sheet, document: Taxed, { paybill }: DocumentOptions): void {
  const { net, vat, gross } = document.totals
  const head = { quantity: 'Quantity', price: 'Price', vat: 'VAT', gross: 'Amount' }
  row(sheet, { description: 'What', ...head }, true)
  rule(sheet)
  for (const line of document.lines) lineRow(sheet, line)
  rule(sheet)
  row(sheet, { description: 'Without VAT', gross: formatKes(net) })
  row(sheet, { description: 'VAT', gross: formatKes(vat) })
  row(sheet, { description: 'Total, VAT included', gross: formatKes(gross) }, true)
  if (document.kind === 'invoice') printMoney(sheet, document, paybill)
  sheet.moveDown()
  text(sheet, etimsWords(document))
}

function printMoney(
  sheet: Sheet,
  document: Extract<Taxed, { kind: 'invoice' }>,
  paybill: string,
): void {
  const { credited, open, payments, deposit, ownerNumber } = document
  if (credited > 0) row(sheet, { description: 'Credit notes', gross: formatKes(credited) })
  for (const paid of payments)
    row(sheet, { description: `Paid: ${paidWords(paid)}`, gross: formatKes(paid.amount) })
  row(sheet, { description: 'Still to pay', gross: formatKes(open) }, true)
  sheet.moveDown()
  if (open > 0) {
    const how = `How to pay: M-Pesa, Lipa na M-Pesa, Paybill ${paybill}, account ${ownerNumber}.`
    text(sheet, how, TEXT, true)
  }
  if (deposit > 0)
    quiet(
      sheet,
      `For information: a refundable deposit of ${formatKes(deposit)} is taken at pick-up. It is not a price, so it carries no VAT and is no part of this invoice.`,
    )
}

const paidWords = ({ at, method, reference }: PaidBy): string =>
  [METHOD_WORDS[method], reference, dayText(at)].filter(Boolean).join(', ')

function etimsWords({ etims: { status, unit } }: Taxed): string {
  if (!unit) return status === 'off' ? 'eTIMS: not connected' : 'eTIMS: being registered'
  const lines = [
    `Control unit: ${unit.serial}`,
    `Control unit invoice number: ${unit.invoiceNumber}`,
    `Signature: ${unit.signature}`,
    `Internal data: ${unit.internalData}`,
    unit.url,
  ]
  return lines.join('\n')
}

function printReceipt(sheet: Sheet, document: Extract<PrintedDocument, { kind: 'receipt' }>): void {
  const { payment, what } = document
  row(sheet, { description: what, gross: formatKes(payment.amount) }, true)
  rule(sheet)
  text(sheet, `Paid by: ${METHOD_WORDS[payment.method]}`)
  if (payment.reference)
    text(
      sheet,
      `${payment.method === 'mpesa' ? 'M-Pesa receipt' : 'Reference'}: ${payment.reference}`,
    )
  text(sheet, `On: ${dayText(payment.at)}`)
  sheet.moveDown()
  quiet(sheet, 'A receipt shows that money came in. It is no tax invoice.')
}

function printFoot(sheet: Sheet, { verifyUrl }: PrintedDocument): void {
  if (sheet.y + QR_SIZE + 30 > PAGE.bottom) sheet.addPage()
  sheet.moveDown()
  const top = sheet.y
  drawQr(sheet, verifyUrl, top)
  sheet.font(REGULAR).fontSize(SMALL).fillColor(QUIET)
  const beside = { width: WIDTH - QR_SIZE - 16 }
  sheet.text('Scan to check that this document is genuine:', PAGE.left + QR_SIZE + 16, top, beside)
  sheet.text(verifyUrl, PAGE.left + QR_SIZE + 16, sheet.y, beside)
}

/** As one shape, so that it is sharp at any size and shows no seams. */
function drawQr(sheet: Sheet, url: string, top: number): void {
  const { size, data } = create(url, { errorCorrectionLevel: 'M' }).modules
  const side = QR_SIZE / (size + 2)
  for (const [nth, isDark] of data.entries()) {
    const [column, row] = [nth % size, Math.floor(nth / size)]
    if (isDark) sheet.rect(PAGE.left + (column + 1) * side, top + (row + 1) * side, side, side)
  }
  sheet.fill('black')
}
