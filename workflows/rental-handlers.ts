/** How a rental answers what is said to it. What happens then is told in `rental.ts`. */
import { condition, setHandler } from '@temporalio/workflow'
import type { Cents } from '../domain/money.ts'
import type {
  DamageClaim,
  RentalInput,
  RentalStatus,
  RentalStatusView,
  ReturnAnswer,
  ReturnedRental,
  ReturnWish,
  SettleWish,
} from '../domain/rentals.ts'
import type { Parking } from './parking.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'
import {
  agreeCharges,
  claimDamage,
  decideCharges,
  disputeCharges,
  rentalStatus,
  returnVehicle,
} from './rental-messages.ts'

export type RentalStory = {
  input: RentalInput
  parking: Parking
  status: RentalStatus
  overdue: boolean
  returned: ReturnedRental | null
  returnedAt: number
  /** When something was claimed after the return. */
  claimedAt?: number
  restIsBack: boolean
  settling: (SettleWish & { finals?: Record<string, Cents> }) | null
  over: boolean
}

const closed = (message: string): never => refuse('RENTAL_REFUSED', message)

export function registerHandlers(story: RentalStory): void {
  setHandler(returnVehicle, (wish) => takeBack(story, wish), {
    validator: (_wish) => {
      if (story.over) closed('This rental has ended.')
    },
  })
  setHandler(claimDamage, (claim) => claimMore(story, claim), {
    validator: (_claim) => assertOpen(story),
  })
  setHandler(agreeCharges, ({ actorId }) => end(story, { actorId, how: 'agreed' }), {
    validator: (_wish) => assertOpen(story),
  })
  setHandler(disputeCharges, (wish) => dispute(story, wish), {
    validator: (_wish) => {
      assertOpen(story)
      if (story.status === 'disputed') closed('One of us is to decide about it already.')
    },
  })
  setHandler(
    decideCharges,
    ({ actorId, finals }) => end(story, { actorId, how: 'decided', finals }),
    { validator: (_wish) => assertOpen(story) },
  )
  setHandler(rentalStatus, () => statusView(story))
}

const assertOpen = (story: RentalStory): void => {
  if (!story.returned) closed('The car is not back yet.')
  if (story.over || story.settling) closed('It is settled already.')
}

async function takeBack(story: RentalStory, wish: ReturnWish): Promise<ReturnAnswer> {
  const answer = await story.parking.insist('take the car back', () =>
    books.returnRental(story.input.rentalId, wish),
  )
  if (answer.outcome === 'returned' && !story.returned) {
    story.status = 'returned'
    story.overdue = false
    story.returnedAt = Date.now()
    story.returned = answer
  }
  return answer
}

async function claimMore(story: RentalStory, claim: DamageClaim): Promise<{ total: Cents }> {
  const answer = await story.parking.insist('write down what was found', () =>
    books.claimDamage(story.input.rentalId, claim),
  )
  if (answer.outcome === 'refused') return closed(answer.message)
  story.claimedAt = Date.now()
  if (story.returned) story.returned = { ...story.returned, total: answer.total }
  return { total: answer.total }
}

async function dispute(
  story: RentalStory,
  { actorId, because }: { actorId: string; because: string },
): Promise<void> {
  await story.parking.insist('write down that they do not agree', () =>
    books.disputeRental({ rentalId: story.input.rentalId, actorId, because }),
  )
  story.status = 'disputed'
}

/** Whoever says it waits until it is settled. */
async function end(story: RentalStory, settling: NonNullable<RentalStory['settling']>) {
  story.settling ??= settling
  await condition(() => story.status === 'settled' || story.over)
}

function statusView(story: RentalStory): RentalStatusView {
  const { input, status, overdue, returnedAt, returned, restIsBack } = story
  const waits = {
    on_the_road: 'return',
    returned: 'answer',
    disputed: 'decision',
    settled: 'nothing',
  } as const
  const until =
    status === 'on_the_road'
      ? Date.parse(input.dueAt)
      : status === 'returned' && returned
        ? returnedAt +
          (returned.total === 0 && !restIsBack ? input.policy.releaseMs : input.policy.answerMs)
        : null
  return {
    status,
    dueAt: input.dueAt,
    overdue,
    waitingFor: waits[status],
    until: until === null ? null : new Date(until).toISOString(),
  }
}
