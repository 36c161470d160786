/** Rental: cars are booked alone and in groups, paid, cancelled and left. */
import { word, words, type Word } from '../checker/words.ts'
import { plantSql, type Plant, type Rule, type World } from '../checker/world.ts'
import { textIn, type Action } from '../log.ts'
import type { Person } from '../person.ts'
import { book, cancel, payByPrompt, waitFor } from './booking.ts'
import { claim, type Line } from './line.ts'

const LINE = 'rental'

async function bookAndPay(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  await payByPrompt(person, booked, booked.phones[0] ?? '', booked.total)
  await waitFor(person, booked, 'confirmed')
}

const GROUP = 3
async function bookAndPayTogether(person: Person): Promise<void> {
  const booked = await book(person, GROUP)
  if (!booked) return
  const each = booked.phones.map((phone, nth) =>
    payByPrompt(person, booked, phone, booked.shares[nth] ?? 0),
  )
  await Promise.all(each)
  await waitFor(person, booked, 'confirmed')
}

async function cancelUnpaid(person: Person): Promise<void> {
  const booked = await book(person)
  if (booked) await cancel(person, booked)
}

/** While the money is on its way: it comes back, or the booking ends before the phone rings. */
async function cancelWhilePaying(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  const paying = payByPrompt(person, booked, booked.phones[0] ?? '', booked.total)
  await cancel(person, booked)
  await paying
}

async function bookAndLeave(person: Person): Promise<void> {
  await book(person)
}

const AT_ONCE = 5
/** More people than cars want the same ones in the same moment; who gets one gives it back. */
async function wantTheSame(person: Person): Promise<void> {
  const trip = person.trip()
  const all = await Promise.all(Array.from({ length: AT_ONCE }, () => book(person, 1, trip)))
  await Promise.all(all.filter((one) => one !== null).map((one) => cancel(person, one)))
}

async function look(person: Person): Promise<void> {
  const { pickup_location, pickup_at, return_at } = person.trip()
  const wish = new URLSearchParams({ pickup_location, pickup_at, return_at }).toString()
  await person.as.customer('GET', `/vehicles/availability?${wish}`, null).catch(() => null)
}

const did = ({ actions }: World, what: string, outcome: Action['outcome']): Action[] =>
  actions.filter((one) => one.what === what && one.outcome === outcome)
const textOf = ({ facts }: Action, name: string): string => textIn(facts, name)

type Status = Word<'reservations.status'>
type Row = { id: string; number: string; status: Status; phone: string; wish: string | null }
const ENDED: Status[] = ['cancelled', 'expired']
const rows = ({ sql }: World) =>
  sql<Row>(`SELECT r.id, r.number, r.status, r.special_requests AS wish,
    coalesce(encode(p.phone_index, 'hex'), p.phone, '') AS phone FROM reservations r
    JOIN reservation_parties p ON p.reservation_id = r.id AND p.position = (
      SELECT min(position) FROM reservation_parties f WHERE f.reservation_id = r.id)`)

async function bookingsGone(world: World): Promise<string[]> {
  const known = new Map((await rows(world)).map(({ id, number }) => [id, number]))
  return did(world, 'book', 'ok')
    .filter((one) => known.get(textOf(one, 'id')) !== textOf(one, 'number'))
    .map((one) => textOf(one, 'number'))
}

/** Where somebody is forgotten. */
const OF_NOBODY = ''
/** Every booking of the log has a first payer of its own, known by the hash of the phone. */
async function bookedTwice(world: World): Promise<string[]> {
  const times = new Map<string, number>()
  for (const { phone } of await rows(world))
    if (phone !== OF_NOBODY) times.set(phone, (times.get(phone) ?? 0) + 1)
  return [...times].filter(([, count]) => count > 1).map(([phone]) => phone)
}

async function refusedButHeld(world: World): Promise<string[]> {
  const all = await rows(world)
  const held = new Map(all.map((row) => [row.wish, row]))
  return did(world, 'book', 'refused')
    .map((one) => held.get(textOf(one, 'wish')))
    .filter((row) => row !== undefined && !ENDED.includes(row.status))
    .map((row) => row?.number ?? '')
}

async function cancelledButOpen(world: World): Promise<string[]> {
  const known = new Map((await rows(world)).map(({ id, status }) => [id, status]))
  return did(world, 'cancel', 'ok')
    .map((one) => textOf(one, 'id'))
    .filter((id) => known.get(id) !== 'cancelled')
}

/** Who saw it confirmed has the car, unless they themselves gave it back. */
async function confirmedButGone(world: World): Promise<string[]> {
  const known = new Map((await rows(world)).map(({ id, status }) => [id, status]))
  const cancelled = new Set(
    world.actions.filter(({ what }) => what === 'cancel').map((one) => textOf(one, 'id')),
  )
  return did(world, 'see confirmed', 'ok')
    .map((one) => textOf(one, 'id'))
    .filter((id) => known.get(id) !== 'confirmed' && !cancelled.has(id))
}

