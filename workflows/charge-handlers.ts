/** How a charge answers what is said to it. What happens then is told in `charge.ts`. */
import { condition, setHandler } from '@temporalio/workflow'
import {
  isPayableCharge,
  type ChargeAnswer,
  type ChargeCancellation,
  type ChargeEnd,
  type ChargeEndReason,
  type ChargeInput,
  type ChargeStatus,
  type ChargeStatusView,
} from '../domain/charges.ts'
import type { PaymentRequest } from '../domain/reservations.ts'
import type { TenderRequest } from '../domain/tenders.ts'
import {
  awaitCharge,
  cancelCharge,
  chargeStatus,
  coverShare,
  shrinkOrder,
} from './charge-messages.ts'
import {
  assertMayReceive,
  assertMayRequest,
  balanceOf,
  livePushes,
  requestMoney,
  type Collecting,
} from './collecting.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'
import {
  declineShare,
  paymentSettled,
  receivePayment,
  requestPayment,
} from './reservation-messages.ts'
import { startRefund } from './starting-refunds.ts'

export type Ending = { reason: ChargeEndReason; actorId: string; note: string | null }
export type ChargeStory = {
  input: ChargeInput
  parking: Parking
  answer: ChargeAnswer | null
  number: string
  status: ChargeStatus
  money: Collecting
  toldOfMoney: boolean
  end: Ending | null
  ended: ChargeEnd | null
  /** Nothing will happen any more; whoever still waits for an answer gets one. */
  over: boolean
}

const PAID = ['CHARGE_PAID', 'This charge is already paid in full.'] as const

const closed = (message: string): never => refuse('CHARGE_CLOSED', message)

export function registerHandlers(story: ChargeStory): void {
  setHandler(awaitCharge, async () => {
    await condition(() => story.answer !== null)
    return story.answer as ChargeAnswer
  })
  setHandler(requestPayment, (request) => startPayment(story, request), {
    validator: (request) => {
      assertOpen(story)
      assertMayRequest(story.money, request.phone, request.amount, PAID)
    },
  })
  setHandler(receivePayment, (request) => startPayment(story, request), {
    validator: (request) => {
      assertOpen(story)
      assertMayReceive(story.money, request, PAID)
    },
  })
  setHandler(cancelCharge, (wish) => cancel(story, wish), {
    validator: (_wish) => {
      if (story.end || story.over) closed('This charge has already ended.')
    },
  })
  setHandler(declineShare, (wish) => decline(story, wish.partyId), {
    validator: (_wish) => assertOpen(story),
  })
  setHandler(coverShare, (wish) => cover(story, wish), {
    validator: (_wish) => assertOpen(story),
  })
  setHandler(shrinkOrder, (wish) => shrink(story, wish), {
    validator: (_wish) => assertOpen(story),
  })
  setHandler(paymentSettled, () => {
    story.toldOfMoney = true
  })
  setHandler(chargeStatus, () => statusView(story))
}

const assertOpen = (story: ChargeStory): void => {
  if (story.status === 'paid') refuse(...PAID)
  if (story.end || !isPayableCharge(story.status) || story.answer?.outcome !== 'opened')
    closed('This charge is no longer open, so nothing can be paid for it.')
}

async function startPayment(story: ChargeStory, request: PaymentRequest | TenderRequest) {
  const { answer, input, money } = story
  if (answer?.outcome !== 'opened') return closed('This charge is no longer open.')
  await requestMoney(money, {
    ...request,
    purpose: 'charge',
    type: answer.type,
    ownerId: input.chargeId,
    ownerNumber: story.number,
    customerId: answer.customerId,
  })
  return { paymentId: request.paymentId }
}

async function cancel(story: ChargeStory, wish: ChargeCancellation): Promise<ChargeEnd> {
  story.end = wish
  await condition(() => story.ended !== null || story.over)
  return story.ended ?? closed('This charge has already ended.')
}

async function decline(story: ChargeStory, partyId: string): Promise<void> {
  const { allDeclined } = await story.parking.insist('note who does not pay', () =>
    books.declineChargeShare(story.input.chargeId, partyId),
  )
  if (allDeclined && story.money.paid === 0 && livePushes(story.money).length === 0)
    story.end ??= { reason: 'declined_by_all', actorId: 'parties', note: null }
}

type Cover = { partyId: string; forPartyId: string; actorId: string }

async function cover(story: ChargeStory, wish: Cover) {
  const covered = await story.parking.insist('move the share', () =>
    books.coverShare({ what: 'charge', ownerId: story.input.chargeId, ...wish }),
  )
  if (covered.outcome === 'refused') return refuse(covered.code, covered.message)
  return { added: covered.added }
}

async function shrink(story: ChargeStory, { partyId, actorId }: Omit<Cover, 'forPartyId'>) {
  const { chargeId } = story.input
  const shrunk = await story.parking.insist('make the order smaller', () =>
    books.shrinkCharge({ chargeId, partyId, actorId }),
  )
  if (shrunk.outcome === 'refused') return refuse(shrunk.code, shrunk.message)
  story.money.total = shrunk.total
  story.toldOfMoney = true
  for (const { paymentId } of shrunk.refunds)
    await startRefund(paymentId, `${story.number} went on without them`, actorId, story.number)
  return { total: shrunk.total }
}

const statusView = ({ status, money }: ChargeStory): ChargeStatusView => ({
  status,
  total: money.total,
  paid: money.paid,
  balance: balanceOf(money),
  openPayments: [...money.open.keys()],
  deadline: isPayableCharge(status) ? new Date(money.deadline).toISOString() : null,
})
