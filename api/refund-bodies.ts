/** Refunds as the REST API shows them. */
import { z } from '@hono/zod-openapi'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { RefundDetail } from '../db/refund-reads.ts'

export const refundBody = z
  .object({
    id: z.string(),
    payment_id: z.string().nullable(),
    status: z.string().openapi({
      description: 'awaiting_approval, approved, declined, sent, settled or refused',
    }),
    method: z
      .string()
      .openapi({ description: 'reversal, payout, cash, credit, account or by_hand' }),
    currency: z.string(),
    amount: z.string(),
    reason: z.string().nullable().openapi({ description: 'Shown to staff only' }),
    receipt: z.string().nullable(),
    requested_at: z.string(),
    processed_at: z.string().nullable(),
  })
  .openapi('Refund')

export const toRefundBody = (
  found: RefundDetail,
  forStaff: boolean,
): z.infer<typeof refundBody> => ({
  id: found.id,
  payment_id: found.paymentId,
  status: found.status,
  method: found.method,
  currency: CURRENCY,
  amount: toDecimal(found.amount),
  reason: forStaff ? found.reason : null,
  receipt: found.receipt,
  requested_at: toNairobiIso(found.requestedAt),
  processed_at: found.processedAt ? toNairobiIso(found.processedAt) : null,
})
