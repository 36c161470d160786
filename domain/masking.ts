/** Whose phone, e-mail, licence and name who may see: the one place that decides it. */
import type { Actor, UserKind } from './accounts.ts'
import { maskEmail } from './customers.ts'
import { maskPhone, printedPhone } from './payments.ts'
import { isStaff, mayRevealContacts } from './policies.ts'

export type Shown = 'whole' | 'masked' | 'nothing'
export type PersonalKind = 'phone' | 'email' | 'licence' | 'id_document' | 'address'
/** Whose it is; who must reach people; anybody else of the house; everybody else. */
type Beholder = 'themselves' | 'who reaches people' | 'house' | 'stranger'

/** Whoever must reach people sees no more at first: they ask for the whole, and the audit says that they did. */
const SHOWN: Record<PersonalKind, Record<Beholder, Shown>> = {
  phone: {
    themselves: 'whole',
    'who reaches people': 'masked',
    house: 'masked',
    stranger: 'nothing',
  },
  email: {
    themselves: 'whole',
    'who reaches people': 'masked',
    house: 'masked',
    stranger: 'nothing',
  },
  licence: {
    themselves: 'whole',
    'who reaches people': 'masked',
    house: 'nothing',
    stranger: 'nothing',
  },
  id_document: {
    themselves: 'whole',
    'who reaches people': 'masked',
    house: 'nothing',
    stranger: 'nothing',
  },
  address: {
    themselves: 'whole',
    'who reaches people': 'masked',
    house: 'nothing',
    stranger: 'nothing',
  },
}

function beholderOf(actor: Actor | null, ownerId: string): Beholder {
  if (actor === null) return 'stranger'
  if (actor.userId === ownerId) return 'themselves'
  if (mayRevealContacts(actor)) return 'who reaches people'
  return isStaff(actor) ? 'house' : 'stranger'
}

export const shownTo = (actor: Actor | null, ownerId: string, kind: PersonalKind): Shown =>
  SHOWN[kind][beholderOf(actor, ownerId)]

/** `*** 678`: enough to compare with the card in one's hand. */
const ENDING = 3
const maskNumber = (text: string): string => `*** ${text.slice(-ENDING)}`

/** `***, Mombasa, Kenya`: where about, of lines that are parted by commas. */
const maskAddress = (text: string): string => ['***', ...text.split(', ').slice(-2)].join(', ')

const MASKS: Record<PersonalKind, (text: string) => string> = {
  phone: maskPhone,
  email: maskEmail,
  licence: maskNumber,
  id_document: maskNumber,
  address: maskAddress,
}

/** As this person may see it; null where there is none, or nothing to see. */
export function showPersonal(
  actor: Actor | null,
  ownerId: string,
  kind: PersonalKind,
  text: string | null,
): string | null {
  const shown = shownTo(actor, ownerId, kind)
  if (!text || shown === 'nothing') return null
  return shown === 'whole' ? text : MASKS[kind](text)
}

type Account = { id: string; kind: UserKind; email: string | null }

/**
 * Colleagues are told apart by their e-mail where roles are given; of customers the list shows as little as every other. Whoever
 * looks after a customer's account finds it by the whole e-mail or phone that the customer tells them.
 */
export const accountEmail = (actor: Actor, { id, kind, email }: Account): string | null =>
  kind === 'customer' ? showPersonal(actor, id, 'email', email) : email

/**
 * A payer's phone for a form that asks them for money: whole for whoever came by their own link (`actor` null) and for whoever
 * booked, masked for the house.
 */
export const payerPhone = (actor: Actor | null, customerId: string, phone: string): string =>
  actor === null || actor.userId === customerId ? printedPhone(phone) : maskPhone(phone)

type Payable = { parties: readonly { id: string; phone: string }[] }

/** The named party's first: two phones may look alike when masked. */
export const payerPhonesOf = ({ parties }: Payable, partyId: string): string[] =>
  parties
    .toSorted((one, other) => Number(other.id === partyId) - Number(one.id === partyId))
    .map(({ phone }) => phone)

/** A masked phone that comes back as it was shown stands for the phone behind it; anything else is what somebody typed. */
export const unmaskPhone = (typed: string, phones: readonly string[]): string =>
  phones.find((phone) => maskPhone(phone) === typed.trim()) ?? typed

// What staff may read of a provider's raw words: everything but whose phone and name it is.
const NAMES = /^(?:first|middle|last)name$/i
const PHONE_NAMES = /^(?:phonenumber|msisdn|partya|partyb)$/i
/** Nine digits after the country code or the trunk zero, also where Daraja hangs them on an id. */
const PHONE = /(?<!\d)(\+?254|0)?([17]\d{2})\d{3}(\d{3})(?!\d)/g
const CHECKOUT_ID = /^(ws_CO_\w*?)\d{9}$/

/** `254712345678 - JANE DOE`: how Safaricom writes a party. */
const NAMED_PARTY = /^(\S*\d\S*) - .+$/

const maskText = (text: string): string =>
  text
    .replace(CHECKOUT_ID, '$1*********')
    .replace(NAMED_PARTY, '$1 - ***')
    .replace(PHONE, '$1$2***$3')

/** `W***` for a name: enough to tell two people apart. */
const maskName = (text: string): string => (text === '' ? '' : `${text.slice(0, 1)}***`)

const DEEPEST = 12

/** The same shape with phones masked and names cut; Daraja names some values beside them (`{ Name, Value }`). */
export function maskPersonal(value: unknown, name = '', depth = 0): unknown {
  if (depth > DEEPEST) return '…'
  if (typeof value === 'number') {
    const masked = maskText(String(value))
    return masked === String(value) ? value : masked
  }
  if (typeof value === 'string') {
    if (NAMES.test(name)) return maskName(value)
    return PHONE_NAMES.test(name) ? maskText(value).replace(/^[\w-]{30,}$/, '***') : maskText(value)
  }
  if (Array.isArray(value)) return value.map((one) => maskPersonal(one, name, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, maskPersonal(one, key, depth + 1)]),
  )
}
