/** Calls to Safaricom. Each is one gateway call; what it means is decided by the workflow and the books. */
import type { CallbackKind } from '../domain/callbacks.ts'
import type { Cents } from '../domain/money.ts'
import type { PaymentInput, PushAnswer, PushState, ReversalAnswer } from '../domain/payments.ts'
import type { Daraja } from '../gateways/daraja.ts'

type World = {
  daraja: Daraja
  callbackUrl: (kind: CallbackKind, subjectId: string) => string
}
type Reversal = { refundId: string; receipt: string; amount: Cents; ownerNumber: string }

export const createDarajaActivities = ({ daraja, callbackUrl }: World) => ({
  /** Never retried: two equal pushes are two charges. */
  requestStkPush: (input: PaymentInput): Promise<PushAnswer> =>
    daraja.requestStkPush({
      paymentId: input.paymentId,
      phone: input.phone,
      amount: input.amount,
      reference: input.ownerNumber,
      description: 'Car rental',
      callbackUrl: callbackUrl('stk', input.paymentId),
    }),

  queryStkPush: (checkoutRequestId: string): Promise<PushState> =>
    daraja.queryStkPush(checkoutRequestId),

  /** Never retried: Daraja's Reversal has no idempotency key. */
  requestReversal: (reversal: Reversal): Promise<ReversalAnswer> =>
    daraja.requestReversal({
      receipt: reversal.receipt,
      amount: reversal.amount,
      resultUrl: callbackUrl('reversal', reversal.refundId),
      timeoutUrl: callbackUrl('reversal-timeout', reversal.refundId),
      remarks: `Refund ${reversal.ownerNumber}`,
    }),
})

export type DarajaActivities = ReturnType<typeof createDarajaActivities>
