/** What is offered for money that came after its booking had ended and whose car is gone. */
import type { BodyType, Colour, Fuel, Transmission, VehicleCategory } from './fleet.ts'
import { cents, shillings, subtract, times, ZERO, type Cents } from './money.ts'
import type { Quote } from './pricing.ts'
import type { ReservationInput } from './reservations.ts'
import { MINUTE_MS } from './time.ts'

export const OFFER_LIMITS = {
  /** How long the best one is held for the customer to choose; never beyond pick-up. */
  chooseMs: 30 * MINUTE_MS,
  /** With less time than this before pick-up nothing is offered. */
  leastMs: 5 * MINUTE_MS,
  options: 3,
  /** The customer pays no more for a category that many steps up, unless it is that much dearer a day. */
  freeSteps: 1,
  freePerDay: shillings(5_000),
} as const

export type OfferStatus = 'open' | 'taken' | 'declined' | 'expired'

/** The offer as its story knows it. `paymentId`: the late payment whose story decides about it. */
export type LateOffer = {
  offerId: string
  paymentId: string
  ownerNumber: string
  /** ISO instant. */
  expiresAt: string
}

/** `chosenAt`: when the customer pressed the button, as the story heard it. */
export type OfferTaking = { offerId: string; optionId: string; chosenAt: string }
export type OfferClosing = { offerId: string; status: 'declined' | 'expired' }

/** `others`: further late payments of the booking, whose stories wait for this decision. */
export type OfferDecision =
  | { outcome: 'taken'; input: ReservationInput; others: string[] }
  | { outcome: 'refund'; ownerNumber: string; others: string[] }
/** `gone`: somebody has that car; the others can still be chosen. `over`: the time to choose has passed. */
export type OfferTaken = OfferDecision | { outcome: 'gone'; left: number } | { outcome: 'over' }

export type OfferChoice = { optionId: string } | 'refund'
export type OfferAnswer = { outcome: 'taken' | 'gone' | 'refunding' }

export type OfferWish = {
  categoryCode: string
  /** What the booking costs, and what is paid for the other category. */
  total: Cents
  difference: Cents
  /** The other category's own price; null while the booking's price stands. */
  quote: Quote | null
}

type Facts = {
  /** What was booked. */
  wished: VehicleCategory
  total: Cents
  days: number
  categories: VehicleCategory[]
  isFree: (categoryCode: string) => boolean
  priceOf: (category: VehicleCategory) => Quote
}

/**
 * The same category first (it was wished for by the car, or one came back), then better ones, cheapest first:
 * not cheaper by the day, and no fewer seats. At most so many as somebody can choose among on a phone.
 */
export function offerWishes(facts: Facts): OfferWish[] {
  const { wished, total, categories, isFree } = facts
  const same = { categoryCode: wished.code, total, difference: ZERO, quote: null }
  const better = categories
    .filter(({ code, dailyRate, seats }) => {
      return code !== wished.code && dailyRate >= wished.dailyRate && seats >= wished.seats
    })
    .toSorted((a, b) => a.dailyRate - b.dailyRate || (a.code < b.code ? -1 : 1))
    .map((category, index) => betterWish(facts, category, index + 1))
  return [same, ...better]
    .filter(({ categoryCode }) => isFree(categoryCode))
    .slice(0, OFFER_LIMITS.options)
}

function betterWish(facts: Facts, category: VehicleCategory, steps: number): OfferWish {
  const quote = facts.priceOf(category)
  const more = cents(Math.max(0, quote.total - facts.total))
  const isGift =
    steps <= OFFER_LIMITS.freeSteps && more <= times(OFFER_LIMITS.freePerDay, facts.days)
  const difference = isGift ? ZERO : more
  const total = isGift ? facts.total : quote.total
  return {
    categoryCode: category.code,
    total: difference === ZERO ? facts.total : total,
    difference,
    quote: difference === ZERO ? null : quote,
  }
}

/** Null when there is too little time before pick-up. */
export const offerEnds = (pickupAt: Date, now: Date): Date | null => {
  if (pickupAt.getTime() - now.getTime() < OFFER_LIMITS.leastMs) return null
  return new Date(Math.min(now.getTime() + OFFER_LIMITS.chooseMs, pickupAt.getTime()))
}

export type OfferedCar = {
  optionId: string
  category: string
  bodyType: BodyType
  seats: number
  luggage: number
  transmission: Transmission
  fuel: Fuel
  /** The very car, while it is held; another one of its category otherwise. */
  car: { make: string; model: string; colour: Colour } | null
  colour: Colour
  total: Cents
  difference: Cents
  gone: boolean
}

/** The page behind the secret link. */
export type LateOfferPage = {
  path: string
  now: Date
  number: string
  status: OfferStatus
  expiresAt: Date
  /** All late money of the booking that looks for a home, and what the booking costs. */
  came: Cents
  total: Cents
  wished: string
  pickup: { name: string; at: Date }
  return: { name: string; at: Date }
  options: OfferedCar[]
  /** What was chosen. */
  chosen: OfferedCar | null
  /** Still to be paid once it was taken. */
  balance: Cents
}

/** What is left to pay of this option once all the late money counts. */
export const leftToPay = (option: Pick<OfferedCar, 'total'>, came: Cents): Cents =>
  cents(Math.max(0, subtract(option.total, came)))
