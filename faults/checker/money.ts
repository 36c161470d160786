/** Every shilling has one owner: Gari's books beside those of M-Pesa. */
import { textIn } from '../log.ts'
import { refundPlanted, returnRules } from './returns.ts'
import { word, words } from './words.ts'
import { plantSql, type Plant, type Provider, type Rule, type Sql, type World } from './world.ts'

const CENTS = 100
const SETTLED = word('payments.status', 'settled')
const PAID = words('payments.status', 'settled', 'refunding', 'refunded')
const CONFIRMED = word('reservations.status', 'confirmed')
const OPEN_CASE = `finance_cases c WHERE c.status = ${word('finance_cases.status', 'open')} AND`
const OPEN_OFFER = `late_offers o WHERE o.status = ${word('late_offers.status', 'open')} AND`

const ids = async (sql: Sql, text: string): Promise<string[]> =>
  (await sql<{ id: string }>(text)).map(({ id }) => id)
type Planted = { table: string; text: string }
const bySql = (name: string, kind: Rule['kind'], text: string, planted: Planted): Rule => ({
  name,
  kind,
  broken: ({ sql }) => ids(sql, text),
  plant: plantSql(planted.table, planted.text),
})

const UNBALANCED = `SELECT entry_id::text AS id FROM ledger_postings GROUP BY entry_id HAVING sum(amount_cents) <> 0
  UNION ALL SELECT 'all entries: ' || sum(amount_cents) FROM ledger_postings HAVING sum(amount_cents) <> 0`

const RECEIPT_TWICE = `SELECT receipt AS id FROM payments WHERE receipt IS NOT NULL GROUP BY receipt HAVING count(*) > 1
  UNION ALL SELECT reference FROM ledger_entries WHERE kind = 'payment' GROUP BY reference HAVING count(*) > 1`

/** Applied to what it is for, kept as credit, given back, or on its way back (`returning` counts both of these). */
const HOMELESS = `SELECT id FROM payments WHERE status = ${SETTLED}
  AND applied_cents + credited_cents + returning_cents < amount_cents
  AND NOT EXISTS (SELECT 1 FROM ${OPEN_CASE} c.subject = payments.id::text)
  AND NOT EXISTS (SELECT 1 FROM ${OPEN_OFFER} o.payment_id = payments.id)`

const KEPT_AFTER_THE_END = `SELECT p.id FROM payments p JOIN reservations r ON r.id = p.owner_id
  WHERE r.status IN ${words('reservations.status', 'cancelled', 'expired')} AND p.status = ${SETTLED}
    AND p.credited_cents < p.amount_cents AND p.returning_cents < p.amount_cents
    AND NOT EXISTS (SELECT 1 FROM ${OPEN_OFFER} o.payment_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM ${OPEN_CASE} c.subject = p.id::text)`

const MISCOUNTED = `SELECT r.id FROM reservations r
  WHERE r.paid_cents <> (SELECT coalesce(sum(p.applied_cents), 0) FROM payments p WHERE p.owner_id = r.id
      AND p.counted AND NOT p.given_back AND p.status = ${SETTLED})
    AND r.status IN ${words('reservations.status', 'pending', 'processing', 'confirmed', 'in_progress')}
  UNION ALL SELECT id FROM reservations WHERE status = ${CONFIRMED} AND paid_cents <> total_cents`

/**
 * What we owe for each thing until it is earned: all that was paid for it, less credit and what is on its way back. A charge
 * that is paid is earned.
 */
const OTHER_DEPOSITS = `SELECT coalesce(l.subject, p.subject) || ': the ledger owes ' || coalesce(owed, 0)
    || ', payments say ' || coalesce(held, 0) AS id FROM
  (SELECT subject, -sum(amount_cents) AS owed FROM ledger_postings WHERE account = 'customer_deposits' GROUP BY 1) l
  FULL JOIN (SELECT owner_id::text AS subject,
      sum(amount_cents - credited_cents - returning_cents) AS held
    FROM payments WHERE status = ${SETTLED} AND NOT EXISTS (SELECT 1 FROM charges c WHERE c.id = owner_id
      AND c.status = ${word('charges.status', 'paid')}) GROUP BY 1) p ON p.subject = l.subject
  WHERE coalesce(owed, 0) <> coalesce(held, 0)`

