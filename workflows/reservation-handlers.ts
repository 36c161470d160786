/** How a reservation answers what is said to it. What happens then is told in `reservation.ts`. */
import { condition, setHandler } from '@temporalio/workflow'
import type { Cents } from '../domain/money.ts'
import { ONE_THING } from '../domain/shares.ts'
import {
  isPayable,
  type Cancellation,
  type EndReason,
  type HoldAnswer,
  type PaymentRequest,
  type ReservationEnd,
  type ReservationInput,
  type ReservationStatus,
  type ReservationStatusView,
} from '../domain/reservations.ts'
import type { PickUpAnswer, PickUpWish } from '../domain/rentals.ts'
import type { TenderRequest } from '../domain/tenders.ts'
import {
  assertMayReceive,
  assertMayRequest,
  balanceOf,
  livePushes,
  requestMoney,
  type Collecting,
} from './collecting.ts'
import { coverShare, shrinkOrder, type CoverWish } from './charge-messages.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'
import { startDrive, type Drive } from './starting-rentals.ts'
import {
  awaitHold,
  cancelReservation,
  declineShare,
  paymentSettled,
  pickUp,
  receivePayment,
  requestPayment,
  reservationStatus,
} from './reservation-messages.ts'

export type End = { reason: EndReason; actorId: string; note: string | null }
export type Story = {
  input: ReservationInput
  parking: Parking
  answer: HoldAnswer | null
  number: string
  status: ReservationStatus
  money: Collecting
  toldOfMoney: boolean
  reminded: boolean
  end: End | null
  ended: ReservationEnd | null
  /** Once the keys are handed over: until the rental is settled. */
  drive: Drive | null
  /** How many hand over the keys in this moment. */
  handingOver: number
  /** Nothing will happen any more; whoever still waits for an answer gets one. */
  over: boolean
}

export function registerHandlers(story: Story): void {
  setHandler(awaitHold, async () => {
    await condition(() => story.answer !== null)
    return story.answer as HoldAnswer
  })
  setHandler(requestPayment, (request) => startPayment(story, request), {
    validator: (request) => {
      assertOpen(story)
      assertMayRequest(story.money, request.phone, request.amount)
    },
  })
  setHandler(receivePayment, (request) => startPayment(story, request), {
    validator: (request) => {
      assertOpen(story)
      assertMayReceive(story.money, request)
    },
  })
  setHandler(cancelReservation, (wish) => cancel(story, wish), {
    validator: (_wish) => {
      const over =
        story.end !== null || ['completed', 'cancelled', 'expired'].includes(story.status)
      if (over) closed('This booking has already ended.')
      if (hasBegun(story)) closed('The rental has begun. Please speak to our desk.')
    },
  })
  setHandler(pickUp, (wish) => handOver(story, wish), {
    validator: (_wish) => {
      if (story.over || story.end) closed('This booking has already ended.')
    },
  })
  setHandler(declineShare, (wish) => decline(story, wish.partyId), {
    validator: (_wish) => assertOpen(story),
  })
  setHandler(coverShare, (wish) => cover(story, wish), {
    validator: (_wish) => assertOpen(story),
  })
  setHandler(shrinkOrder, () => refuse('NOT_SHRINKABLE', ONE_THING), {
    validator: (_wish) => assertOneThing(),
  })
  setHandler(paymentSettled, () => {
    story.toldOfMoney = true
  })
  setHandler(reservationStatus, () => statusView(story))
}

const closed = (message: string): never => refuse('RESERVATION_CLOSED', message)

/** The car is on the road: what is owed now is a matter of the rental, not of the booking. */
const hasBegun = ({ status, input }: Story): boolean =>
  status === 'in_progress' ||
  (status === 'confirmed' && Date.now() >= Date.parse(input.trip.pickupAt))

const assertOpen = (story: Story): void => {
  if (story.end || !isPayable(story.status) || story.answer?.outcome !== 'held') {
    closed(
      story.status === 'confirmed'
        ? 'This booking is already paid in full.'
        : 'This booking is no longer open, so nothing can be paid for it.',
    )
  }
}

/** The row decides; whoever asks again meets the rental that runs. */
async function handOver(story: Story, wish: PickUpWish): Promise<PickUpAnswer> {
  story.handingOver += 1
  try {
    const answer = await story.parking.insist('hand over the keys', () => books.startRental(wish))
    if (answer.outcome !== 'started') return answer
    story.status = 'in_progress'
    story.drive ??= await startDrive(answer)
    return answer
  } finally {
    story.handingOver -= 1
  }
}

async function startPayment(
  story: Story,
  request: PaymentRequest | TenderRequest,
): Promise<{ paymentId: string }> {
  const { reservationId, customerId } = story.input
  await requestMoney(story.money, {
    ...request,
    purpose: 'reservation',
    ownerId: reservationId,
    ownerNumber: story.number,
    customerId,
  })
  return { paymentId: request.paymentId }
}

async function cancel(story: Story, wish: Cancellation): Promise<ReservationEnd> {
  story.end = wish
  await condition(() => story.ended !== null || story.over)
  return story.ended ?? closed('This booking has already ended.')
}

async function decline(story: Story, partyId: string): Promise<void> {
  const { reservationId } = story.input
  const { allDeclined } = await story.parking.insist('note who does not pay', () =>
    books.declineShare(reservationId, partyId),
  )
  if (allDeclined && story.money.paid === 0 && livePushes(story.money).length === 0) {
    story.end ??= { reason: 'declined_by_all', actorId: 'parties', note: null }
  }
}

const assertOneThing = (): void => refuse('NOT_SHRINKABLE', ONE_THING)

async function cover(story: Story, wish: CoverWish): Promise<{ added: Cents }> {
  const { reservationId: ownerId } = story.input
  const covered = await story.parking.insist('move the share', () =>
    books.coverShare({ what: 'reservation', ownerId, ...wish }),
  )
  if (covered.outcome === 'refused') return refuse(covered.code, covered.message)
  return { added: covered.added }
}

const statusView = (story: Story): ReservationStatusView => ({
  status: story.status,
  paid: story.money.paid,
  balance: balanceOf(story.money),
  openPayments: [...story.money.open.keys()],
  deadline: isPayable(story.status) ? new Date(story.money.deadline).toISOString() : null,
  waitingFor: isPayable(story.status) ? 'payment' : 'nothing',
})
