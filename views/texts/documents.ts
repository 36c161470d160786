/** My documents, and the check that one is genuine. */
import type { Text } from '../language.ts'

export const documentTexts = {
  documentsHeading: ['My documents', 'Hati zangu'],
  noDocuments: ['No documents yet', 'Bado hakuna hati'],
  noDocumentsText: [
    'Invoices and receipts appear here as soon as a booking is paid.',
    'Ankara na risiti huonekana hapa nafasi ikishalipwa.',
  ],
  document_invoice: ['Invoice', 'Ankara'],
  document_credit_note: ['Credit note', 'Hati ya marejesho'],
  document_receipt: ['Receipt', 'Risiti'],
  invoice_draft: ['Draft', 'Rasimu'],
  invoice_issued: ['Issued', 'Imetolewa'],
  invoice_sent: ['Sent', 'Imetumwa'],
  invoice_overdue: ['Overdue', 'Imechelewa'],
  invoice_paid: ['Paid', 'Imelipwa'],
  invoice_cancelled: ['Cancelled', 'Imeghairiwa'],
  openPdf: ['Open PDF', 'Fungua PDF'],
  verifyHeading: ['Is this document genuine?', 'Je, hati hii ni halali?'],
  genuine: ['Yes. We issued {number}.', 'Ndiyo. Tulitoa {number}.'],
  notGenuine: ['No. We did not issue this.', 'Hapana. Hatukutoa hati hii.'],
  genuineCancelled: [
    'It was taken back since, so it is no longer valid.',
    'Imeondolewa baadaye, hivyo haitumiki tena.',
  ],
  documentAmount: ['Amount', 'Kiasi'],
  documentDate: ['Date', 'Tarehe'],
} as const satisfies Record<string, Text>
