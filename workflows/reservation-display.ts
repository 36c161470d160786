/** What people see of a reservation in the Temporal UI: search attributes and one line of Markdown. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import { formatKes } from '../domain/money.ts'
import type { HoldAnswer, ReservationStatus } from '../domain/reservations.ts'
import { formatClock } from '../domain/time.ts'
import { balanceOf, livePushes, type Collecting } from './collecting.ts'
import { AMOUNT_KES, BOOKING_NUMBER, BUSINESS_STATUS, VEHICLE_PLATE } from './search-attributes.ts'

const CENTS_PER_SHILLING = 100

/** One upsert for all that is known only once the car is held. */
export function showReservation(answer: HoldAnswer | null): void {
  if (answer?.outcome !== 'held') return
  upsertSearchAttributes([
    { key: BOOKING_NUMBER, value: answer.number },
    { key: VEHICLE_PLATE, value: answer.vehicle.plate },
    { key: BUSINESS_STATUS, value: answer.status },
    { key: AMOUNT_KES, value: Math.round(answer.total / CENTS_PER_SHILLING) },
  ])
}

const sentence = (status: ReservationStatus, money: Collecting): string => {
  if (status !== 'pending' && status !== 'processing') return `The booking is ${status}.`
  const out = livePushes(money).length
  const prompts = out === 0 ? 'no prompt is out' : `${out} prompt${out === 1 ? '' : 's'} out`
  const until = formatClock(new Date(money.deadline))
  return `Waiting for ${formatKes(balanceOf(money))}; ${prompts}; the hold ends at ${until}.`
}

export function showProgress(status: ReservationStatus, money: Collecting): void {
  setCurrentDetails(sentence(status, money))
}
