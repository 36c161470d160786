/** Money in all its ways: prompts, the paybill, the desk, credit from too much, and money that goes back. */
import { randomUUID } from 'node:crypto'
import { word, words } from '../checker/words.ts'
import { plantSql, type Rule, type World } from '../checker/world.ts'
import { textIn, type Action } from '../log.ts'
import type { Person } from '../person.ts'
import {
  announceTransfer,
  LINE,
  payByCard,
  payByTransfer,
  payCashAtTheTill,
  payOnAccount,
  TRANSFER_ARRIVED,
} from './at-the-desk.ts'
import { book, isUnwritten, payByPrompt, UNWRITTEN_MS, waitFor, type Booked } from './booking.ts'
import { claim, type Line } from './line.ts'

/** At the phone's own menu. The receipt is known to M-Pesa whatever becomes of the report. */
export async function payByHand(
  person: Person,
  phone: string,
  amount: number,
  account: string,
): Promise<void> {
  await person.act(LINE, 'pay by hand', {
    facts: { phone, amount, account },
    ask: () => person.hand('POST', `/phones/${phone}/pay`, { amount, account }),
    read: (body) => ({ receipt: textIn(body, 'receipt'), refusedBy: textIn(body, 'refused') }),
  })
}

async function payToThePaybill(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  await payByHand(person, booked.phones[0] ?? '', booked.total, booked.number)
  await waitFor(person, booked, 'confirmed')
}

/** Twice by hand: the second time is too much, and becomes credit. */
async function payTooMuch(person: Person): Promise<Booked | null> {
  const booked = await book(person)
  if (!booked) return null
  for (let times = 0; times < 2; times += 1)
    await payByHand(person, booked.phones[0] ?? '', booked.total, booked.number)
  await waitFor(person, booked, 'confirmed')
  return booked
}

/** All customers here are one, so that many reach into one purse. Who finds it empty pays by phone, as for what is missing. */
async function payFromCredit(person: Person): Promise<void> {
  const before = await payTooMuch(person)
  const booked = before && (await book(person))
  if (!booked) return
  const { id, total, phones } = booked
  const amount = Math.min(before.total, total)
  const wish = { reservation_id: id, amount: String(amount), method: 'credit' }
  const { outcome } = await person.act(LINE, 'ask for payment', {
    facts: { owner: id, amount },
    ask: (key) => person.as.customer('POST', '/payments', wish, key),
    read: (body) => ({ id: textIn(body, 'id') }),
    isUnderWay: isUnwritten,
    underWayMs: UNWRITTEN_MS,
  })
  const rest = outcome === 'ok' ? total - amount : total
  if (rest > 0) await payByPrompt(person, booked, phones[0] ?? '', rest)
  await waitFor(person, booked, 'confirmed')
}

const STRAY_SHILLINGS = 50
/** An account number that is nobody's. */
const payAstray = (person: Person): Promise<void> =>
  payByHand(person, person.phone(), STRAY_SHILLINGS + person.random.pick(STRAY_SHILLINGS), 'MOM')

const KINDNESS = '70'
async function giveSomeBack(person: Person): Promise<void> {
  const booked = await book(person)
  if (!booked) return
  const { answer } = await payByPrompt(person, booked, booked.phones[0] ?? '', booked.total)
  if (!(await waitFor(person, booked, 'confirmed'))) return
  const paymentId = textIn(answer?.body ?? {}, 'id')
  const wish = { amount: KINDNESS, reason: 'Out of kindness' }
  await person.act(LINE, 'give back', {
    facts: { payment: paymentId, amount: Number(KINDNESS) },
    ask: (key) => person.as.finance('POST', `/payments/${paymentId}/refund`, wish, key),
    read: (body) => ({ id: textIn(body, 'id') }),
  })
}

/** What no report told comes with it. The clock asks every hour, finance whenever they like. */
export async function askForTheList({ as }: Person): Promise<void> {
  await as.finance('POST', '/reconciliations', { kind: 'pull' }, randomUUID())
}

const answered = ({ actions }: World, what: string): Action[] =>
  actions.filter((one) => one.what === what && one.outcome === 'ok')
const fact = ({ facts }: Action, name: string): string => textIn(facts, name)
const idsOf = async ({ sql }: World, text: string): Promise<Set<string>> =>
  new Set((await sql<{ id: string }>(text)).map(({ id }) => id))

