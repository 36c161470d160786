/** One person with a phone: writes down what they do before and after it, and asks again with the same key. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { textIn, type ActionLog, type Entry, type Facts, type Outcome } from './log.ts'
import { openOffice, type Submit } from './office.ts'
import type { Random } from './random.ts'
import { register } from './registering.ts'

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers }
export type Ask = (
  method: string,
  path: string,
  body: object | null,
  key?: string,
) => Promise<Answer>
/** Who speaks: a customer, another one, or the staff that Gari's sample data has. */
export type Voice = 'customer' | 'neighbour' | 'desk' | 'finance' | 'manager'
export type Voices = Record<Voice, Ask> & {
  /** Finance, at its pages. */
  office: Submit
  /** By which the customer signs in. */
  email: string
}

export type Acted = { outcome: Outcome; answer: Answer | null }
export type Wanted = {
  facts: Facts
  ask: (key: string) => Promise<Answer>
  /** What of a good answer is worth writing down. */
  read?: (body: Answer['body']) => Facts
  /** The answer says no more than that it is being worked on. */
  isUnderWay?: (answer: Answer) => boolean
  /** For how long that is heard before they leave it open; without it, as long as their patience lasts. */
  underWayMs?: number
}
export type Trip = {
  category: string
  pickup_location: string
  return_location: string
  pickup_at: string
  return_at: string
}

export type Person = {
  as: Voices
  random: Random
  /** One action, logged, and asked again with its key until it is clear what became of it. */
  act: (line: string, what: string, wanted: Wanted) => Promise<Acted>
  /** Looks until it is so, and logs whether this person saw it: `ok`, or `unknown` when patience is over. */
  wait: (line: string, what: string, facts: Facts, look: () => Promise<boolean>) => Promise<boolean>
  /** A car, place and day of their own, so that nobody else is in the way. */
  trip: () => Trip
  /** Nobody else's, 2547…; it pays each prompt by itself. */
  phone: () => string
  /** What a hand does at the phone or at M-Pesa's portal: the simulator's control. */
  hand: (method: string, path: string, body: object) => Promise<Answer>
}

type Where = { baseUrl: string; simulator: string; mailbox: string; password: string }
type PersonOptions = Where & {
  log: ActionLog
  voices: Voices
  random: Random
  counter: { trips: number; phones: number }
  signal: AbortSignal
  /** Who only waits leaves when this ends; who asked for something asks until it is clear. */
  isStaying: () => boolean
}

const AGAIN_MS = 400
/** Longer than the longest fault and the minute of healing after it. */
const PATIENCE_MS = 300_000
const REQUEST_MS = 20_000
const LOOK_MS = 250

export function createPerson(options: PersonOptions): Person {
  const { log, voices, random, counter, simulator, signal, isStaying } = options
  const patient = () => {
    const until = Date.now() + PATIENCE_MS
    return () => Date.now() < until && !signal.aborted
  }
  return {
    as: voices,
    random,
    act: async (line, what, wanted) => {
      const key = randomUUID()
      const entry = log.begin(line, what, { ...wanted.facts, key })
      return persist(entry, wanted, key, patient())
    },
    wait: async (line, what, facts, look) => {
      const entry = log.begin(line, what, facts)
      const isPatient = patient()
      while (isPatient() && isStaying()) {
        // Whoever only looks may look again.
        if (await look().catch(() => false)) return entry.end('ok') === 'ok'
        await rest(LOOK_MS)
      }
      return entry.end('unknown') === 'ok'
    },
    trip: () => tripOf((counter.trips += 1)),
    phone: () => `2547339${String((counter.phones += 1)).padStart(5, '0')}`,
    hand: (method, path, body) => send(`${simulator}/_control${path}`, method, body, {}),
  }
}

/** No answer, a part that is away, or "under way": as if nothing was said. 500 is remembered, nobody should see it. */
const isClear = ({ status }: Answer): boolean => status < 500 && status !== 429

