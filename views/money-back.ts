/** What has been charged for a booking, and what of it goes back or went back. */
import { add, formatKes, ZERO } from '../domain/money.ts'
import type { BookingPage, PaymentLine } from '../domain/pages.ts'
import { isOpenPayment } from '../domain/payments.ts'
import { hasEnded } from '../domain/reservations.ts'
import { timeText } from '../domain/time-words.ts'
import type { Say } from './language.ts'

const TAKEN: readonly PaymentLine['status'][] = ['settled', 'refunding', 'refunded']

/** Only while this is false may a page say that nothing was charged. */
export const wasCharged = (payments: PaymentLine[]): boolean =>
  payments.some(({ status, otherAmount }) => otherAmount || TAKEN.includes(status))

/** Some of the money has not gone back yet. Of what has ended, it may not even have been sent. */
export const isGoingBack = ({ status, payments }: Pick<BookingPage, 'status' | 'payments'>) =>
  payments.some(
    (one) => one.status === 'refunding' || (one.status === 'settled' && hasEnded(status)),
  )

/** Phones on which a request may still wait for its PIN. */
export const openPhones = ({ payments }: Pick<BookingPage, 'payments'>): string[] => [
  ...new Set(
    payments.filter(({ status }) => isOpenPayment(status)).map(({ maskedPhone }) => maskedPhone),
  ),
]

type Key = 'lateMoney' | 'lateCame' | 'lateOfferedUntil' | 'refundOnWay' | 'refundDone'

const sentence = (key: Key, payments: PaymentLine[], t: Say, time = ''): string[] => {
  if (payments.length === 0) return []
  const phones = [...new Set(payments.map(({ maskedPhone }) => maskedPhone))]
  const phone = phones.length === 1 ? (phones[0] ?? '') : t('severalPhones', { n: phones.length })
  const amount = formatKes(add(ZERO, ...payments.map((one) => one.amount)))
  return [t(key, { amount, phone, time })]
}

/** Late money looks for the car itself, or another one is offered for it until a certain time. */
const lateTexts = ({ offer, now }: BookingPage, late: PaymentLine[], t: Say): string[] => {
  if (!offer) return sentence('lateMoney', late, t)
  const time = timeText(offer.until, t.language, now)
  return [...sentence('lateCame', late, t), ...sentence('lateOfferedUntil', late, t, time)]
}

/** For a booking that has ended: where its money is, in a sentence or two; empty when it took none. */
export const moneyBack = (booking: BookingPage, t: Say): string[] => {
  const { status, payments } = booking
  if (!hasEnded(status)) return []
  const gone = payments.filter((one) => one.status === 'refunded')
  // Only a booking that ran out of time is brought back by its money.
  const late = payments.filter((one) => one.late && status === 'expired')
  const going = payments.filter(
    (one) => one.status === 'refunding' || (one.status === 'settled' && !late.includes(one)),
  )
  return [
    ...lateTexts(booking, late, t),
    ...sentence('refundOnWay', going, t),
    ...sentence('refundDone', gone, t),
  ]
}