const UNDONE = `SELECT id || ': ' || before || ' became ' || after AS id FROM checker.changes
  WHERE what = 'payments' AND before IN ${PAID} AND after NOT IN ${PAID}
  UNION ALL SELECT id || ': ' || before || ' became ' || after FROM checker.changes
  WHERE what = 'refunds' AND before = ${word('refunds.status', 'settled')}`

/** M-Pesa said no for good; somebody must find another way. */
const REFUSED_UNSEEN = `SELECT r.id FROM refunds r WHERE r.status = ${word('refunds.status', 'refused')}
  AND NOT EXISTS (SELECT 1 FROM ${OPEN_CASE} c.what = 'refund_stuck' AND c.subject = r.id::text)`

const sumOf = (amounts: number[]): number => amounts.reduce((sum, one) => sum + one, 0)

/** What the paybill holds is what our clearing account says; `unexplained` money is ours too, with no name on it yet. */
async function clearingDiffers({ sql, provider, awaited }: World): Promise<string[]> {
  const told = provider.movements.filter(({ receipt }) => !awaited.has(receipt))
  const theirs = sumOf(told.map(({ amount }) => amount)) * CENTS
  const [ours] = await sql<{ sum: string }>(
    "SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = 'mpesa_clearing'",
  )
  const said = Number(ours?.sum)
  return said === theirs ? [] : [`M-Pesa holds ${theirs} cents, the books say ${said}`]
}

/** A prompt that was paid is one of our payments; by its id, or by its receipt where the answer to the push was lost. */
async function paidButUnknown({ sql, provider }: World): Promise<string[]> {
  const known = await sql<{ id: string | null; receipt: string | null; cents: string }>(
    `SELECT checkout_request_id AS id, receipt, amount_cents AS cents FROM payments
     WHERE status IN ${PAID} AND channel = ${word('payments.channel', 'prompt')}`,
  )
  // Of somebody who is forgotten only the receipt is left.
  const mine = new Map(
    known.flatMap(({ id, receipt, cents }) =>
      [id, receipt].filter((name) => name !== null).map((name) => [name, Number(cents)] as const),
    ),
  )
  return provider.transactions
    .filter(({ status }) => status === 'paid')
    .filter(
      ({ checkoutRequestId, receipt, amount }) =>
        (mine.get(checkoutRequestId) ?? mine.get(receipt ?? '')) !== amount * CENTS,
    )
    .map((one) => `${one.checkoutRequestId} ${one.receipt} KSh ${one.amount}`)
}

async function settledButUnpaid({ sql, provider }: World): Promise<string[]> {
  const theirs = new Set(provider.movements.map(({ receipt }) => receipt))
  const ours = await sql<{ id: string; receipt: string }>(
    `SELECT id, receipt FROM payments WHERE receipt IS NOT NULL
       AND method = ${word('payments.method', 'mpesa')} AND status IN ${PAID}`,
  )
  return ours.filter(({ receipt }) => !theirs.has(receipt)).map(({ id }) => id)
}

/** Each person is asked for one thing once: two paid prompts for one payment would be a double charge. */
function chargedTwice({ provider, actions }: World): string[] {
  const asked = new Map<string, number>()
  for (const { what, facts } of actions) {
    const phone = textIn(facts, 'phone')
    if (what === 'ask for payment') asked.set(phone, (asked.get(phone) ?? 0) + 1)
  }
  const paid = new Map<string, number>()
  for (const { phone, status } of provider.transactions)
    if (status === 'paid') paid.set(phone, (paid.get(phone) ?? 0) + 1)
  return [...paid]
    .filter(([phone, times]) => asked.has(phone) && times > (asked.get(phone) ?? 0))
    .map(([phone, times]) => `${phone} paid ${times} prompts and asked for ${asked.get(phone)}`)
}

