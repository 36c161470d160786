/** What finance sends to invoice, to credit and to record money. */
import { z } from 'zod'
import { isKraPin } from '../invoices.ts'
import { fromDecimal, type Cents } from '../money.ts'

const words = (most: number) => z.string().trim().min(1, 'Say something here.').max(most)
const amount = z.string().transform((text, ctx): Cents => {
  const read = fromDecimal(text.trim())
  if (read && read > 0) return read
  ctx.addIssue('Write the amount like 4500 or 4500.00.')
  return z.NEVER
})

export const billToSchema = z.strictObject({
  name: words(120),
  pin: z
    .string()
    .trim()
    .toUpperCase()
    .refine(isKraPin, 'A KRA PIN looks like P051234567X.')
    .nullish(),
  address: z.array(words(120)).max(5).default([]),
  email: z.email('This is not an e-mail address.').max(200).nullish(),
})

const MOST_TERMS_DAYS = 120
const MOST_BILLS = 20
export const invoiceRequest = z
  .strictObject({
    reservation_id: z.uuid().optional(),
    charge_id: z.uuid().optional(),
    bill_to: z
      .array(
        billToSchema.extend({
          /** Its part of the whole, in any unit; equal when left out. */
          weight: z.number().int().min(1).max(1_000_000_000).default(1),
          party_id: z.uuid().nullish(),
          company_id: z.uuid().nullish(),
        }),
      )
      .min(1)
      .max(MOST_BILLS),
    terms_days: z.number().int().min(0).max(MOST_TERMS_DAYS).default(14),
    issue: z.boolean().default(false),
  })
  .refine(
    ({ reservation_id, charge_id }) => !reservation_id !== !charge_id,
    'Name a booking or a charge, one of them.',
  )

export const creditRequest = z.strictObject({
  invoice_id: z.uuid(),
  reason: words(200),
  description: words(200).default('Credit'),
  amount,
})

export const recordedPayment = z.strictObject({ amount, reference: words(60) })
