/** What the pages of rentals show. */
import type { FieldProblem } from './errors.ts'
import type { Cents } from './money.ts'
import type { RentalChargeKind } from './rental-charges.ts'
import type { Cleanliness, Mark, MarkKind, MarkPlace, RentalStatus } from './rentals.ts'

/** As it was typed; numbers as text, so that nothing is lost. */
export type LookForm = {
  odometer: string
  fuel: string
  cleanliness: string
  marks: { place: string; kind: string; amount: string }[]
  idSeen: boolean
  location: string
}

export type PickUpPage = {
  path: string
  bookingId: string
  bookingNumber: string
  customerName: string
  plate: string
  car: string
  pickupAt: Date
  returnAt: Date
  returnName: string
  /** What the books say is still missing; empty where the keys may go out. */
  missing: string[]
  deposit: Cents
  isDepositPaid: boolean
  chargePath: string
  identityPath: string | null
  lastKm: number
  form: LookForm
  problems: FieldProblem[]
  now: Date
}

export type ReturnPage = {
  path: string
  bookingId: string
  bookingNumber: string
  rentalNumber: string
  customerName: string
  plate: string
  dueAt: Date
  isLate: boolean
  before: { odometerKm: number; fuelEighths: number; cleanliness: Cleanliness; marks: Mark[] }
  places: { code: string; name: string }[]
  form: LookForm
  problems: FieldProblem[]
  now: Date
}

export type ChargeLine = {
  id: string
  kind: RentalChargeKind
  /** What it was reckoned from, so that it is explained as it was. */
  facts: Record<string, number | string>
  quantity: number
  unitPrice: Cents
  amount: Cents
  stands: Cents | null
}

export type RentalPage = {
  number: string
  bookingId: string
  bookingNumber: string
  plate: string
  status: RentalStatus
  pickedUpAt: Date
  dueAt: Date
  returnedAt: Date | null
  deposit: Cents
  kept: Cents | null
  owed: Cents | null
  owedPath: string | null
  disputedBecause: string | null
  lines: ChargeLine[]
  refunds: { amount: Cents; isSent: boolean }[]
  now: Date
}

/** The same for staff; a manager decides there what of a disputed line stands. */
export type StaffRentalPage = RentalPage & {
  /** Null where nothing is to be decided, or not by this viewer. */
  decisionPath: string | null
  /** By the id of a line, as typed. */
  form: Record<string, string>
  problems: FieldProblem[]
}

/** The same for whoever drove. */
export type OwnRentalPage = RentalPage & {
  path: string
  /** What is asked for can be agreed to, or disputed, now. */
  mayAnswer: boolean
  form: { because: string }
  problems: FieldProblem[]
}

export const PLACE_WORDS: Record<MarkPlace, string> = {
  front: 'Front bumper',
  bonnet: 'Bonnet',
  windscreen: 'Windscreen',
  roof: 'Roof',
  left_front_door: 'Left front door',
  left_rear_door: 'Left rear door',
  left_wing: 'Left wing',
  right_front_door: 'Right front door',
  right_rear_door: 'Right rear door',
  right_wing: 'Right wing',
  rear: 'Rear bumper',
  boot: 'Boot',
  wheels: 'Wheels',
  inside: 'Inside',
}
export const KIND_WORDS: Record<MarkKind, string> = {
  scratch: 'Scratch',
  dent: 'Dent',
  crack: 'Crack',
  broken: 'Broken',
  missing: 'Missing',
  stain: 'Stain',
}
export const CLEAN_WORDS: Record<Cleanliness, string> = {
  clean: 'Clean',
  dirty: 'Dirty',
  very_dirty: 'Very dirty',
}

/** `Full`, `6/8`. */
export const fuelText = (eighths: number): string => {
  if (eighths === 0) return 'Empty'
  return eighths === 8 ? 'Full' : `${eighths}/8`
}

/** `60,200 km`. */
export const kmText = (km: number): string => `${String(km).replaceAll(/\B(?=(\d{3})+$)/g, ',')} km`

export const markText = ({ place, kind }: Mark): string =>
  `${KIND_WORDS[kind]}, ${PLACE_WORDS[place].toLowerCase()}`
