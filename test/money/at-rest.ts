/** What must be true of every shilling when all is quiet; plain SQL beside the simulator's own ledger. */
import { select, selectOne, type Database } from '../../db/connection.ts'
import { eventually, type Stack } from '../support/stack.ts'

type Ledger = {
  transactions: {
    checkoutRequestId: string
    receipt: string | null
    amount: number
    status: string
  }[]
  movements: { receipt: string; kind: string; amount: number; original: string | null }[]
}

const ledgerOf = async (stack: Stack): Promise<Ledger> =>
  (await (await fetch(`${stack.simulator}/_control/ledger`)).json()) as Ledger

const count = async (db: Database, what: string): Promise<number> =>
  (await selectOne<{ n: number }>(db, `SELECT count(*)::int AS n FROM ${what}`))?.n ?? -1

/**
 * What may stay open when all is quiet, because only days or Safaricom's list can end it, and somebody sees it:
 * - a request whose worker died between taking and sending it. It may have been sent, so it is watched; here it may stay
 *   only when M-Pesa's side knows nothing of it.
 * - a refund of a payment whose callback was lost: a reversal needs the receipt, which comes with the hourly list.
 */
const NEVER_SENT = "p.status = 'unknown' AND p.checkout_request_id IS NULL"
const WAITING_REFUND = `(r.status = 'sent' AND r.conversation_id IS NULL
  OR r.status IN ('requested', 'approved') AND p.receipt IS NULL)`
const WAITS_FOR_REFUND = `p.status = 'refunding' AND EXISTS (SELECT 1 FROM refunds r
  WHERE r.payment_id = p.id AND ${WAITING_REFUND})`
const OVER = "('settled', 'refused', 'withdrawn', 'declined')"

/** Nothing is on its way any more: no open prompt, no refund, no report or event that waits. */
const BUSY = [
  `payments p WHERE p.status IN ('requested', 'prompted', 'unknown', 'unexplained', 'refunding')
     AND NOT (${NEVER_SENT}) AND NOT (${WAITS_FOR_REFUND})`,
  `refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status NOT IN ${OVER} AND NOT ${WAITING_REFUND}`,
  'provider_messages WHERE delivered_at IS NULL',
  'outbox',
]

/** What the simulator has done is known to us by its id; where the answer to our push was lost, by its receipt. */
async function knowsAll(stack: Stack, db: Database): Promise<boolean> {
  const { transactions, movements } = await ledgerOf(stack)
  const ours = await select<{ id: string }>(
    db,
    `SELECT checkout_request_id AS id FROM payments WHERE checkout_request_id IS NOT NULL
     UNION SELECT receipt FROM payments WHERE receipt IS NOT NULL
     UNION SELECT p.receipt FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status = 'settled'`,
  )
  const known = new Set(ours.map(({ id }) => id))
  const reversed = movements.flatMap(({ kind, original }) =>
    kind === 'reversal' && original ? [original] : [],
  )
  const isKnown = ({ checkoutRequestId, receipt }: Ledger['transactions'][number]) =>
    known.has(checkoutRequestId) || (receipt !== null && known.has(receipt))
  return transactions.every(isKnown) && reversed.every((id) => known.has(id))
}

export const untilQuiet = (stack: Stack, db: Database, withinMs: number): Promise<unknown> =>
  eventually(
    'all money has come to rest',
    async () => {
      for (const what of BUSY) if ((await count(db, what)) > 0) return false
      return knowsAll(stack, db)
    },
    withinMs,
  ).catch(async (error: unknown) => {
    throw new Error(`still under way:\n${await whatIsBusy(db)}`, { cause: error })
  })

const SHOWN = 5

/** For whoever reads the failure: how much of each kind, and a few of them. */
async function whatIsBusy(db: Database): Promise<string> {
  const found: string[] = []
  for (const what of BUSY) {
    const some = await select(db, `SELECT * FROM ${what} LIMIT ${SHOWN}`)
    if (some.length > 0) found.push(`${await count(db, what)} ${what}: ${JSON.stringify(some)}`)
  }
  return found.join('\n') || 'M-Pesa has done what our books do not know'
}

