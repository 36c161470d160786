/** What people of more than one line do with a booking. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import type { Sql } from '../checker/world.ts'
import { textIn, type Facts } from '../log.ts'
import type { Acted, Answer, Person, Trip } from '../person.ts'

export type Booked = {
  id: string
  number: string
  total: number
  phones: string[]
  shares: number[]
}

const PENDING = 202
const LINE = 'rental'

/** What somebody sends besides a trip and who pays, and what is written down of it; by which names they pay. */
export type More = { body: object; facts: Facts; names?: readonly string[] }
const NO_MORE: More = { body: {}, facts: {} }

/** Null when there was no car for them, or nobody said so in time. */
export async function book(
  person: Person,
  people = 1,
  trip: Trip = person.trip(),
  more: More = NO_MORE,
): Promise<Booked | null> {
  const phones = Array.from({ length: people }, () => person.phone())
  const parties = phones.map((phone, nth) => ({
    name: more.names?.[nth] ?? `Payer ${nth + 1}`,
    phone: `+${phone}`,
  }))
  // By which the booking is known that a refused wish must not have become: phones stand sealed in Gari's tables.
  const wish = `Wish ${randomUUID()}`
  const { outcome, answer } = await person.act(LINE, 'book', {
    facts: {
      wish,
      phone: phones[0] ?? '',
      category: trip.category,
      from: trip.pickup_at,
      ...more.facts,
    },
    ask: (key) =>
      person.as.customer(
        'POST',
        '/reservations',
        { special_requests: wish, ...more.body, ...trip, parties },
        key,
      ),
    read: namesOf,
    isUnderWay: ({ status }) => status === PENDING,
  })
  if (outcome !== 'ok' || !answer) return null
  const held = answer.body['parties'] as { share: string }[]
  const shares = held.map(({ share }) => Math.round(Number(share)))
  const names = namesOf(answer.body)
  return { ...names, total: Math.round(Number(names.total)), phones, shares }
}

const TRIES = 5
const AGAIN_MS = 1_000
/** For a fault that needs one to happen to. In one moment others may want all cars of a kind, and leave them in the next. */
export async function bookOrThrow(
  person: Person,
  people = 1,
  trip?: Trip,
  more?: More,
): Promise<Booked> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const booked = await book(person, people, trip, more)
    if (booked) return booked
    await rest(AGAIN_MS)
  }
  throw new Error('no car for the fault itself')
}

/** How many there are at that place, whoever has them. */
export async function countCars(sql: Sql, { category, pickup_location }: Trip): Promise<number> {
  const [cars] = await sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM vehicles WHERE category_code = $1 AND location_code = $2 AND active`,
    [category, pickup_location],
  )
  return cars?.n ?? 0
}

const namesOf = (body: Record<string, unknown>) => ({
  id: textIn(body, 'id'),
  number: textIn(body, 'number'),
  total: textIn(body, 'total'),
})

/** The phone rings and pays by itself. `more` is what somebody sends besides. */
export const payByPrompt = (
  person: Person,
  { id }: Booked,
  phone: string,
  amount: number,
  more: object = {},
): Promise<Acted> =>
  person.act('payments', 'ask for payment', {
    facts: { owner: id, phone, amount },
    ask: (key) =>
      person.as.customer(
        'POST',
        '/payments',
        { ...more, reservation_id: id, phone: `+${phone}`, amount: String(amount) },
        key,
      ),
    read: (body) => ({ id: textIn(body, 'id') }),
    isUnderWay: isUnwritten,
    underWayMs: UNWRITTEN_MS,
  })

/** Also what M-Pesa has not confirmed having taken reads so, and is asked about minutes apart. */
export const UNWRITTEN_MS = 60_000
/** Taken, and no worker has written it down yet: what ends the booking in the same moment may still refuse it. */
export const isUnwritten = ({ body }: Answer): boolean =>
  textIn(body, 'status') === 'pending' &&
  textIn(body, 'checkout_request_id') === '' &&
  textIn(body, 'queued_since') === ''

const statusOf = async (person: Person, id: string): Promise<string> => {
  const { body } = await person.as.customer('GET', `/reservations/${id}`, null)
  return textIn(body, 'status')
}

export const waitFor = (person: Person, { id }: Booked, status: string): Promise<boolean> =>
  person.wait(LINE, `see ${status}`, { id }, async () => (await statusOf(person, id)) === status)

export const cancel = (person: Person, { id }: Booked): Promise<Acted> =>
  person.act(LINE, 'cancel', {
    facts: { id },
    ask: (key) => person.as.customer('POST', `/reservations/${id}/cancel`, {}, key),
  })
