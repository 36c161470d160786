/**
 * The choice that late money is offered when its car is gone: take another one, or have the money back.
 *
 * - the customer (or whoever of the payers is first): `chooseOffer` (update: refused when nothing is offered or the
 *   time is over). Choices are met one after the other, so of two at once the first one stands.
 * - the clock: half an hour, never beyond pick-up; then the money goes back by itself.
 * - the story of another late payment of the same booking: `offerDecided` (signal: a fact) ends our wait for it.
 */
import {
  condition,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow'
import { lateMoneyWorkflowId } from '../domain/ids.ts'
import type { LateOffer, OfferAnswer, OfferChoice, OfferDecision } from '../domain/late-offers.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'

/** An update, so that whoever presses the button hears what became of it. */
export const chooseOffer = defineUpdate<OfferAnswer, [OfferChoice]>('chooseOffer')
/** A signal: the offer that this money waited for has been decided. */
export const offerDecided = defineSignal('offerDecided')

type Asked = { choice: OfferChoice; at: number; answer: OfferAnswer | null }
export type OfferDesk = { open: LateOffer | null; asked: Asked[]; decidedElsewhere: boolean }

/** The story of the payment that has the offer is given this long to end it before we look by ourselves. */
const LEADER_MS = MINUTE_MS

export function openOfferDesk(): OfferDesk {
  const desk: OfferDesk = { open: null, asked: [], decidedElsewhere: false }
  setHandler(offerDecided, () => {
    desk.decidedElsewhere = true
  })
  setHandler(
    chooseOffer,
    async (choice: OfferChoice): Promise<OfferAnswer> => {
      const asked: Asked = { choice, at: Date.now(), answer: null }
      desk.asked.push(asked)
      await condition(() => asked.answer !== null)
      return asked.answer as OfferAnswer
    },
    { validator: (choice: OfferChoice) => refuseUnlessOpen(desk, choice) },
  )
  return desk
}

const refuseUnlessOpen = ({ open }: OfferDesk, choice: OfferChoice) => {
  if (choice !== 'refund' && !choice.optionId)
    refuse('INVALID_INPUT', 'Choose a car or your money.')
  if (!open || Date.now() >= Date.parse(open.expiresAt))
    refuse('RESERVATION_CLOSED', 'The time to choose is over.')
}

/** Another payment of the booking has the offer: its story decides, ours looks afterwards what became of us. */
export async function waitForDecision(desk: OfferDesk, offer: LateOffer): Promise<null> {
  setCurrentDetails(
    'Another payment of this booking has been offered a car; waiting for the choice',
  )
  const left = Math.max(0, Date.parse(offer.expiresAt) - Date.now())
  await condition(() => desk.decidedElsewhere, left + LEADER_MS)
  desk.decidedElsewhere = false
  return null
}

/** Until somebody chooses, nothing is left to choose, or the time is over. */
export async function decideOffer(
  desk: OfferDesk,
  offer: LateOffer,
  parking: Parking,
): Promise<OfferDecision> {
  desk.open = offer
  setCurrentDetails(`Another car is offered until ${offer.expiresAt}; waiting for the choice`)
  const decision = await untilDecided(desk, offer, parking)
  desk.open = null
  const answer = { outcome: decision.outcome === 'taken' ? 'taken' : 'refunding' } as const
  for (const asked of desk.asked) asked.answer ??= answer
  for (const paymentId of decision.others) await tellOther(paymentId)
  return decision
}

async function untilDecided(
  desk: OfferDesk,
  offer: LateOffer,
  parking: Parking,
): Promise<OfferDecision> {
  const isWaiting = (asked: Asked) => asked.answer === null
  for (;;) {
    const left = Date.parse(offer.expiresAt) - Date.now()
    await condition(() => desk.asked.some(isWaiting), Math.max(1, left))
    const next = desk.asked.find(isWaiting)
    const decision = next
      ? await meet(next, offer, parking)
      : await close(offer, 'expired', parking)
    if (decision) return decision
  }
}

/** Null while something can still be chosen. */
async function meet(
  asked: Asked,
  offer: LateOffer,
  parking: Parking,
): Promise<OfferDecision | null> {
  const { choice, at } = asked
  if (choice === 'refund') return close(offer, 'declined', parking)
  const { optionId } = choice
  const taking = { offerId: offer.offerId, optionId, chosenAt: new Date(at).toISOString() }
  const taken = await parking.insist('book the chosen car', () => books.takeOffer(taking))
  if (taken.outcome === 'gone' && taken.left > 0) {
    asked.answer = { outcome: 'gone' }
    return null
  }
  if (taken.outcome === 'gone' || taken.outcome === 'over') return close(offer, 'expired', parking)
  return taken
}

const close = (offer: LateOffer, status: 'declined' | 'expired', parking: Parking) =>
  parking.insist('end the offer', () => books.closeOffer({ offerId: offer.offerId, status }))

/** A story that has ended meanwhile needs no word: its money is in the books. */
async function tellOther(paymentId: string): Promise<void> {
  await getExternalWorkflowHandle(lateMoneyWorkflowId(paymentId))
    .signal(offerDecided)
    .catch(() => undefined)
}
