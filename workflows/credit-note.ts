/** One credit note, issued already: registered with the revenue authority, then sent. */
import { createParking } from './parking.ts'
import { invoiceBooks, registerWithEtims } from './registering.ts'

export type CreditNoteInput = { creditNoteId: string }

export async function creditNote({ creditNoteId }: CreditNoteInput): Promise<void> {
  const parking = createParking()
  await registerWithEtims(parking, 'credit_note', creditNoteId)
  await parking.insist('send the credit note', () => invoiceBooks.mailCreditNote(creditNoteId))
}