const CENTS = 100
const DASHES = /-/g
/** By M-Pesa's own books. Some left before they saw it, and some phones were refused: those are not meant. */
async function paidButOpen({ sql, actions, provider, awaited }: World): Promise<string[]> {
  const wanted = actions.filter(({ what }) => what === 'see confirmed')
  const open = await sql<{ number: string; cents: string }>(
    `SELECT number, total_cents AS cents FROM reservations
     WHERE id = ANY($1) AND status IN ${words('reservations.status', 'pending', 'processing')}`,
    [wanted.map((one) => textOf(one, 'id'))],
  )
  const paid = new Map<string, number>()
  const count = (reference: string, amount: number) => {
    const account = reference.replaceAll(DASHES, '')
    paid.set(account, (paid.get(account) ?? 0) + amount * CENTS)
  }
  for (const { accountReference, amount, status } of provider.transactions)
    if (status === 'paid') count(accountReference, amount)
  for (const { accountReference, amount, receipt } of provider.handPayments)
    if (!awaited.has(receipt)) count(accountReference, amount)
  return open
    .filter(({ number, cents }) => (paid.get(number.replaceAll(DASHES, '')) ?? 0) >= Number(cents))
    .map(({ number }) => number)
}

const CONFIRMED = word('reservations.status', 'confirmed')
const untold = async ({ sql }: World): Promise<string[]> =>
  (
    await sql<{ id: string }>(`SELECT r.id FROM reservations r WHERE r.status = ${CONFIRMED}
      AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.reservation_id = r.id
        AND n.template = 'confirmed' AND n.status = ${word('notifications.status', 'sent')})`)
  ).map(({ id }) => id)

const broken = ({ actions }: World): string[] =>
  actions
    .filter(({ facts }) => Number(facts['broken'] ?? 0) > 0)
    .map(({ what, id, facts }) => `${what} ${id}: ${facts['broken']} times`)

const NOBODY = { id: '00000000-0000-4000-8000-000000000000', number: 'RSV-00-000000' }
/** Whoever had a car is now said to have been refused one. */
const allRefused: Plant = (world) => ({
  ...world,
  actions: world.actions.map((one) => (one.what === 'book' ? { ...one, outcome: 'refused' } : one)),
})
const SAME_PHONE = `UPDATE reservation_parties SET phone_index = 'the same'`
const UNTOLD = `UPDATE notifications SET status = ${word('notifications.status', 'failed')}
  WHERE template = 'confirmed'`
const UNDONE = `UPDATE reservations SET status = ${word('reservations.status', 'pending')}
  WHERE status = ${CONFIRMED}`

const TOLD_TWICE = `SELECT event_id || ' ' || channel AS id FROM notifications
  GROUP BY event_id, channel, party_id HAVING count(*) > 1`
const TELL_TWICE = `INSERT INTO notifications (event_id, channel, party_id, template, reservation_id)
  SELECT event_id, channel, party_id, template, reservation_id FROM notifications WHERE reservation_id IS NOT NULL LIMIT 1`

const rules: Rule[] = [
  {
    name: 'a booking that was answered is there',
    kind: 'lost',
    broken: bookingsGone,
    plant: claim(LINE, 'book', NOBODY),
  },
  {
    name: 'one wish is one booking',
    kind: 'doubled',
    broken: bookedTwice,
    plant: plantSql('reservation_parties', SAME_PHONE),
  },
  {
    name: 'a booking that was refused holds nothing',
    kind: 'wrong',
    broken: refusedButHeld,
    plant: allRefused,
  },
  {
    name: 'a cancellation that was answered is done',
    kind: 'lost',
    broken: cancelledButOpen,
    plant: claim(LINE, 'cancel', NOBODY),
  },
  {
    name: 'who saw the booking confirmed has it',
    kind: 'lost',
    broken: confirmedButGone,
    plant: claim(LINE, 'see confirmed', NOBODY),
  },
  {
    name: 'who paid all of it has it confirmed',
    kind: 'lost',
    broken: paidButOpen,
    plant: plantSql('reservations', UNDONE),
  },
  {
    name: 'who has a booking was told',
    kind: 'lost',
    broken: untold,
    plant: plantSql('notifications', UNTOLD),
  },
  {
    name: 'nobody is told the same thing twice',
    kind: 'doubled',
    broken: async ({ sql }) => (await sql<{ id: string }>(TOLD_TWICE)).map(({ id }) => id),
    plant: plantSql('notifications', TELL_TWICE),
  },
  {
    name: 'nobody is answered 500',
    kind: 'wrong',
    broken,
    plant: claim(LINE, 'book', { broken: 1 }, 'refused'),
  },
]

export const rental: Line = {
  name: LINE,
  deeds: [
    { name: 'books and pays', weight: 5, tell: bookAndPay },
    { name: 'books and pays together', weight: 2, tell: bookAndPayTogether },
    { name: 'cancels before paying', weight: 1, tell: cancelUnpaid },
    { name: 'cancels while paying', weight: 1, tell: cancelWhilePaying },
    { name: 'books and leaves', weight: 1, tell: bookAndLeave },
    { name: 'wants what others want', weight: 0.5, tell: wantTheSame },
    { name: 'looks around', weight: 2, tell: look },
  ],
  rules,
}
