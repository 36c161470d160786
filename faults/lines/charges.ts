/** Charges: what a customer owes beside a booking's price, paid in parts or in steps by a plan, or called off. */
import { word, words } from '../checker/words.ts'
import { plantSql, type Rule, type World } from '../checker/world.ts'
import { textIn, type Action, type Outcome } from '../log.ts'
import type { Acted, Person } from '../person.ts'
import { book, payByPrompt, waitFor, type Booked } from './booking.ts'
import { claim, type Line } from './line.ts'

const LINE = 'charges'

type Charged = { id: string; phones: [string, string] }

const PARTS = ['1500', '2500'] as const
const SMALL = 4_000
/** More than M-Pesa takes at a time. */
const BIG = 300_000

/** Somebody who has a car is asked for more. Null when there was none, or nobody said whether they are charged. */
async function charge(person: Person, amount: number): Promise<Charged | null> {
  const booked = await book(person)
  if (!booked) return null
  await payByPrompt(person, booked, booked.phones[0] ?? '', booked.total)
  if (!(await waitFor(person, booked, 'confirmed'))) return null
  return chargeFor(person, booked, amount)
}

async function chargeFor(person: Person, booked: Booked, amount: number): Promise<Charged | null> {
  const phones: Charged['phones'] = [person.phone(), person.phone()]
  const wish = {
    type: 'damage',
    amount: String(amount),
    description: `A scratch, ${phones[0]}`,
    reservation_id: booked.id,
    parties: [{ name: 'Driver', phone: `+${phones[0]}` }],
  }
  const { outcome, answer } = await person.act(LINE, 'charge', {
    facts: { booking: booked.id, amount, description: wish.description },
    ask: (key) => person.as.desk('POST', '/charges', wish, key),
    read: (body) => ({ id: textIn(body, 'id'), number: textIn(body, 'number') }),
  })
  return outcome === 'ok' && answer ? { id: textIn(answer.body, 'id'), phones } : null
}

const payPart = (person: Person, { id }: Charged, phone: string, amount: string): Promise<Acted> =>
  person.act('payments', 'ask for payment', {
    facts: { owner: id, phone, amount: Number(amount) },
    ask: (key) =>
      person.as.customer('POST', `/charges/${id}/payments`, { phone: `+${phone}`, amount }, key),
    read: (body) => ({ id: textIn(body, 'id') }),
  })

const seePaid = (person: Person, { id }: Charged): Promise<boolean> =>
  person.wait(LINE, 'see paid', { id }, async () => {
    const { body } = await person.as.customer('GET', `/charges/${id}`, null)
    return textIn(body, 'status') === 'paid'
  })

async function payInParts(person: Person): Promise<void> {
  const charged = await charge(person, SMALL)
  if (!charged) return
  await Promise.all(
    PARTS.map((part, nth) => payPart(person, charged, charged.phones[nth] ?? '', part)),
  )
  await seePaid(person, charged)
}

/** Called off while a part of it is on its way: that part comes back. */
async function callOff(person: Person): Promise<void> {
  const charged = await charge(person, SMALL)
  if (!charged) return
  const { id, phones } = charged
  const paying = payPart(person, charged, phones[0], PARTS[0])
  await person.act(LINE, 'call off', {
    facts: { id },
    ask: (key) =>
      person.as.desk('POST', `/charges/${id}/cancel`, { note: 'It was scratched before' }, key),
  })
  await paying
}

async function payInSteps(person: Person): Promise<void> {
  const charged = await charge(person, BIG)
  if (!charged) return
  const { id, phones } = charged
  for (const phone of phones)
    await person.hand('PATCH', `/phones/${phone}`, {
      balance: BIG,
      autopilot: { answer: 'pay', afterMs: 0 },
    })
  const wish = { charge_id: id, phones: phones.map((phone) => `+${phone}`) }
  await person.act(LINE, 'start a plan', {
    facts: { charge: id },
    ask: (key) => person.as.customer('POST', '/payment-plans', wish, key),
    read: (body) => ({ id: textIn(body, 'id') }),
  })
  await seePaid(person, charged)
}

const did = ({ actions }: World, what: string, outcome: Outcome = 'ok'): Action[] =>
  actions.filter((one) => one.line === LINE && one.what === what && one.outcome === outcome)
const fact = ({ facts }: Action, name: string): string => textIn(facts, name)

