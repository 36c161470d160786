/** What staff may send about refunds. */
import { z } from 'zod'
import { typedShillings } from './forms.ts'
import { kenyanMobile } from './phones.ts'
import { decimalAmount } from './requests.ts'

export const refundReason = z
  .string('Say why.')
  .trim()
  .min(3, 'Say why, in a few words.')
  .max(200, 'At most 200 letters.')

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
