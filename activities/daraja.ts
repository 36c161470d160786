/** Calls to Safaricom. Each is one gateway call; what it means is decided by the workflow and the books. */
import type { CallbackKind } from '../domain/callbacks.ts'
import type { InitiatorAnswer, MpesaAccount, PayoutAnswer, Refused } from '../domain/daraja.ts'
import type { Cents } from '../domain/money.ts'
import { PAID_BY_HAND } from '../domain/paid-by-hand.ts'
import { UNREACHABLE } from '../domain/refund-refusals.ts'
import type { PaymentInput, PushAnswer, PushState, ReversalAnswer } from '../domain/payments.ts'
import type { Daraja } from '../gateways/daraja.ts'

type World = {
  daraja: Daraja
  callbackUrl: (kind: CallbackKind, subjectId: string) => string
  /** Somebody says that this refund was paid by hand: then nothing is sent for it. */
  isSaidPaid?: (refundId: string) => Promise<boolean>
}
type Reversal = { refundId: string; receipt: string; amount: Cents; ownerNumber: string }
type Payout = {
  /** Daraja's key as well: the same id is never paid twice. */
  payoutId: string
  /** Whose story hears the result; the payout's own when left out. */
  subjectId?: string
  phone: string
  amount: Cents
  remarks: string
  occasion?: string
}
/** `subjectId` stands in the address of the report; `conversationId` of a payout is its own id. */
type StatusQuestion = {
  /** Whose story hears the answer. */
  kind: 'status' | 'refund-status'
  subjectId: string
  remarks: string
  account?: MpesaAccount
} & ({ receipt: string } | { conversationId: string })
type BalanceQuestion = { subjectId: string; remarks: string; account?: MpesaAccount }

const refused = (code: string): Refused => ({ outcome: 'refused', code, class: 'N' })

export const createDarajaActivities = ({
  daraja,
  callbackUrl,
  isSaidPaid = () => Promise.resolve(false),
}: World) => {
  /** Books that cannot be asked are no reason to pay twice: nothing is sent, and it is sent later. */
  const whyNotSent = async (refundId: string): Promise<Refused | null> =>
    isSaidPaid(refundId).then(
      (said) => (said ? refused(PAID_BY_HAND) : null),
      () => refused(UNREACHABLE),
    )
  return {
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
    requestReversal: async (reversal: Reversal): Promise<ReversalAnswer> => {
      const why = await whyNotSent(reversal.refundId)
      if (why) return why
      return daraja.requestReversal({
        receipt: reversal.receipt,
        amount: reversal.amount,
        resultUrl: callbackUrl('reversal', reversal.refundId),
        timeoutUrl: callbackUrl('reversal-timeout', reversal.refundId),
        remarks: `Refund ${reversal.ownerNumber}`,
      })
    },

    /** May be sent again under the same id: then it is answered as a duplicate, or paid for the first time. */
    requestPayout: async ({ subjectId, ...payout }: Payout): Promise<PayoutAnswer> => {
      const why = subjectId ? await whyNotSent(subjectId) : null
      if (why) return why
      return daraja.requestPayout({
        ...payout,
        resultUrl: callbackUrl('payout', subjectId ?? payout.payoutId),
        timeoutUrl: callbackUrl('payout-timeout', subjectId ?? payout.payoutId),
      })
    },

    requestTransactionStatus: (question: StatusQuestion): Promise<InitiatorAnswer> =>
      daraja.requestTransactionStatus({
        ...question,
        resultUrl: callbackUrl(question.kind, question.subjectId),
        timeoutUrl: callbackUrl(`${question.kind}-timeout`, question.subjectId),
      }),

    requestAccountBalance: (question: BalanceQuestion): Promise<InitiatorAnswer> =>
      daraja.requestAccountBalance({
        ...question,
        resultUrl: callbackUrl('balance', question.subjectId),
        timeoutUrl: callbackUrl('balance-timeout', question.subjectId),
      }),
  }
}

export type DarajaActivities = ReturnType<typeof createDarajaActivities>
