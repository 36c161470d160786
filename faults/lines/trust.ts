/** People who say more than is theirs to say: what their booking costs, how it stands and whose it is. */
import { textIn } from '../log.ts'
import type { Answer, Ask, Person, Trip } from '../person.ts'
import { book, cancel, payByPrompt, waitFor, type Booked } from './booking.ts'
import type { Line } from './line.ts'
import { LINE, REACH, trustRules } from './trust-rules.ts'

/** Empty where nobody answers now. */
const idOf = async (ask: Ask): Promise<string> =>
  textIn((await ask('GET', '/auth/profile', null).catch(() => null))?.body ?? {}, 'id')

type Free = { category: { code: string }; price: { total: string } }

/** What this trip costs, as anybody is told before they book. */
async function askPrice(person: Person, trip: Trip): Promise<string> {
  const { category, pickup_location, pickup_at, return_at } = trip
  const wish = new URLSearchParams({ pickup_location, pickup_at, return_at, category }).toString()
  const path = `/vehicles/availability?${wish}`
  const answer = await person.as.customer('GET', path, null).catch(() => null)
  const items = (answer?.body['items'] ?? []) as Free[]
  return items.find((one) => one.category.code === category)?.price.total ?? ''
}

/** Under all names that a careless server might take over. */
const lies = (customerId: string) => ({
  total: '1.00',
  total_cents: 100,
  price: { total: '1.00' },
  share: '1.00',
  paid: '1.00',
  paid_cents: 100,
  balance_due: '0.00',
  deposit: '0.00',
  status: 'confirmed',
  customer_id: customerId,
  customerId,
  created_by: customerId,
})

/** At one shilling, confirmed, and somebody else's: they never pay for it. */
async function bookWithLies(person: Person): Promise<void> {
  const trip = person.trip()
  const quoted = await askPrice(person, trip)
  const [own, other] = [await idOf(person.as.customer), await idOf(person.as.neighbour)]
  if (quoted === '' || own === '' || other === '') return
  const facts = { quoted, customer: own, claims: true }
  const booked = await book(person, 1, trip, { body: lies(other), facts })
  if (booked) await cancel(person, booked)
}

/** It is paid because M-Pesa says so, and as much as M-Pesa says. */
async function payWithLies(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  const other = await idOf(person.as.neighbour)
  const more = { ...lies(other), receipt: 'UKL0CLAIM0', counted: true }
  await payByPrompt(person, booked, booked.phones[0] ?? '', booked.total, more)
  await waitFor(person, booked, 'confirmed')
}

async function reachForAnothers(person: Person): Promise<void> {
  const neighbour = { ...person, as: { ...person.as, customer: person.as.neighbour } }
  const theirs = await book(neighbour)
  if (!theirs) return
  for (const [how, ask] of Object.entries(waysTo(person, theirs)))
    await person.act(LINE, REACH, { facts: { id: theirs.id, how }, ask })
  await cancel(neighbour, theirs)
}

type Try = (key: string) => Promise<Answer>
function waysTo({ as, phone }: Person, { id, total }: Booked): Record<string, Try> {
  const paying = { reservation_id: id, phone: `+${phone()}`, amount: String(total) }
  return {
    read: () => as.customer('GET', `/reservations/${id}`, null),
    pay: (key) => as.customer('POST', '/payments', paying, key),
    cancel: (key) => as.customer('POST', `/reservations/${id}/cancel`, {}, key),
  }
}

export const trust: Line = {
  name: LINE,
  deeds: [
    { name: 'books at a price of their own', weight: 0.4, tell: bookWithLies },
    { name: 'claims to have paid', weight: 0.3, tell: payWithLies },
    { name: 'reaches for another’s booking', weight: 0.4, tell: reachForAnothers },
  ],
  rules: trustRules,
}