const ONE_PAID = `SELECT id FROM payments WHERE status = ${SETTLED} AND applied_cents > 100 LIMIT 1`
const ONE_PAID_FOR = `SELECT p.id FROM payments p JOIN reservations r ON r.id = p.owner_id
  WHERE r.status = ${CONFIRMED} AND p.counted AND p.applied_cents > 100 LIMIT 1`
const inPayments = (text: string): Planted => ({ table: 'payments', text })
const FALSIFIED = {
  table: 'ledger_postings',
  text: `ALTER TABLE ledger_postings DISABLE TRIGGER USER;
    UPDATE ledger_postings SET amount_cents = amount_cents + 100 WHERE id = (SELECT min(id) FROM ledger_postings)`,
}
const SAME_RECEIPT = inPayments(`UPDATE payments SET receipt = (SELECT max(receipt) FROM payments)
  WHERE status = ${SETTLED} AND receipt IS NOT NULL`)
const FORGOTTEN = inPayments(`UPDATE payments SET applied_cents = 0 WHERE id = (${ONE_PAID})`)
const KEPT = {
  table: 'reservations',
  text: `UPDATE reservations SET status = ${word('reservations.status', 'cancelled')} WHERE status = ${CONFIRMED}`,
}
const SHORT = inPayments(
  `UPDATE payments SET applied_cents = applied_cents - 100 WHERE id = (${ONE_PAID_FOR})`,
)
const UNPAID = inPayments(
  `UPDATE payments SET status = ${word('payments.status', 'refused')} WHERE id = (${ONE_PAID})`,
)
const REFUSED = { table: 'refunds', text: refundPlanted('refused') }

const at =
  (edit: (provider: Provider) => Provider): Plant =>
  (world) => ({ ...world, provider: edit(world.provider) })
const PROMPT = {
  checkoutRequestId: 'ws_CO_planted',
  phone: '254700000000',
  receipt: 'UKL0PLANT0',
  amount: 100,
  accountReference: 'RSV00000000',
  status: 'paid' as const,
  reversedBy: null,
}
const MOVEMENT = {
  receipt: 'UKL0PLANT0',
  kind: 'paybill' as const,
  amount: 100,
  account: '',
  original: null,
}

export const moneyRules: Rule[] = [
  bySql('every entry of the ledger balances', 'wrong', UNBALANCED, FALSIFIED),
  bySql('each receipt is posted once', 'doubled', RECEIPT_TWICE, SAME_RECEIPT),
  bySql('what was paid is a thing, credit, a refund or a case', 'lost', HOMELESS, FORGOTTEN),
  bySql('a booking that ended keeps no money', 'lost', KEPT_AFTER_THE_END, KEPT),
  bySql('a booking is paid as its payments say', 'wrong', MISCOUNTED, SHORT),
  bySql('the deposits are what bookings hold', 'wrong', OTHER_DEPOSITS, UNPAID),
  bySql('paid stays paid', 'wrong', UNDONE, UNPAID),
  bySql('a refund that was refused is an open case', 'lost', REFUSED_UNSEEN, REFUSED),
  {
    name: 'the clearing account is what M-Pesa holds',
    kind: 'lost',
    broken: clearingDiffers,
    plant: at(({ movements, ...rest }) => ({ ...rest, movements: [...movements, MOVEMENT] })),
  },
  {
    name: 'every prompt that was paid is a payment',
    kind: 'lost',
    broken: paidButUnknown,
    plant: at(({ transactions, ...rest }) => ({
      ...rest,
      transactions: [...transactions, PROMPT],
    })),
  },
  {
    name: 'every payment by M-Pesa is M-Pesa’s too',
    kind: 'wrong',
    broken: settledButUnpaid,
    plant: at((provider) => ({ ...provider, movements: [] })),
  },
  {
    name: 'nobody is charged twice',
    kind: 'doubled',
    broken: chargedTwice,
    plant: at(({ transactions, ...rest }) => ({
      ...rest,
      transactions: [...transactions, ...transactions],
    })),
  },
  ...returnRules,
]