async function persist(
  entry: Entry,
  { ask, read, isUnderWay, underWayMs = PATIENCE_MS }: Wanted,
  key: string,
  isPatient: () => boolean,
): Promise<Acted> {
  const leavesAt = Date.now() + underWayMs
  let last: Answer | null = null
  const broken: number[] = []
  while (isPatient()) {
    last = await ask(key).catch(() => null)
    if (last?.status === 500) broken.push(last.status)
    if (last && isClear(last) && !isUnderWay?.(last)) {
      const isOk = last.status < 300
      const said = isOk ? (read?.(last.body) ?? {}) : { code: textIn(last.body, 'code') }
      const facts = { ...said, status: last.status, broken: broken.length }
      return { outcome: entry.end(isOk ? 'ok' : 'refused', facts), answer: last }
    }
    // Being told that it is under way is an answer, if not yet the last one.
    const isTaken = last !== null && (isUnderWay?.(last) ?? false)
    if (isTaken && Date.now() > leavesAt) break
    if (!isTaken) entry.tryAgain()
    await rest(AGAIN_MS)
  }
  return { outcome: entry.end('unknown', { broken: broken.length }), answer: last }
}

async function send(
  url: string,
  method: string,
  body: object | null,
  headers: Record<string, string>,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(REQUEST_MS),
  })
  const text = await answer.text()
  const isJson = text.startsWith('{')
  const read = isJson ? (JSON.parse(text) as Answer['body']) : {}
  return { status: answer.status, headers: answer.headers, body: read }
}

const CATEGORIES = ['ECONOMY', 'SEDAN', 'SUV', '4X4', 'VAN', 'PICKUP']
const PLACES = ['NBO-JKIA', 'NBO-CBD', 'MBA-NYALI']
/** As many as the sample fleet has of each category at each place. */
const CARS_EACH = 3
const DAYS = 340
const DAY_MS = 86_400_000

/** Each car, place and day once; after that there is none left. */
export function tripOf(nth: number): Trip {
  const slot = Math.floor(nth / CARS_EACH)
  const kinds = CATEGORIES.length * PLACES.length
  const day = 2 + Math.floor(slot / kinds)
  if (day > DAYS) throw new Error('the fleet is booked for a year')
  const place = PLACES[Math.floor(slot / CATEGORIES.length) % PLACES.length] ?? ''
  const date = new Date(Date.now() + day * DAY_MS).toISOString().slice(0, 10)
  return {
    category: CATEGORIES[slot % CATEGORIES.length] ?? '',
    pickup_location: place,
    return_location: place,
    pickup_at: `${date}T12:00:00+03:00`,
    return_at: `${date}T14:00:00+03:00`,
  }
}

const STAFF: Record<Exclude<Voice, 'customer' | 'neighbour'>, string> = {
  desk: 'desk@example.com',
  finance: 'finance@example.com',
  manager: 'manager@example.com',
}

type Account = { email: string; password: string }
export type NewAccount = Account & { first_name: string; last_name: string; phone: string }

const apiOf = (baseUrl: string): string => `${baseUrl}/api/v1`

/** Signs in, and again when the session is over. */
export function voiceOf(baseUrl: string, account: Account): Ask {
  const api = apiOf(baseUrl)
  let token = ''
  const signIn = async () => {
    const { email, password } = account
    const { body } = await send(`${api}/auth/login`, 'POST', { email, password }, {})
    token = textIn(body, 'access_token')
  }
  const speak = (method: string, path: string, body: object | null, key?: string) =>
    send(`${api}${path}`, method, body, {
      authorization: `Bearer ${token}`,
      ...(key ? { 'idempotency-key': key } : {}),
    })
  return async (method, path, body, key) => {
    if (token === '') await signIn()
    const answer = await speak(method, path, body, key)
    if (answer.status !== 401) return answer
    await signIn()
    return speak(method, path, body, key)
  }
}

/** Signs everybody in, and again when their session is over. */
export async function findVoices({ baseUrl, mailbox, password }: Where): Promise<Voices> {
  const open = async (name: Omit<NewAccount, 'email' | 'password'>) => {
    const account = { email: `${randomUUID()}@example.com`, password: randomUUID() }
    await register({ baseUrl, mailbox }, { ...account, ...name })
    return account
  }
  const customer = await open({ first_name: 'Achieng', last_name: 'Owuor', phone: '0722000111' })
  const neighbour = await open({ first_name: 'Baraka', last_name: 'Juma', phone: '0722000211' })
  const staff = (email: string) => voiceOf(baseUrl, { email, password })
  return {
    customer: voiceOf(baseUrl, customer),
    neighbour: voiceOf(baseUrl, neighbour),
    desk: staff(STAFF.desk),
    finance: staff(STAFF.finance),
    manager: staff(STAFF.manager),
    office: openOffice(baseUrl, { email: STAFF.finance, password }),
    email: customer.email,
  }
}
