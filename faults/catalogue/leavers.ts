/** People with an account of their own, of whom much is known, and what they have done with it before they ask to be forgotten. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import type { Somebody } from '../checker/traces.ts'
import { bookOrThrow, cancel, payByPrompt, waitFor, type Booked } from '../lines/booking.ts'
import { payByHand } from '../lines/payments.ts'
import { textIn } from '../log.ts'
import { openOffice, type Submit } from '../office.ts'
import { voiceOf, type Person } from '../person.ts'
import { register } from '../registering.ts'
import { LINE, OPEN_ACCOUNT } from './erasing-rules.ts'
import type { Scene } from './fault.ts'

export type Leaver = Somebody & {
  /** As a person like the others, who books for themselves and pays with their own phone. */
  person: Person
  /** At their own pages. */
  pages: Submit
}

const OK = 200
const FIRST_YEAR = 1931
const [YEARS, MONTHS, DAYS] = [40, 12, 28]
const LETTERS = 10
const two = (nth: number): string => String(nth + 1).padStart(2, '0')
/** That stands nowhere else, and that people could be called. */
const nameOf = (beginning: string): string =>
  beginning +
  Array.from(
    randomUUID().replaceAll('-', '').slice(0, LETTERS),
    (sign) => 'abcdefghijklmnop'[Number.parseInt(sign, 16)],
  ).join('')

function draw({ phone, random }: Person): Omit<Somebody, 'id'> {
  const first = nameOf('Kwaheri')
  return {
    first,
    last: nameOf('Sahau'),
    phone: phone(),
    email: `${first.toLowerCase()}@example.com`,
    licence: `DL${nameOf('X').toUpperCase()}`,
    born: `${FIRST_YEAR + random.pick(YEARS)}-${two(random.pick(MONTHS))}-${two(random.pick(DAYS))}`,
  }
}

/** Themselves, and the desk that writes down what it is shown. */
export async function openAccount({ house, stranger }: Scene): Promise<Leaver> {
  const known = draw(stranger)
  const { first, last, phone, email, licence, born } = known
  const account = { email, password: randomUUID() }
  const wish = { ...account, first_name: first, last_name: last, phone: `+${phone}` }
  const { outcome, answer } = await stranger.act(LINE, OPEN_ACCOUNT, {
    facts: known,
    ask: () => register(house, wish),
    read: (body) => ({ id: textIn(body, 'id') }),
  })
  const id = textIn(answer?.body ?? {}, 'id')
  if (outcome !== 'ok') throw new Error('no account for somebody who wants to leave')
  const facts = {
    date_of_birth: born,
    licence: { number: licence },
    notes: `${first} likes red cars`,
    addresses: [{ kind: 'home', line1: `${last} Road 7`, city: 'Nyeri' }],
  }
  const written = await stranger.as.manager('PATCH', `/customers/${id}`, facts)
  if (written.status !== OK) throw new Error(`nothing is known of them: ${written.status}`)
  const customer = voiceOf(house.baseUrl, account)
  const person = { ...stranger, as: { ...stranger.as, customer }, phone: () => phone }
  return { ...known, id, person, pages: openOffice(house.baseUrl, account) }
}

const DETAILS = '/account/details'
const CODE = /\b\d{6}\b/
const LOOK_MS = 500

/** By the code that is sent to it. */
async function provePhone({ house, until }: Scene, { pages, phone }: Leaver): Promise<void> {
  await pages(DETAILS, `${DETAILS}/phone`, { phone: `+${phone}` })
  let code = ''
  await until('the code is there', async () => {
    const answer = await fetch(`${house.sms}/messages.json?to=${phone}`)
    const { items } = (await answer.json()) as { items: { text: string }[] }
    code = CODE.exec(items[0]?.text ?? '')?.[0] ?? ''
    return code !== ''
  })
  const { status } = await pages(DETAILS, `${DETAILS}/phone/prove`, { phone: `+${phone}`, code })
  if (status !== OK) throw new Error(`the phone of somebody who wants to leave: ${status}`)
}

const bookFor = ({ person, first, last }: Leaver): Promise<Booked> =>
  bookOrThrow(person, 1, undefined, { body: {}, facts: {}, names: [`${first} ${last}`] })

