/** What a refund's workflow answers, apart from how it is asked: pages and tests need nothing of Temporal's for it. */
import { BusinessError } from '../domain/errors.ts'
import type { RefundAnswer } from '../domain/refunds.ts'

/** Throws in the words of whoever refused. */
export const opened = (answer: RefundAnswer) => {
  if (answer.outcome === 'refused') throw new BusinessError('REFUND_REFUSED', answer.why)
  return answer
}
