/** A rental from key to key: what was seen of the car at both ends, on which terms it left, and where it stands. */
import type { Cents } from './money.ts'
import type { RentalCharge } from './rental-charges.ts'
import { HOUR_MS } from './time.ts'

/**
 * on_the_road -> returned (what is owed is proposed) -> settled (agreed, or nobody said anything) | disputed (a person decides) -> settled.
 */
export type RentalStatus = 'on_the_road' | 'returned' | 'disputed' | 'settled'

export const CLEANLINESS = ['clean', 'dirty', 'very_dirty'] as const
export type Cleanliness = (typeof CLEANLINESS)[number]

/** Where on the drawing of a car a mark is. */
export const MARK_PLACES = [
  'front',
  'bonnet',
  'windscreen',
  'roof',
  'left_front_door',
  'left_rear_door',
  'left_wing',
  'right_front_door',
  'right_rear_door',
  'right_wing',
  'rear',
  'boot',
  'wheels',
  'inside',
] as const
export type MarkPlace = (typeof MARK_PLACES)[number]
export const MARK_KINDS = ['scratch', 'dent', 'crack', 'broken', 'missing', 'stain'] as const
export type MarkKind = (typeof MARK_KINDS)[number]
export type Mark = { place: MarkPlace; kind: MarkKind }

/** A gauge shows eighths: 0 is empty, 8 is full. */
export const FULL = 8

/** What a clerk sees of a car when it leaves or comes back. */
export type ConditionCheck = {
  odometerKm: number
  fuelEighths: number
  cleanliness: Cleanliness
  marks: Mark[]
}

export const RENTAL_LIMITS = {
  /** Further than anybody drives between two looks. */
  longestDriveKm: 100_000,
  marks: 60,
  noteLength: 500,
  /** Keys are not handed over earlier than this before the booked time. */
  earlyMs: 2 * HOUR_MS,
} as const

export const markKey = ({ place, kind }: Mark): string => `${place}/${kind}`

/** Marks of the second look that were not there at the first; two alike count as two. */
export const newMarks = (before: readonly Mark[], after: readonly Mark[]): Mark[] => {
  const left = new Map<string, number>()
  for (const mark of before) left.set(markKey(mark), (left.get(markKey(mark)) ?? 0) + 1)
  return after.filter((mark) => {
    const known = left.get(markKey(mark)) ?? 0
    left.set(markKey(mark), known - 1)
    return known <= 0
  })
}

/** What the rental's story needs of its policy; set by configuration of the house, fixed when it starts. */
export type RentalPolicy = {
  /** Before it is due. */
  reminderMs: number
  /** After it was due and the grace: from reminder to reminder. */
  overdueEveryMs: number
  /** How long somebody has to say something about what is proposed. */
  answerMs: number
  /** After the return: what nobody claims of the deposit goes back. */
  releaseMs: number
}

export const DEFAULT_RENTAL_POLICY: RentalPolicy = {
  reminderMs: 2 * HOUR_MS,
  overdueEveryMs: 3 * HOUR_MS,
  answerMs: 48 * HOUR_MS,
  releaseMs: 24 * HOUR_MS,
}

export type PickUpWish = {
  rentalId: string
  reservationId: string
  actorId: string
  check: ConditionCheck
  /** The clerk has seen a second paper that says who it is. */
  idSeen: boolean
}

export type StartedRental = {
  outcome: 'started'
  rentalId: string
  reservationId: string
  number: string
  reservationNumber: string
  plate: string
  customerId: string
  dueAt: string
  graceMs: number
  policy: RentalPolicy
}
export type PickUpAnswer = StartedRental | { outcome: 'refused'; code: string; message: string }

export type RentalInput = Omit<StartedRental, 'outcome'>

export type ReturnWish = {
  check: ConditionCheck
  /** Code of the place where it was brought back to. */
  location: string
  actorId: string
  /** What the clerk asks for new damage, itemised; empty where there is none. */
  damage: { mark: Mark; amount: Cents }[]
}

export type ReturnedRental = {
  outcome: 'returned'
  charges: (RentalCharge & { id: string })[]
  total: Cents
  deposit: Cents
  /** A booking that counted on the car standing elsewhere. */
  stranded: string | null
}
export type ReturnAnswer = ReturnedRental | { outcome: 'refused'; code: string; message: string }

/** What was found after the return, in a line of its own. */
export type DamageClaim = {
  /** Made by whoever asks, so that a repeat is one line. */
  id: string
  actorId: string
  mark: Mark
  amount: Cents
}
export type ClaimAnswer =
  { outcome: 'claimed'; total: Cents } | { outcome: 'refused'; message: string }

export type SettleWish = { actorId: string; how: 'agreed' | 'silent' | 'decided' }
/** What became of the deposit: how much was kept, which of its payments go back and how much of each, what is still owed. */
export type Settlement = {
  kept: Cents
  refunds: { refundId: string; paymentId: string; amount: Cents }[]
  owed: Cents
}

/** What the workflow answers to `rentalStatus`; no names, no phones. */
export type RentalStatusView = {
  status: RentalStatus
  dueAt: string
  overdue: boolean
  /** What is waited for, as people read it. */
  waitingFor: 'return' | 'answer' | 'decision' | 'nothing'
  until: string | null
}
