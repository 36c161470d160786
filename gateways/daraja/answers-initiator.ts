/** What Daraja's acknowledgements mean: three outcomes, of which "refused" must be certain. */
import type { Accepted, PayoutAnswer, Refused, Unknown } from '../../domain/daraja.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { UNREACHABLE } from '../../domain/refund-refusals.ts'
import { errorEnvelope } from '../../domain/schemas/daraja-calls.ts'
import { initiatorAck } from '../../domain/schemas/daraja-initiator-calls.ts'
import { isOk } from './answers.ts'
import type { Exchange } from './exchange.ts'
import type { Verdict } from './verdicts.ts'

export function readAck(answer: Exchange): Accepted | null {
  const read = isOk(answer) ? initiatorAck.safeParse(answer.json).data : undefined
  if (read?.ResponseCode !== '0') return null
  return {
    outcome: 'accepted',
    conversationId: read.ConversationID,
    originatorConversationId: read.OriginatorConversationID,
  }
}

/** The same code also says "under maintenance", which tells nothing about the payout. */
const DUPLICATE_CODE = '500.002.1001'

export function readDuplicate(answer: Exchange): PayoutAnswer | null {
  const read = answer.kind === 'answer' ? errorEnvelope.safeParse(answer.json).data : undefined
  return read?.errorCode === DUPLICATE_CODE && /duplicate/i.test(read.errorMessage ?? '')
    ? { outcome: 'duplicate' }
    : null
}

/** `400.002.02`; what is none of Daraja's is a sentence of ours, or a bare HTTP status. */
const OWN_CODE = /^[\w.]+$/

/**
 * Finance reads the code, and Daraja's own says more than ours. What nobody took has ours all the same, whatever turned
 * it away: by that a story knows that it may simply be sent later. The log keeps the word of whoever turned it away.
 */
export function refuse(verdict: Verdict): Refused | Unknown {
  if (verdict.kind === 'unclear') return { outcome: 'unknown', why: verdict.why }
  // An app that lacks the product hears the same for ever; but so does, for a moment, one whose tokens another process of ours
  // replaces. Money that is owed is worth another try.
  const ours = verdict.kind === 'refused' ? verdict.code : UNREACHABLE
  const code = ours !== UNREACHABLE && OWN_CODE.test(verdict.detail) ? verdict.detail : ours
  return { outcome: 'refused', code, class: reasonFor(ours).class }
}
