/**
 * Another phone for a refund that is stuck. One person names it, another agrees; until that word nothing is sent,
 * whoever presses "try again". Never while money may be on its way, and only for what M-Pesa pays.
 */
import { condition, patched, setHandler } from '@temporalio/workflow'
import type { NamedPhoneWord, RefundMethod } from '../domain/refunds.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import { namePhone, type NamedPhone, type RefundSay } from './refund-messages.ts'
import { turnDown } from './refusing.ts'

export type PhoneNaming = {
  /** A person must look, so certainly no request of ours is out at this moment. */
  stuck: boolean
  /** Waits for another person. */
  named: NamedPhone | null
  /** Agreed to, and taken up when the refund goes on. */
  agreed: string | null
}

export const createNaming = (): PhoneNaming => ({ stuck: false, named: null, agreed: null })

type Target = { method: RefundMethod; phone: string | null; attempt: number; flight: unknown }
type Story = {
  naming: PhoneNaming
  refundId: string
  parking: Parking
  target: () => Target | null
  tryAgain: () => void
}

export function registerNaming(story: Story): void {
  const carryOut = (named: NamedPhone) =>
    patched('a-named-phone-needs-two') ? nameForAnother(story, named) : nameAlone(story, named)
  setHandler(namePhone, carryOut, {
    validator: (_named: NamedPhone) => refuseUnlessStuck(story),
  })
}

/** How phones were named before it took two people: kept for histories of then. */
async function nameAlone({ parking, refundId, target, tryAgain }: Story, { phone }: NamedPhone) {
  await parking.insist('write down the other phone', () => books.switchToPayout(refundId, phone))
  const way = target()
  if (way) Object.assign(way, { phone, method: 'payout' })
  tryAgain()
}

function refuseUnlessStuck({ naming, target }: Story): void {
  const way = target()
  if (!way || !naming.stuck || way.flight)
    turnDown('The money may be on its way already, so its phone cannot change.')
  if (way?.method !== 'reversal' && way?.method !== 'payout') turnDown('This goes to no phone.')
  if (naming.named) turnDown('Another phone waits for a second person already.')
}

/** From its first line on nothing is sent, until the books have refused it or another person has spoken. */
async function nameForAnother({ naming, refundId }: Story, named: NamedPhone) {
  naming.named = named
  try {
    const answer = await books.nameRefundPhone(refundId, named)
    if (answer.outcome === 'blocked') turnDown(answer.why)
  } catch (error) {
    naming.named = null
    throw error
  }
}

export const refuseWhoNamed = (naming: PhoneNaming, actorId: string): void => {
  if (naming.named?.actorId === actorId) turnDown('Whoever named the phone cannot decide about it.')
}

/** The row decides between two who speak at once. */
export async function decideAboutPhone(
  { naming, refundId }: Pick<Story, 'naming' | 'refundId'>,
  word: NamedPhoneWord,
  say: RefundSay,
): Promise<void> {
  const { named } = naming
  if (!named) return
  const answer = await books.decideNamedPhone(refundId, { ...say, word, phone: named.phone })
  if (answer.outcome === 'blocked') turnDown(answer.why)
  if (naming.named === named) {
    naming.named = null
    naming.agreed = answer.outcome === 'approved' ? named.phone : null
  }
  const wished = word === 'approve' ? 'approved' : 'declined'
  if (answer.outcome !== wished) turnDown('It has been decided already.')
}

/** Called before anything is sent. A reversal that becomes a payout has the payout's first key before it. */
export async function takeUpPhone(naming: PhoneNaming, target: Target): Promise<void> {
  if (naming.named) await condition(() => naming.named === null)
  naming.stuck = false
  if (naming.agreed === null) return
  const attempt = target.method === 'payout' ? target.attempt : 0
  Object.assign(target, { phone: naming.agreed, method: 'payout', attempt })
  naming.agreed = null
}
