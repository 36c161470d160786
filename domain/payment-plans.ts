/**
 * A big amount in steps: what to ask next, from what is known and the clock given in. No more than M-Pesa takes at a
 * time and from one phone in a day, never a second request on a phone while one may still be paid.
 */
import { cents, shillings, subtract, ZERO, type Cents } from './money.ts'
import {
  MAXIMUM_PUSH,
  MINIMUM_PUSH,
  PROMPT_LIFE_MS,
  type PaymentPurpose,
  type PaymentReason,
} from './payments.ts'
import { SAME_AMOUNT_REST_MS } from './payment-waits.ts'
import { DAY_MS, HOUR_MS, startOfDay } from './time.ts'

/** What one phone may pay between two midnights in Nairobi (Daraja documentation, 2026). */
export const DAY_LIMIT = shillings(500_000)
/** After a limit of the day a phone rests until then on the next one. */
const LIMITS_AGAIN_MS = 6 * HOUR_MS
/** When there was not enough money, or somebody said no on the phone. */
const MORNING_MS = 8 * HOUR_MS
export const PLAN_PHONES = 5
export const NEVER = Infinity

export type PlanStatus = 'running' | 'done' | 'stopped' | 'expired'
export type PlanPhone = {
  position: number
  /** Milliseconds since the epoch; NEVER = not in this plan again. */
  restsUntil: number
  /** The result code after which it rests. */
  restCode: string | null
}
/** Anything this phone was asked for lately, for whatever it was. `at`: the last that we heard of it. */
export type PlanPayment = {
  position: number
  amount: Cents
  at: number
  state: 'open' | 'paid' | 'refused'
}
export type PlanFacts = {
  status: PlanStatus
  /** Whether what is paid still takes money. */
  payable: boolean
  /** Still to come by this plan. */
  owed: Cents
  /** Of that, not yet on anybody's phone. */
  free: Cents
  deadline: number
  /** The last time that the customer said "start". */
  consentedAt: number
  phones: PlanPhone[]
  payments: PlanPayment[]
}

export type WaitReason = 'answer' | 'spacing' | 'resting' | 'day_limit'
export type PlanStep =
  | { do: 'push'; position: number; amount: Cents }
  | { do: 'wait'; until: number; why: WaitReason }
  /** Only the customer can go on: by saying "start" for today, or because no phone is left to ask. */
  | { do: 'ask'; why: 'consent' | 'no_phone' }
  | { do: 'end'; as: Exclude<PlanStatus, 'running'> }

const dayOf = (at: number): number => startOfDay(new Date(at)).getTime()
const tomorrowAt = (now: number, hourMs: number): number => dayOf(now) + DAY_MS + hourMs

const isConsented = ({ consentedAt }: Pick<PlanFacts, 'consentedAt'>, now: number) =>
  dayOf(consentedAt) === dayOf(now)

const smallest = (...amounts: Cents[]): Cents => cents(Math.min(...amounts))
const wholeShillings = (amount: Cents): Cents => subtract(amount, cents(amount % 100))

type Chance = { position: number; amount: Cents; at: number; why: WaitReason }

/** When this phone may be asked, for how much, and what it waits for until then. */
function chanceOf(facts: PlanFacts, { position, restsUntil }: PlanPhone, now: number): Chance {
  const own = facts.payments.filter((one) => one.position === position)
  const later = (at: number, why: WaitReason): Chance => ({ position, amount: ZERO, at, why })
  const open = own.filter(({ state }) => state === 'open')
  if (open.length > 0) return later(now + PROMPT_LIFE_MS, 'answer')
  if (restsUntil > now) return later(restsUntil, 'resting')
  const used = own
    .filter(({ state, at }) => state === 'paid' && dayOf(at) === dayOf(now))
    .reduce((sum, { amount }) => sum + amount, 0)
  const amount = wholeShillings(smallest(MAXIMUM_PUSH, facts.free, cents(DAY_LIMIT - used)))
  if (amount < MINIMUM_PUSH) return later(tomorrowAt(now, LIMITS_AGAIN_MS), 'day_limit')
  const same = own.filter((one) => one.amount === amount).map(({ at }) => at + SAME_AMOUNT_REST_MS)
  return { position, amount, at: Math.max(now, ...same), why: 'spacing' }
}

/** The phone that may be asked soonest; of several the one that takes most. */
const best = (chances: Chance[]): Chance | undefined =>
  [...chances].sort((a, b) => a.at - b.at || b.amount - a.amount || a.position - b.position)[0]

export function nextStep(facts: PlanFacts, now: number): PlanStep {
  if (facts.status !== 'running') return { do: 'end', as: facts.status }
  if (facts.owed < MINIMUM_PUSH) return { do: 'end', as: 'done' }
  if (!facts.payable) return { do: 'end', as: 'stopped' }
  if (now >= facts.deadline) return { do: 'end', as: 'expired' }
  const waiting = facts.payments.some(({ state }) => state === 'open')
  if (facts.free < MINIMUM_PUSH) return { do: 'wait', until: now + PROMPT_LIFE_MS, why: 'answer' }
  if (!isConsented(facts, now)) return { do: 'ask', why: 'consent' }
  const chance = best(facts.phones.map((phone) => chanceOf(facts, phone, now)))
  if (!chance || chance.at === NEVER) {
    return waiting
      ? { do: 'wait', until: now + PROMPT_LIFE_MS, why: 'answer' }
      : { do: 'ask', why: 'no_phone' }
  }
  const { position, amount, at, why } = chance
  if (at > now) return { do: 'wait', until: Math.min(at, facts.deadline), why }
  return { do: 'push', position, amount }
}

const LIMIT_CODES = ['3', '4']
/** Refusals of our own that say nothing about the phone: look again in a moment. */
const NOT_THE_PHONE = ['AMOUNT_ABOVE_BALANCE', 'RESERVATION_CLOSED', 'PUSH_OPEN']

/** Until when a phone rests after M-Pesa refused. */
export function restAfter({ code, class: kind, retryAt }: PaymentReason, now: number): number {
  if (LIMIT_CODES.includes(code)) return tomorrowAt(now, LIMITS_AGAIN_MS)
  if (NOT_THE_PHONE.includes(code)) return now + SAME_AMOUNT_REST_MS
  if (kind === 'W') return Math.max(now, retryAt ? Date.parse(retryAt) : now + SAME_AMOUNT_REST_MS)
  return kind === 'N' ? NEVER : tomorrowAt(now, MORNING_MS)
}

/** "Go on" ends only the rests that a person can end: money was put in, the phone is at hand again. */
export const endsByGoingOn = ({ code, class: kind }: PaymentReason): boolean =>
  kind === 'U' && !LIMIT_CODES.includes(code)

export type PlanInput = {
  planId: string
  purpose: Exclude<PaymentPurpose, 'credit'>
  ownerId: string
  partyId: string
  actorId: string
  amount: Cents
  phones: { phone: string; phoneHash: string }[]
  /** ISO instant. */
  deadline: string
}
export type OpenedPlan =
  | { outcome: 'opened'; ownerNumber: string; customerId: string }
  | {
      outcome: 'refused'
      code: 'NOT_FOUND' | 'PLAN_OVER' | 'AMOUNT_ABOVE_BALANCE'
      message: string
    }

export type AddedPhone =
  | { outcome: 'added'; position: number }
  | { outcome: 'refused'; code: 'PLAN_OVER' | 'INVALID_INPUT'; message: string }
