/** The second person's word. While it is waited for, the refund shows as needing attention. */
import {
  condition,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  uuid4,
} from '@temporalio/workflow'
import type { NamedPhoneWord, RefundInput } from '../domain/refunds.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import { decideAboutPhone, refuseWhoNamed, type PhoneNaming } from './refund-phone.ts'
import { approveRefund, declineRefund, type RefundSay } from './refund-messages.ts'
import { turnDown } from './refusing.ts'
import { NEEDS_ATTENTION } from './search-attributes.ts'
import { startRefund } from './starting-refunds.ts'

export type Approval = {
  input: RefundInput
  waits: boolean
  word: 'yes' | 'no' | null
  naming: PhoneNaming
}

export function createApproval(input: RefundInput, naming: PhoneNaming): Approval {
  const approval: Approval = { input, waits: false, word: null, naming }
  const validator = ({ actorId }: RefundSay): void => {
    if (!approval.waits && !naming.named) turnDown('This refund waits for nobody’s word.')
    if (actorId === input.actorId) turnDown('Whoever asked for a refund cannot decide about it.')
    refuseWhoNamed(naming, actorId)
  }
  setHandler(approveRefund, (say) => approve(approval, say), { validator })
  setHandler(declineRefund, (say) => decline(approval, say), { validator })
  return approval
}

const aboutPhone = ({ naming, input }: Approval, word: NamedPhoneWord, say: RefundSay) =>
  decideAboutPhone({ naming, refundId: input.refundId }, word, say)

async function approve(approval: Approval, say: RefundSay): Promise<void> {
  if (approval.naming.named) return aboutPhone(approval, 'approve', say)
  const answer = await books.approveRefund(approval.input.refundId, say)
  if (answer.outcome === 'blocked') turnDown(answer.why)
  approval.word = 'yes'
}

async function decline(approval: Approval, say: RefundSay): Promise<void> {
  if (approval.naming.named) return aboutPhone(approval, 'decline', say)
  if (!(await books.declineRefund(approval.input.refundId, say)))
    turnDown('It has been decided already.')
  approval.word = 'no'
}

/** True when it may go back. The row decides between two who speak at once. */
export async function awaitSecondPerson(approval: Approval): Promise<boolean> {
  approval.waits = true
  upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: true }])
  setCurrentDetails('**Needs attention:** a second person must say whether this goes back')
  await condition(() => approval.word !== null)
  approval.waits = false
  upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: false }])
  return approval.word === 'yes'
}

/** A booking that ended while the word was waited for took only the rest; after a no everything goes back. */
export async function giveLeftoverBack(refundId: string, parking: Parking): Promise<void> {
  if (!patched('nothing-is-left-behind')) return
  const left = await parking.insist('see what is left', () => books.findLeftover(refundId))
  if (!left) return
  const why = 'what was left when a refund was declined'
  await startRefund(left.paymentId, why, 'gari', left.ownerNumber, uuid4())
}
