/** What staff may send about refunds. */
import { z } from 'zod'
import { isReceipt } from '../payments.ts'
import { typedShillings } from './forms.ts'
import { kenyanMobile } from './phones.ts'
import { decimalAmount } from './amounts.ts'

export const refundReason = z
  .string('Say why.')
  .trim()
  .min(3, 'Say why, in a few words.')
  .max(200, 'At most 200 letters.')

const receiptOrNone = z
  .string()
  .trim()
  .toUpperCase()
  .refine((text) => text === '' || isReceipt(text), {
    message: 'An M-Pesa receipt has ten letters and digits, like UKL5ABC12D.',
  })
  .default('')
const REFERENCE_LENGTH = 60

/** How a refund was paid by hand. What was sent by M-Pesa has its receipt for a reference. */
export const handPayment = z
  .object({
    reason: refundReason,
    reference: z.string().trim().max(REFERENCE_LENGTH, 'At most 60 letters.').default(''),
    receipt: receiptOrNone,
  })
  .refine(({ reference, receipt }) => reference !== '' || receipt !== '', {
    path: ['reference'],
    message: 'Give the reference of the bank or the card, or M-Pesa’s receipt.',
  })
  .transform(({ reason, reference, receipt }) => ({
    how: reason,
    reference: reference || receipt,
    receipt: receipt || null,
  }))

/** Without an amount all that is left goes back. */
export const refundRequest = z.object({
  amount: decimalAmount.optional(),
  reason: refundReason,
})

/** Finance names a phone only where M-Pesa does not tell who paid. */
export const refundForm = z.object({
  amount: typedShillings,
  reason: refundReason,
  phone: z.union([z.literal('').transform(() => undefined), kenyanMobile]).optional(),
  refund_id: z.uuid('Load the page again.'),
})
export const namedPhoneForm = z.object({ phone: kenyanMobile })
export const noteForm = z.object({ note: z.string().trim().max(200, 'At most 200 letters.') })