/** Each line is one broken promise; empty when every shilling has its one owner. */
export async function findBroken(stack: Stack, db: Database): Promise<string[]> {
  return [
    ...(await unlikeTheProvider(stack, db)),
    ...(await complaints(db, 'an entry does not balance', UNBALANCED)),
    ...(await complaints(db, 'a payment has no owner', HOMELESS)),
    ...(await complaints(db, 'a booking is not paid as its payments say', MISCOUNTED)),
    ...(await complaints(db, 'a booking ended with money in it', KEPT)),
    ...(await complaints(db, 'the deposits are not what bookings hold', DEPOSITS)),
    ...(await complaints(db, 'cars overlap', OVERLAPS)),
  ]
}

const complaints = async (db: Database, what: string, sql: string): Promise<string[]> =>
  (await select<{ id: string }>(db, sql)).map(({ id }) => `${what}: ${id}`)

const UNBALANCED = `SELECT entry_id AS id FROM ledger_postings GROUP BY entry_id HAVING sum(amount_cents) <> 0
  UNION ALL SELECT NULL FROM ledger_postings HAVING sum(amount_cents) <> 0`
/** Applied, credited, or given back; a booking that has ended keeps none. */
const HOMELESS = `SELECT id FROM payments WHERE status = 'settled'
  AND applied_cents + credited_cents + refunded_cents < amount_cents`
const MISCOUNTED = `SELECT r.id FROM reservations r
  WHERE r.paid_cents <> (SELECT coalesce(sum(p.applied_cents), 0) FROM payments p WHERE p.owner_id = r.id
      AND p.counted AND NOT p.given_back AND p.status = 'settled')
    AND r.status IN ('pending', 'processing', 'confirmed')
  UNION ALL SELECT id FROM reservations WHERE status = 'confirmed' AND paid_cents <> total_cents`
const KEPT = `SELECT p.id FROM payments p JOIN reservations r ON r.id = p.owner_id
  WHERE r.status IN ('cancelled', 'expired') AND p.status = 'settled' AND p.credited_cents < p.amount_cents
    AND p.refunded_cents < p.amount_cents`
const DEPOSITS = `SELECT 'ledger ' || owed || ', payments ' || held AS id FROM
  (SELECT -coalesce(sum(amount_cents), 0) AS owed FROM ledger_postings WHERE account = 'customer_deposits') l,
  (SELECT coalesce(sum(amount_cents - credited_cents - refunded_cents), 0) AS held
    FROM payments WHERE status = 'settled') p WHERE owed <> held`
const OVERLAPS = `SELECT a.id FROM holds a JOIN holds b
  ON a.resource_id = b.resource_id AND a.id < b.id AND a.period && b.period
  WHERE a.state IN ('held', 'confirmed', 'active') AND b.state IN ('held', 'confirmed', 'active')`

const CENTS = 100

/** Our clearing account is what the simulator's paybill holds, and each of its payments is ours once. */
async function unlikeTheProvider(stack: Stack, db: Database): Promise<string[]> {
  const ledger = await ledgerOf(stack)
  const theirs = ledger.movements.reduce((sum, { amount }) => sum + amount, 0) * CENTS
  const ours = await selectOne<{ sum: string }>(
    db,
    "SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = 'mpesa_clearing'",
  )
  const off =
    Number(ours?.sum) === theirs ? [] : [`M-Pesa holds ${theirs}, our books say ${ours?.sum}`]
  const paid = ledger.transactions.filter(({ status }) => ['paid', 'reversed'].includes(status))
  const known = await select<{ id: string | null; receipt: string | null; cents: string }>(
    db,
    `SELECT checkout_request_id AS id, receipt, amount_cents AS cents FROM payments
     WHERE status IN ('settled', 'refunding', 'refunded') AND channel = 'prompt'`,
  )
  // By the id of its request; where the answer to that was lost, by the receipt alone.
  const mine = new Map(known.map(({ id, receipt, cents }) => [id ?? receipt, Number(cents)]))
  const missing = paid
    .filter(
      ({ checkoutRequestId, receipt, amount }) =>
        (mine.get(checkoutRequestId) ?? mine.get(receipt)) !== amount * CENTS,
    )
    .map((one) => `paid at M-Pesa and not in our books: ${one.checkoutRequestId}`)
  const tooMany = known.length - paid.length
  return [
    ...off,
    ...missing,
    ...(tooMany > 0 ? [`${tooMany} payments that M-Pesa does not know`] : []),
  ]
}
