/** Money that the office takes in: cash, cards, transfers, and what a company is sent an invoice for. */
import { textIn } from '../log.ts'
import type { Acted, Person } from '../person.ts'
import { book, waitFor, type Booked } from './booking.ts'

export const LINE = 'payments'

/** Somebody at the desk takes it; who pays stands before them. */
const takeAtDesk = (person: Person, booked: Booked, how: Record<string, string>): Promise<Acted> =>
  person.act(LINE, 'take at the desk', {
    facts: { owner: booked.id, amount: booked.total, method: how['method'] ?? '' },
    ask: (key) =>
      person.as.desk(
        'POST',
        '/payments',
        { reservation_id: booked.id, amount: String(booked.total), ...how },
        key,
      ),
    read: (body) => ({ id: textIn(body, 'id') }),
  })

const FAILED = 500
/** The clerk's own till, opened by whoever comes first in this run. */
async function openTill(person: Person): Promise<void> {
  const { status, body } = await person.as.desk('GET', '/tills', null)
  // Whoever cannot open it now is refused when they take the money, unless it is open already.
  if (status >= FAILED) return
  const [till] = (body['items'] ?? []) as { id: string; session: unknown }[]
  if (!till) throw new Error('there is no till')
  // Refused where it is open already, which is as good.
  await person.as.desk('POST', `/tills/${till.id}/sessions`, { float: '0' }, `till-${till.id}`)
}

const payAtDesk = (how: (person: Person, booked: Booked) => Record<string, string>) =>
  async function pay(person: Person): Promise<void> {
    const booked = await book(person)
    if (!booked) return
    await takeAtDesk(person, booked, how(person, booked))
    await waitFor(person, booked, 'confirmed')
  }

const payCash = payAtDesk((_, { total }) => ({ method: 'cash', cash_given: String(total) }))
export const payByCard = (method: 'debit_card' | 'credit_card') =>
  payAtDesk((person) => ({
    method,
    terminal: 'T1',
    slip: String(100_000 + Number(person.phone().slice(-6))),
  }))

export async function payCashAtTheTill(person: Person): Promise<void> {
  await openTill(person)
  await payCash(person)
}

const referenceOf = (person: Person): string => `FT${person.phone().slice(3)}`

/** Announced; it counts when the bank has it, which for these no bank ever does. */
export async function announceTransfer(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  await takeAtDesk(person, booked, { method: 'bank_transfer', reference: referenceOf(person) })
}

/** Finance has seen it in the bank's own pages, and says so. */
export const TRANSFER_ARRIVED = 'confirm a transfer'
const TRANSFERS = '/finance/transfers'
export async function payByTransfer(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  const reference = referenceOf(person)
  const { answer } = await takeAtDesk(person, booked, { method: 'bank_transfer', reference })
  const id = textIn(answer?.body ?? {}, 'id')
  if (!id) return
  const seen = { payment_id: id, reference }
  await person.act(LINE, TRANSFER_ARRIVED, {
    facts: { owner: booked.id, amount: booked.total, id },
    ask: () => person.as.office(TRANSFERS, `${TRANSFERS}/confirm`, seen),
  })
  await waitFor(person, booked, 'confirmed')
}

const COMPANY = {
  name: 'Simba Safaris Ltd',
  kra_pin: 'P051234567A',
  billing: { line1: 'Moi Avenue 1', city: 'Nairobi' },
  contact: { name: 'Njeri', email: 'njeri@example.com', phone: '0722000311' },
  credit_limit: '90000000',
}
const MADE = 201
/** One company, of which the customer is a member. Made with one key, so that everybody finds the same. */
async function findCompany({ as }: Person): Promise<string | null> {
  const { status, body } = await as.finance('POST', '/companies', COMPANY, 'company-of-the-crowd')
  const id = textIn(body, 'id')
  if (status !== MADE || !id) return null
  const page = `/finance/companies/${id}`
  const joined = await as.office(page, `${page}/members`, { member_email: as.email })
  return joined.status === 200 ? id : null
}

export async function payOnAccount(person: Person): Promise<void> {
  // Gari may be away just now: then this company pays another time.
  const company = await findCompany(person).catch(() => null)
  const booked = company && (await book(person))
  if (!company || !booked) return
  await takeAtDesk(person, booked, { method: 'account', company_id: company })
  await waitFor(person, booked, 'confirmed')
}