/** Of those who were told so, whoever is not among these. */
const missing = (what: string, text: string) => async (world: World) => {
  const found = new Set((await world.sql<{ id: string }>(text)).map(({ id }) => id))
  return did(world, what)
    .map((one) => fact(one, 'id'))
    .filter((id) => !found.has(id))
}

const SETTLED = word('payments.status', 'settled')
const PAID = word('charges.status', 'paid')
const CANCELLED = word('charges.status', 'cancelled')
const MISCOUNTED = `SELECT c.id FROM charges c
  WHERE c.status IN ${words('charges.status', 'open', 'processing', 'paid')}
    AND c.paid_cents <> (SELECT coalesce(sum(p.applied_cents), 0) FROM payments p
      WHERE p.owner_id = c.id AND p.counted AND NOT p.given_back AND p.status = ${SETTLED})`
const KEPT = `SELECT p.id FROM payments p JOIN charges c ON c.id = p.owner_id
  WHERE c.status IN ${words('charges.status', 'cancelled', 'expired')} AND p.status = ${SETTLED}
    AND p.credited_cents < p.amount_cents AND p.returning_cents < p.amount_cents
    AND NOT EXISTS (SELECT 1 FROM finance_cases f
      WHERE f.status = ${word('finance_cases.status', 'open')} AND f.subject = p.id::text)`
const UNEARNED = `SELECT c.id FROM charges c WHERE c.status = ${PAID} AND NOT EXISTS (
  SELECT 1 FROM ledger_entries e WHERE e.kind = 'charge_earned' AND e.reference = c.id::text)`
const TWICE = 'SELECT description AS id FROM charges GROUP BY description HAVING count(*) > 1'

const NOBODY = { id: '00000000-0000-4000-8000-000000000000' }
const bySql =
  (text: string) =>
  async ({ sql }: World) =>
    (await sql<{ id: string }>(text)).map(({ id }) => id)

const rules: Rule[] = [
  {
    name: 'a charge that was answered is there',
    kind: 'lost',
    broken: missing('charge', 'SELECT id FROM charges'),
    plant: claim(LINE, 'charge', NOBODY),
  },
  {
    name: 'one wish is one charge',
    kind: 'doubled',
    broken: bySql(TWICE),
    plant: plantSql('charges', "UPDATE charges SET description = 'The same'"),
  },
  {
    name: 'a charge is paid as its payments say',
    kind: 'wrong',
    broken: bySql(MISCOUNTED),
    plant: plantSql(
      'payments',
      `UPDATE payments SET applied_cents = applied_cents - 100 WHERE id = (SELECT p.id FROM payments p
         JOIN charges c ON c.id = p.owner_id WHERE p.counted AND p.status = ${SETTLED} AND c.status = ${PAID} LIMIT 1)`,
    ),
  },
  {
    name: 'a charge that is paid is earned',
    kind: 'lost',
    broken: bySql(UNEARNED),
    plant: plantSql('charges', `UPDATE charges SET status = ${PAID} WHERE status <> ${PAID}`),
  },
  {
    name: 'who saw the charge paid has paid it',
    kind: 'lost',
    broken: missing('see paid', `SELECT id FROM charges WHERE status = ${PAID}`),
    plant: claim(LINE, 'see paid', NOBODY),
  },
  {
    name: 'a charge that was called off is over',
    kind: 'lost',
    broken: missing('call off', `SELECT id FROM charges WHERE status = ${CANCELLED}`),
    plant: claim(LINE, 'call off', NOBODY),
  },
  {
    name: 'a charge that ended keeps no money',
    kind: 'lost',
    broken: bySql(KEPT),
    plant: plantSql('charges', `UPDATE charges SET status = ${CANCELLED} WHERE status = ${PAID}`),
  },
  {
    name: 'a plan that was answered is there',
    kind: 'lost',
    broken: missing('start a plan', 'SELECT id FROM payment_plans'),
    plant: claim(LINE, 'start a plan', NOBODY),
  },
]

export const charges: Line = {
  name: LINE,
  deeds: [
    { name: 'pays a charge in parts', weight: 0.7, tell: payInParts },
    { name: 'is charged for nothing', weight: 0.4, tell: callOff },
    { name: 'pays a big charge in steps', weight: 0.3, tell: payInSteps },
  ],
  rules,
}
