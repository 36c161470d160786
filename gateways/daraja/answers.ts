/** What Daraja's answers mean to a payment: three outcomes, of which "refused" must be certain. */
import type { PushAnswer, PushState } from '../../domain/payments.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { stkPushAnswer, stkQueryAnswer } from '../../domain/schemas/daraja-calls.ts'
import type { Exchange } from './exchange.ts'
import { judge, type Verdict } from './verdicts.ts'

export const isOk = (answer: Exchange): answer is Extract<Exchange, { kind: 'answer' }> =>
  answer.kind === 'answer' && answer.status === 200

export function readPush(answer: Exchange): PushAnswer | null {
  const read = isOk(answer) ? stkPushAnswer.safeParse(answer.json).data : undefined
  if (read?.ResponseCode !== '0') return null
  const { MerchantRequestID: merchantRequestId, CheckoutRequestID: checkoutRequestId } = read
  return { outcome: 'accepted', merchantRequestId, checkoutRequestId }
}

/** A fresh token that is invalid too means that our app lacks the product: for people to mend. */
export function refusePush(verdict: Verdict): PushAnswer {
  if (verdict.kind === 'unclear') return { outcome: 'unknown', why: verdict.why }
  const code = verdict.kind === 'refused' ? verdict.code : 'CONFIGURATION'
  return { outcome: 'refused', reason: reasonFor(code) }
}

const STILL_PROCESSING = '4999'
/** Whole numbers, and the one word that is documented as final. */
const FINAL_CODE = /^(?:\d{1,6}|SFC_IC0003)$/

export function readQuery(answer: Exchange, asked: string): PushState {
  const read = isOk(answer) ? stkQueryAnswer.safeParse(answer.json).data : undefined
  if (!read) return readQueryError(answer)
  const { ResponseCode, CheckoutRequestID, ResultCode } = read
  if (ResponseCode !== '0' || CheckoutRequestID !== asked)
    return { outcome: 'unknown', why: 'M-Pesa answered about something else' }
  if (ResultCode === STILL_PROCESSING) return { outcome: 'pending' }
  if (ResultCode === '0') return { outcome: 'paid' }
  return FINAL_CODE.test(ResultCode)
    ? { outcome: 'refused', reason: reasonFor(ResultCode) }
    : { outcome: 'unknown', why: `M-Pesa’s result ${ResultCode.slice(0, 20)} is not a final one` }
}

/** No error is a verdict: a push that Daraja cannot find may still be paid. */
function readQueryError(answer: Exchange): PushState {
  if (answer.kind === 'answer' && /transaction is being processed/i.test(answer.text))
    return { outcome: 'pending' }
  const verdict = judge(answer)
  return { outcome: 'unknown', why: verdict.kind === 'unclear' ? verdict.why : verdict.detail }
}
