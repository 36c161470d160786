/** Money that comes when its booking is over: the car still free, and the car gone. */
import { word } from '../checker/words.ts'
import { book, bookOrThrow, countCars, waitFor, type Booked } from '../lines/booking.ts'
import { payByHand } from '../lines/payments.ts'
import type { Person, Trip } from '../person.ts'
import type { Fault, Scene } from './fault.ts'

const SHORT_HOLD = { HOLD_MINUTES: '1' }
const DRAWS = 10
const HOME_SECONDS = 90

/** Another kind of car, or another place or day: whoever takes all cars of the one is not in the way of the other. */
function tripBeside(person: Person, { category, pickup_location, pickup_at }: Trip): Trip {
  for (let draws = 0; draws < DRAWS; draws += 1) {
    const trip = person.trip()
    const isOther =
      trip.category !== category ||
      trip.pickup_location !== pickup_location ||
      trip.pickup_at !== pickup_at
    if (isOther) return trip
  }
  throw new Error('there is no other kind of car')
}

const pay = (person: Person, { phones: [phone = ''], total, number }: Booked): Promise<void> =>
  payByHand(person, phone, total, number)

async function tooLate(scene: Scene): Promise<void> {
  const { house, stranger, sql, complain } = scene
  const { keeper, runWorker, runApi } = house
  await keeper.restart('stories', () => runWorker('stories', SHORT_HOLD))
  await keeper.restart('api', () => runApi(SHORT_HOLD))
  const trip = stranger.trip()
  const free = await bookOrThrow(stranger, 1, tripBeside(stranger, trip))
  const taken = await bookOrThrow(stranger, 1, trip)
  await keeper.restart('stories')
  await keeper.restart('api')
  const insist = async (one: Booked, status: string) => {
    if (!(await waitFor(stranger, one, status))) complain(`${one.number} is never ${status}`)
  }
  await insist(free, 'cancelled')
  await insist(taken, 'cancelled')
  const cars = await countCars(sql, trip)
  await Promise.all(Array.from({ length: cars }, () => book(stranger, 1, trip)))
  await pay(stranger, taken)
  await pay(stranger, free)
  // In a long run somebody may have taken that car as well.
  if (!(await waitFor(stranger, free, 'confirmed'))) await findHome(scene, free)
  await findHome(scene, taken)
}

const findHome = (scene: Scene, one: Booked): Promise<void> =>
  scene
    .until('the late money has a home', () => hasHome(scene, one), HOME_SECONDS)
    .catch(() => scene.complain(`${one.number} has no other car, and its money does not go back`))

/** Another car is offered, or the money goes back; also the same car, where one of the others left it again. */
async function hasHome({ sql }: Scene, { id }: Booked): Promise<boolean> {
  const homes = await sql(
    `SELECT 1 FROM late_offers WHERE reservation_id = $1
     UNION ALL SELECT 1 FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.owner_id = $1
     UNION ALL SELECT 1 FROM reservations
       WHERE id = $1 AND status = ${word('reservations.status', 'confirmed')}`,
    [id],
  )
  return homes.length > 0
}

export const late: Fault[] = [
  {
    number: 12,
    name: 'Money comes after the end of its booking: the car is free, and the car is taken',
    promise: 'the booking lives again, or another car is offered, or the money goes back',
    happen: tooLate,
  },
]
