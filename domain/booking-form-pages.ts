/** What the booking form shows: the car, the people who pay, how and until when. */
import type { FieldProblem } from './errors.ts'
import type { Extra } from './extras.ts'
import type { BodyType, Colour } from './fleet.ts'
import type { CarChoice, SearchForm } from './pages.ts'
import type { Quote } from './pricing.ts'

/** `dueIn`: hours, or empty for as long as the booking waits. */
export type PartyForm = { name: string; phone: string; share: string; dueIn: string }

/** Loyalty points that the customer has, and how many of them may lower this price. */
export type PointsOffer = { balance: number; most: number }

/** As typed; extras by their codes. */
export type AlongForm = { extras: Record<string, string>; extraDrivers: string; promoCode: string }
export type AlongOffer = { extras: Extra[]; driverFee: Extra | null; takesCodes: boolean }

/** The booking form. `bookingId` is fresh for each form and makes a double click one booking. */
export type BookingFormPage = {
  bookingId: string
  search: SearchForm
  category: { code: string; name: string; bodyType: BodyType; colour: Colour }
  /** Set when one particular car was chosen. */
  vehicle: CarChoice | null
  pickup: { name: string; at: Date }
  return: { name: string; at: Date }
  quote: Quote
  parties: PartyForm[]
  splitEqually: boolean
  /** It stands only when everybody has paid their share. */
  allOrNobody: boolean
  /** Hours that each may be given to pay in; empty where there is no time to choose. */
  ownTimes: number[]
  specialRequests: string
  /** Null where there are too few to use. */
  offer: PointsOffer | null
  /** As typed. */
  points: string
  /** What may be hired along; whether other drivers cost, and whether there is any code to type. */
  offered: AlongOffer
  along: AlongForm
  /** The price that is shown, before points; comes back with the form. */
  seenTotal: string
  problems: FieldProblem[]
  now: Date
}