export async function bookAndPay(leaver: Leaver): Promise<Booked> {
  const { person, phone } = leaver
  const booked = await bookFor(leaver)
  await payByPrompt(person, booked, phone, booked.total)
  await waitFor(person, booked, 'confirmed')
  return booked
}

async function payAndCancel(leaver: Leaver): Promise<void> {
  await cancel(leaver.person, await bookAndPay(leaver))
}

async function payByHandAndCancel(leaver: Leaver): Promise<void> {
  const { person, phone } = leaver
  const booked = await bookFor(leaver)
  await payByHand(person, phone, booked.total, booked.number)
  await waitFor(person, booked, 'confirmed')
  await cancel(person, booked)
}

async function cancelUnpaid(leaver: Leaver): Promise<void> {
  await cancel(leaver.person, await bookFor(leaver))
}

/** Something is left to pay and is called off. */
async function beCharged(leaver: Leaver): Promise<void> {
  const { person, phone, first, last } = leaver
  const booked = await bookAndPay(leaver)
  const wish = {
    type: 'damage',
    amount: '900',
    description: `A scratch, ${booked.number}`,
    reservation_id: booked.id,
    parties: [{ name: `${first} ${last}`, phone: `+${phone}` }],
  }
  const { answer } = await person.act(LINE, 'charge', {
    facts: { booking: booked.id },
    ask: (key) => person.as.desk('POST', '/charges', wish, key),
  })
  const id = textIn(answer?.body ?? {}, 'id')
  await person.act(LINE, 'call off', {
    facts: { id },
    ask: (key) => person.as.desk('POST', `/charges/${id}/cancel`, { note: 'It was old' }, key),
  })
  await cancel(person, booked)
}

/** What the neighbour has booked and called off again; by their phone alone it is known that half of it was theirs. */
async function payForAnother(leaver: Leaver, scene: Scene): Promise<void> {
  await provePhone(scene, leaver)
  const { stranger } = scene
  const { person, phone, first, last } = leaver
  const phones = [stranger.phone(), phone]
  const neighbour = {
    ...person,
    as: { ...person.as, customer: person.as.neighbour },
    phone: () => phones.shift() ?? phone,
  }
  const names = ['Neighbour', `${first} ${last}`]
  const booked = await bookOrThrow(neighbour, names.length, undefined, {
    body: {},
    facts: {},
    names,
  })
  await Promise.all(
    booked.phones.map((one, nth) => payByPrompt(neighbour, booked, one, booked.shares[nth] ?? 0)),
  )
  await waitFor(neighbour, booked, 'confirmed')
  await cancel(neighbour, booked)
}

/** Each has lived one of these, and nothing of it is left open. */
export const LIVES: readonly ((leaver: Leaver, scene: Scene) => Promise<void>)[] = [
  payAndCancel,
  payByHandAndCancel,
  cancelUnpaid,
  beCharged,
  payForAnother,
  async () => undefined,
]

const SLOW_MS = 5_000

/** The phone is being asked, and nobody knows yet what becomes of it. */
export async function beginToPay(leaver: Leaver): Promise<() => Promise<void>> {
  const { person, phone } = leaver
  const booked = await bookFor(leaver)
  const slow = { on: ['stk-push'], answerDelayMs: SLOW_MS, times: 1 }
  await person.hand('PUT', `/moods/phones/${phone}`, slow)
  const paying = payByPrompt(person, booked, phone, booked.total)
  await rest(LOOK_MS)
  return async () => void (await paying)
}

const PENDING = 202
const RACE_MS = 20_000
/** In the moment in which they ask to be forgotten; whether it comes first, late or not at all. */
export async function bookMeanwhile(leaver: Leaver): Promise<void> {
  const { person, phone, first } = leaver
  const wish = { ...person.trip(), parties: [{ name: first, phone: `+${phone}` }] }
  await person.act(LINE, 'book meanwhile', {
    facts: {},
    ask: (key) => person.as.customer('POST', '/reservations', wish, key),
    isUnderWay: ({ status }) => status === PENDING,
    underWayMs: RACE_MS,
  })
}
