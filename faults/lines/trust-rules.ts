/** Nothing that a client sends decides a price, a status or whose booking it is; what they asked for is what is written down. */
import { refundPlanted } from '../checker/returns.ts'
import { words } from '../checker/words.ts'
import { plantSql, type Plant, type Rule, type World } from '../checker/world.ts'
import { textIn, type Action, type Facts } from '../log.ts'
import { claim } from './line.ts'

export const LINE = 'trust'
export const REACH = 'reach for another’s booking'

const CENTS = 100
const answered = ({ actions }: World, ...what: string[]): Action[] =>
  actions.filter((one) => what.includes(one.what) && one.outcome === 'ok')
const fact = ({ facts }: Action, name: string): string => textIn(facts, name)
const centsOf = (action: Action, name: string): number =>
  Math.round(Number(fact(action, name)) * CENTS)

/** `given`: what staff gave back of it, by which its price may be lower since. */
type Booking = { id: string; customer: string; cents: string; given: string }

/** Of each booking that was answered, what its row says. What is gone is another rule's. */
async function compareBookings(
  world: World,
  differs: (action: Action, row: Booking) => boolean,
): Promise<string[]> {
  const rows = await world.sql<Booking>(
    `SELECT id, customer_id AS customer, total_cents AS cents,
       (SELECT coalesce(sum(f.amount_cents), 0) FROM refunds f JOIN payments p ON p.id = f.payment_id
        WHERE p.owner_id = r.id) AS given FROM reservations r`,
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  return answered(world, 'book').flatMap((action) => {
    const row = known.get(fact(action, 'id'))
    return row && differs(action, row)
      ? [
          `${fact(action, 'number')} is ${JSON.stringify(row)}, said was ${JSON.stringify(action.facts)}`,
        ]
      : []
  })
}

const priceDiffers = (action: Action, { cents, given }: Booking): boolean =>
  ['total', 'quoted'].some((name) => {
    const lower = centsOf(action, name) - Number(cents)
    return fact(action, name) !== '' && (lower < 0 || lower > Number(given))
  })
const ownerDiffers = (action: Action, { customer }: Booking): boolean =>
  fact(action, 'customer') !== '' && fact(action, 'customer') !== customer

/** Nobody pays for these, so they never go beyond waiting. */
async function believed(world: World): Promise<string[]> {
  const claimed = answered(world, 'book').filter(({ facts }) => facts['claims'] === true)
  const rows = await world.sql<{ id: string; after: string }>(
    `SELECT DISTINCT id, after FROM checker.changes WHERE what = 'reservations' AND id = ANY($1::uuid[])
       AND after NOT IN ${words('reservations.status', 'pending', 'cancelled', 'expired')}`,
    [claimed.map((action) => fact(action, 'id'))],
  )
  return rows.map(({ id, after }) => `${id} became ${after}`)
}

const REFUSALS = new Set(['403', '404'])

async function reached(world: World): Promise<string[]> {
  const tries = world.actions.filter(({ what, outcome }) => what === REACH && outcome !== null)
  const paid = await world.sql<{ id: string }>(
    'SELECT id, owner_id FROM payments WHERE owner_id = ANY($1::uuid[])',
    [tries.map((action) => fact(action, 'id'))],
  )
  return [
    ...tries
      .filter(({ outcome }) => outcome !== 'unknown')
      .filter((action) => !REFUSALS.has(fact(action, 'status')))
      .map(
        (action) => `${fact(action, 'how')} of ${fact(action, 'id')}: ${fact(action, 'status')}`,
      ),
    ...paid.map(({ id }) => `payment ${id}`),
  ]
}

type Payment = { id: string; cents: string; owner: string; isTheirs: boolean }
const PAYMENTS = `SELECT p.id, p.amount_cents AS cents, p.owner_id AS owner, p.customer_id = o.customer_id AS "isTheirs"
  FROM payments p LEFT JOIN (SELECT id, customer_id FROM reservations UNION ALL SELECT id, customer_id FROM charges) o
    ON o.id = p.owner_id`

/** What people asked for and what was taken from them at the desk. */
async function paidOtherwise(world: World): Promise<string[]> {
  const known = new Map((await world.sql<Payment>(PAYMENTS)).map((row) => [row.id, row]))
  return answered(world, 'ask for payment', 'take at the desk').flatMap((action) => {
    const row = known.get(fact(action, 'id'))
    if (!row) return []
    const isSame =
      Number(row.cents) === centsOf(action, 'amount') && row.owner === fact(action, 'owner')
    return isSame && row.isTheirs ? [] : [`${row.id} is ${JSON.stringify(row)}`]
  })
}

async function givenBackOtherwise(world: World): Promise<string[]> {
  const rows = await world.sql<{ id: string; cents: string; payment: string }>(
    'SELECT id, amount_cents AS cents, payment_id AS payment FROM refunds',
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  return answered(world, 'give back').flatMap((action) => {
    const row = known.get(fact(action, 'id'))
    if (!row) return []
    const isSame = Number(row.cents) === centsOf(action, 'amount')
    return isSame && row.payment === fact(action, 'payment') ? [] : [JSON.stringify(row)]
  })
}

/** Whoever booked is said to have said this as well. */
const saidMore =
  (facts: Facts): Plant =>
  (world) => ({
    ...world,
    actions: world.actions.map((one) =>
      one.what === 'book' ? { ...one, facts: { ...one.facts, ...facts } } : one,
    ),
  })
const NOBODY = '00000000-0000-4000-8000-000000000000'
const UNTRUE = `ALTER TABLE payments DISABLE TRIGGER USER; UPDATE payments SET amount_cents = amount_cents + 100`

const otherRefund: Plant = async (world) => {
  await plantSql('refunds', refundPlanted('settled'))(world)
  const [row] = await world.sql<{ id: string; payment: string }>(
    `SELECT id, payment_id AS payment FROM refunds WHERE payment_id IS NOT NULL LIMIT 1`,
  )
  return claim(LINE, 'give back', { id: row?.id ?? '', payment: row?.payment ?? '', amount: 0 })(
    world,
  )
}

export const trustRules: Rule[] = [
  {
    name: 'a booking costs what was quoted',
    kind: 'wrong',
    broken: (world) => compareBookings(world, priceDiffers),
    plant: plantSql('reservations', 'UPDATE reservations SET total_cents = total_cents + 100'),
  },
  {
    name: 'a booking is whose it was',
    kind: 'wrong',
    broken: (world) => compareBookings(world, ownerDiffers),
    plant: saidMore({ customer: NOBODY }),
  },
  {
    name: 'nobody says themselves how their booking stands',
    kind: 'wrong',
    broken: believed,
    plant: saidMore({ claims: true }),
  },
  {
    name: 'nobody reaches another’s booking',
    kind: 'wrong',
    broken: reached,
    plant: claim(LINE, REACH, { id: NOBODY, how: 'read', status: 200 }),
  },
  {
    name: 'a payment is of what was asked, and whose it was',
    kind: 'wrong',
    broken: paidOtherwise,
    plant: plantSql('payments', UNTRUE),
  },
  {
    name: 'a refund is of what was asked',
    kind: 'wrong',
    broken: givenBackOtherwise,
    plant: otherRefund,
  },
]
