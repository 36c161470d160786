/** Refunds that somebody paid by hand, for the API and finance's pages alike. */
import { BusinessError } from '../domain/errors.ts'
import { refundWorkflowId } from '../domain/ids.ts'
import { handNeedsTwo, type HandPayment } from '../domain/paid-by-hand.ts'
import { inTransaction } from '../db/connection.ts'
import { decideAboutHand, sayPaidByHand } from '../db/refund-by-hand.ts'
import { findHandWish } from '../db/refund-hand-rows.ts'
import { findRefund } from '../db/refund-rows.ts'
import type { ApiDeps } from './deps.ts'
import { isId } from './input.ts'

/** Up to the limit the story hears of it at once; above it another person has to agree first. */
export async function writeDown(
  deps: ApiDeps,
  actorId: string,
  refundId: string,
  said: HandPayment,
) {
  const saying = { ...said, refundId, actorId, now: deps.now() }
  const answer = await inTransaction(deps.db, (tx) => sayPaidByHand(tx, saying))
  if (answer.outcome === 'alone')
    await deps.workflows.resolveManually(refundWorkflowId(refundId), answer.word)
}

type Word = { agreed: boolean; note: string | null }

/** A yes that did not reach the story may be said again: it stands in the books. */
export async function decideAboutPaid(
  deps: ApiDeps,
  actorId: string,
  refundId: string,
  { agreed, note }: Word,
): Promise<void> {
  const decision = { refundId, actorId, agreed, note, now: deps.now() }
  const word = await inTransaction(deps.db, (tx) => decideAboutHand(tx, decision))
  if (word) await deps.workflows.resolveManually(refundWorkflowId(refundId), word)
}

/** What M-Pesa would pay once more. */
export async function refuseWhileSaidPaid(deps: ApiDeps, refundId: string): Promise<void> {
  if (!(await findHandWish(deps.db, refundId))) return
  throw new BusinessError(
    'REFUND_REFUSED',
    'Somebody says that they paid it by hand: agree to that or decline it first.',
  )
}

const REFUND = refundWorkflowId('')

/** Operations may help any story along, but not past the second person of a refund. */
export async function refuseForRefund(
  deps: ApiDeps,
  workflowId: string,
  what: 'retry' | 'resolve',
): Promise<void> {
  const refundId = workflowId.startsWith(REFUND) ? workflowId.slice(REFUND.length) : ''
  if (!isId(refundId)) return
  await refuseWhileSaidPaid(deps, refundId)
  const refund = await findRefund(deps.db, refundId)
  if (what === 'retry' || !refund || !handNeedsTwo(refund)) return
  throw new BusinessError(
    'SECOND_PERSON',
    'This refund is above the limit: finance writes it down on its page, and a second person agrees.',
  )
}
