/**
 * A prompt rings somebody's phone, and whoever holds a share link may name any phone. So prompts are counted for
 * the phone, for who asks and for the booking; generous enough for people who mistype a PIN or wait for money.
 */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError, type ErrorCode } from '../domain/errors.ts'
import { isStaff } from '../domain/policies.ts'
import { HOUR_MS } from '../domain/time.ts'
import { findPayment, type PaymentDetail } from '../db/payment-reads.ts'
import type { ApiDeps } from './deps.ts'
import { forgiveAll, limitAll, type Count } from './limits.ts'
import { pay, type PaidThing, type PaymentWish } from './paying.ts'

const BOOKING_PROMPTS = 20
/** As multiples of PROMPTS_PER_HOUR. Who is known may ask for more, and the desk serves many people. */
const TRUST = {
  link: { phone: 1, asker: 2 },
  customer: { phone: 3, asker: 6 },
  staff: { phone: 5, asker: Infinity },
} as const

const SAFE = 'You have not been charged.'
const WORDS = {
  phone: `This phone has had several M-Pesa requests in the last hour. Wait a while, or pay from another phone. ${SAFE}`,
  asker: `You have asked for many M-Pesa requests in the last hour. Wait a while and try again. ${SAFE}`,
  booking: `This booking has had many M-Pesa requests in the last hour. Wait a while, or call us. ${SAFE}`,
} as const

type Ringing = { phones: readonly string[]; asker: string; bookingId: string; actor: Actor | null }

function countsOf(deps: ApiDeps, { phones, asker, bookingId, actor }: Ringing) {
  const trust = TRUST[actor ? (isStaff(actor) ? 'staff' : 'customer') : 'link']
  const perHour = deps.limits.promptsPerHour
  const count = (name: keyof typeof WORDS, who: string, hits: number): Count => ({
    name: `prompts: ${name}`,
    who,
    hits,
    windowMs: HOUR_MS,
    words: WORDS[name],
  })
  return [
    ...[...new Set(phones)].map((phone) => count('phone', phone, perHour * trust.phone)),
    count('asker', asker, perHour * trust.asker),
    count('booking', bookingId, BOOKING_PROMPTS),
  ]
}

/** Refused by ourselves before anything rang. */
const NEVER_RANG: readonly ErrorCode[] = [
  'PUSH_OPEN',
  'AMOUNT_ABOVE_BALANCE',
  'AMOUNT_OUT_OF_RANGE',
  'RESERVATION_CLOSED',
  'RESERVATION_PAID',
  'CHARGE_CLOSED',
  'CHARGE_PAID',
  'NOT_FOUND',
  'PLAN_OVER',
  'INVALID_INPUT',
]

/** Throws TOO_MANY_REQUESTS in words before anything rings. What rang nobody is not counted. */
async function withinLimits<T>(
  deps: ApiDeps,
  ringing: Ringing,
  ring: () => Promise<T>,
): Promise<T> {
  const counts = countsOf(deps, ringing)
  await limitAll(deps, counts)
  try {
    return await ring()
  } catch (error) {
    const rang = !(error instanceof BusinessError && NEVER_RANG.includes(error.code))
    if (!rang) await forgiveAll(deps, counts)
    throw error
  }
}

/** As `pay`. A repeat of a request that stands is no other one. */
export async function payWithinLimits(
  deps: ApiDeps,
  booking: PaidThing,
  wish: PaymentWish,
  actor: Actor | null,
): Promise<PaymentDetail | null> {
  const standing = await findPayment(deps.db, wish.paymentId)
  if (standing) return standing
  const ringing = { phones: [wish.phone], asker: wish.actorId, bookingId: booking.id, actor }
  return withinLimits(deps, ringing, () => pay(deps, booking, wish))
}

type Plan = { ownerId: string; phones: readonly string[] }

/** What makes a plan ring these phones; else plans that begin and stop would ring a stranger's phone all day. */
export const planWithinLimits = <T>(
  deps: ApiDeps,
  actor: Actor,
  { ownerId: bookingId, phones }: Plan,
  ring: () => Promise<T>,
): Promise<T> => withinLimits(deps, { phones, asker: actor.userId, bookingId, actor }, ring)
