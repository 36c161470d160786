/** How a payment looks over REST. */
import { z } from '@hono/zod-openapi'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { maskPhone, shownPaymentStatus } from '../domain/payments.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { PaymentDetail } from '../db/payment-reads.ts'

export const paymentBody = z
  .object({
    id: z.string(),
    purpose: z.string().openapi({ description: 'reservation, charge or credit' }),
    owner_id: z.string().openapi({ description: 'What is paid' }),
    reservation_id: z.string().nullable().openapi({ description: 'The same, for a booking' }),
    method: z.string().openapi({ example: 'mpesa' }),
    status: z.string().openapi({ description: 'pending, completed, failed, refunded or disputed' }),
    currency: z.string(),
    amount: z.string(),
    phone: z
      .string()
      .nullable()
      .openapi({ description: 'Masked; null when it was not paid by a prompt' }),
    checkout_request_id: z.string().nullable(),
    receipt: z.string().nullable(),
    reference: z
      .string()
      .nullable()
      .openapi({ description: 'A card slip or a bank’s reference, as the desk wrote it down' }),
    reason: z.string().nullable(),
    queued_since: z
      .string()
      .nullable()
      .openapi({ description: 'Set while the request waits for M-Pesa to be back' }),
    requested_at: z.string(),
    processed_at: z.string().nullable(),
  })
  .openapi('Payment')

export const toPaymentBody = (found: PaymentDetail): z.infer<typeof paymentBody> => ({
  id: found.id,
  purpose: found.purpose,
  owner_id: found.ownerId,
  reservation_id: found.purpose === 'reservation' ? found.ownerId : null,
  method: found.method,
  status: shownPaymentStatus(found.status),
  currency: CURRENCY,
  amount: toDecimal(found.amount),
  phone: found.phone && maskPhone(found.phone),
  checkout_request_id: found.checkoutRequestId,
  receipt: found.receipt,
  reference: found.deskReference,
  reason: found.resultCode && found.status === 'refused' ? reasonSentence(found.resultCode) : null,
  queued_since: found.queuedSince ? toNairobiIso(found.queuedSince) : null,
  requested_at: toNairobiIso(found.requestedAt),
  processed_at: found.processedAt ? toNairobiIso(found.processedAt) : null,
})
