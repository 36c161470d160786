/** Money that comes when its booking is over: the car still free, and the car gone. */
import { book, waitFor, type Booked } from '../lines/booking.ts'
import type { Person } from '../person.ts'
import type { Fault, Scene } from './fault.ts'

const SHORT_HOLD = { HOLD_MINUTES: '1' }
const CARS = 3

const held = async (person: Person): Promise<Booked> => {
  const one = await book(person)
  if (!one) throw new Error('no car for the fault itself')
  return one
}

const payByHand = (person: Person, { phones: [phone = ''], total, number }: Booked) =>
  person.hand('POST', `/phones/${phone}/pay`, { amount: total, account: number })

async function tooLate({ house, stranger }: Scene): Promise<void> {
  const { keeper, runWorker, runApi } = house
  await keeper.restart('stories', () => runWorker('stories', SHORT_HOLD))
  await keeper.restart('api', () => runApi(SHORT_HOLD))
  const trip = stranger.trip()
  const free = await held(stranger)
  const taken = await book(stranger, 1, trip)
  await keeper.restart('stories', () => runWorker('stories'))
  await keeper.restart('api', () => runApi())
  await waitFor(stranger, free, 'cancelled')
  if (taken) {
    await waitFor(stranger, taken, 'cancelled')
    await Promise.all(Array.from({ length: CARS }, () => book(stranger, 1, trip)))
    await payByHand(stranger, taken)
  }
  await payByHand(stranger, free)
  await waitFor(stranger, free, 'confirmed')
}

export const late: Fault[] = [
  {
    number: 12,
    name: 'Money comes after the end of its booking: the car is free, and the car is taken',
    promise: 'the booking lives again, or another car is offered, or the money goes back',
    happen: tooLate,
  },
]