const gone = (what: string, text: string) => async (world: World) => {
  const known = await idsOf(world, text)
  return answered(world, what)
    .map((one) => fact(one, 'id'))
    .filter((id) => !known.has(id))
}

/** What is in the till is what was taken for it: once, and in full. */
async function takenAndNotBooked(world: World): Promise<string[]> {
  const booked = await idsOf(
    world,
    "SELECT reference AS id FROM ledger_entries WHERE kind = 'payment'",
  )
  return [...answered(world, 'take at the desk'), ...answered(world, TRANSFER_ARRIVED)]
    .filter((one) => fact(one, 'method') !== 'bank_transfer' && !booked.has(fact(one, 'id')))
    .map((one) => fact(one, 'id'))
}

const receiptsOf = (world: World): string[] =>
  answered(world, 'pay by hand')
    .map((one) => fact(one, 'receipt'))
    .filter((receipt) => receipt !== '')

async function handMoneyGone(world: World): Promise<string[]> {
  const known = await idsOf(
    world,
    `SELECT receipt AS id FROM mpesa_receipts UNION SELECT receipt FROM payments WHERE receipt IS NOT NULL`,
  )
  return receiptsOf(world).filter((receipt) => !known.has(receipt) && !world.awaited.has(receipt))
}

const TWICE = `SELECT receipt AS id FROM (
    SELECT receipt FROM payments WHERE receipt IS NOT NULL
      AND status IN ${words('payments.status', 'settled', 'refunding', 'refunded')}
    UNION ALL SELECT receipt FROM mpesa_receipts
      WHERE status = ${word('mpesa_receipts.status', 'unmatched')}) all_of_them
  GROUP BY receipt HAVING count(*) > 1`

const NOBODY = { id: '00000000-0000-4000-8000-000000000000', method: 'cash', receipt: 'UKL0PLANT0' }
const QUEUED_AS_WELL = `UPDATE mpesa_receipts
  SET status = ${word('mpesa_receipts.status', 'unmatched')}, payment_id = NULL
  WHERE receipt IN (SELECT receipt FROM payments WHERE channel = ${word('payments.channel', 'paybill')}
    AND status = ${word('payments.status', 'settled')})`

const rules: Rule[] = [
  {
    name: 'a payment that was answered is there',
    kind: 'lost',
    broken: gone('ask for payment', 'SELECT id FROM payments'),
    plant: claim(LINE, 'ask for payment', NOBODY),
  },
  {
    name: 'a refund that was answered is there',
    kind: 'lost',
    broken: gone('give back', 'SELECT id FROM refunds'),
    plant: claim(LINE, 'give back', NOBODY),
  },
  {
    name: 'what the desk took is booked',
    kind: 'lost',
    broken: takenAndNotBooked,
    plant: claim(LINE, 'take at the desk', NOBODY),
  },
  {
    name: 'money sent by hand is somebody’s, or in the queue',
    kind: 'lost',
    broken: handMoneyGone,
    plant: claim(LINE, 'pay by hand', NOBODY),
  },
  {
    name: 'money sent by hand counts once',
    kind: 'doubled',
    broken: async (world) => [...(await idsOf(world, TWICE))],
    plant: plantSql('mpesa_receipts', QUEUED_AS_WELL),
  },
]

export const payments: Line = {
  name: LINE,
  deeds: [
    { name: 'pays to the paybill', weight: 1.5, tell: payToThePaybill },
    { name: 'pays too much', weight: 0.3, tell: async (person) => void (await payTooMuch(person)) },
    { name: 'pays from credit', weight: 0.4, tell: payFromCredit },
    { name: 'pays astray', weight: 0.5, tell: payAstray },
    { name: 'pays cash', weight: 0.5, tell: payCashAtTheTill },
    { name: 'pays by debit card', weight: 0.3, tell: payByCard('debit_card') },
    { name: 'pays by credit card', weight: 0.3, tell: payByCard('credit_card') },
    { name: 'announces a transfer', weight: 0.3, tell: announceTransfer },
    { name: 'pays by a transfer that arrives', weight: 0.3, tell: payByTransfer },
    { name: 'lets the company pay', weight: 0.4, tell: payOnAccount },
    { name: 'has some money given back', weight: 1, tell: giveSomeBack },
    { name: 'asks for M-Pesa’s list', weight: 0.2, tell: askForTheList },
  ],
  rules,
}
