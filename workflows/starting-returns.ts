/** Sending money without an owner back to whoever sent it. */
import { ApplicationFailure } from '@temporalio/common'

export type ReturnWish = { paymentId: string; receipt: string; actorId: string; why: string }

/** Until refunds know receipts without a payment, this is refused in words and the money stays in the queue. */
export async function startReturn(_wish: ReturnWish): Promise<void> {
  throw ApplicationFailure.create({
    type: 'TEMPORARILY_UNAVAILABLE',
    message:
      'Money without an owner cannot be sent back from here yet. Reverse it on M-Pesa’s portal.',
    nonRetryable: true,
    category: 'BENIGN',
  })
}
