/** What must hold after both databases were put back, where the usual rule asks for what is lost by intention. */
import { disordered } from '../checker/events.ts'
import { A_SETTLED_REFUND, findUnsettled, seenReturns } from '../checker/returns.ts'
import { word, words } from '../checker/words.ts'
import { plantSql, type Rule, type World } from '../checker/world.ts'

const CENTS = 100
const receiptsIn = async ({ sql }: World, text: string): Promise<Set<string>> =>
  new Set((await sql<{ receipt: string }>(text)).map(({ receipt }) => receipt))
const KNOWN = `SELECT receipt FROM payments WHERE receipt IS NOT NULL
  UNION SELECT checkout_request_id FROM payments
    WHERE status IN ${words('payments.status', 'settled', 'refunding', 'refunded')}
      AND checkout_request_id IS NOT NULL
  UNION SELECT receipt FROM mpesa_receipts`
/** Money of the lost time that waits for its owner, or that was found for one by M-Pesa's list. */
const FOUND_AGAIN = `SELECT receipt FROM mpesa_receipts
    WHERE status = ${word('mpesa_receipts.status', 'unmatched')}
  UNION SELECT receipt FROM payments
    WHERE channel <> ${word('payments.channel', 'prompt')} AND receipt IS NOT NULL`
type Transaction = World['provider']['transactions'][number]
const isPaid = ({ status }: Transaction): boolean => status === 'paid'

/** Of the time that is lost the list tells the money, which then waits for its owner. */
async function paidAndNowhere(world: World): Promise<string[]> {
  const known = await receiptsIn(world, KNOWN)
  return world.provider.transactions
    .filter(isPaid)
    .filter((one) => !known.has(one.receipt ?? '') && !known.has(one.checkoutRequestId))
    .map(({ receipt, amount }) => `${receipt} KSh ${amount}`)
}

/** Whoever is asked again because Gari forgot has the first money in the queue, or with what it was found for. */
async function chargedTwiceAndKept(world: World): Promise<string[]> {
  const foundAgain = await receiptsIn(world, FOUND_AGAIN)
  const rows = await world.sql<{ phone: string; times: string }>(
    `SELECT phone, count(*) AS times FROM payments
     WHERE channel = ${word('payments.channel', 'prompt')} GROUP BY phone`,
  )
  const asked = new Map(rows.map(({ phone, times }) => [phone.replace('+', ''), Number(times)]))
  const paid = new Map<string, number>()
  for (const { phone, receipt } of world.provider.transactions.filter(isPaid))
    if (!foundAgain.has(receipt ?? '')) paid.set(phone, (paid.get(phone) ?? 0) + 1)
  return [...paid]
    .filter(([phone, times]) => times > (asked.get(phone) ?? 0))
    .map(([phone, times]) => `${phone} paid ${times} of ${asked.get(phone) ?? 0} requests`)
}

/**
 * M-Pesa holds less than the books by exactly what it gave back in the time that is lost; that each of these is on the
 * worklist is a rule of its own. What a finding says of the balance explains nothing here: it was counted while money of
 * the lost time was still to be found.
 */
async function differsOtherwise({ sql, provider, awaited }: World): Promise<string[]> {
  const theirs = provider.movements
    .filter(({ receipt }) => !awaited.has(receipt))
    .reduce((sum, { amount }) => sum + amount * CENTS, 0)
  const [row] = await sql<{ ours: string }>(
    "SELECT coalesce(sum(amount_cents), 0) AS ours FROM ledger_postings WHERE account = 'mpesa_clearing'",
  )
  const ours = Number(row?.ours)
  const back = (await findUnsettled(sql, provider)).reduce((sum, { cents }) => sum + cents, 0)
  if (theirs === ours - back) return []
  return [`M-Pesa holds ${theirs}, the books say ${ours}, and ${back} went back without them`]
}

/** Of the time that is lost Kafka alone remembers: those events nobody of ours has acted by. */
async function inventedAndHeard({ sql, events }: World): Promise<string[]> {
  const rows = await sql<{ id: string }>(
    `SELECT event_id::text AS id FROM checker.events
     UNION SELECT event_id FROM consumed_events WHERE consumer = 'after-restore'`,
  )
  const known = new Set(rows.map(({ id }) => id))
  return events
    .filter(({ eventId }) => eventId !== null && !known.has(eventId))
    .map(({ type, key, version }) => `${type} ${key} ${version}`)
}

/** Money by hand of the time that is lost comes again with the list, and is told again as what it is. */
const FOUND = 'gari.money.unexplained.v1'
const withoutFound = (world: World): World => ({
  ...world,
  events: world.events.filter(({ type }) => type !== FOUND),
})

const PROMPT: Transaction = {
  checkoutRequestId: 'ws_CO_planted',
  phone: '254700000000',
  receipt: 'UKL0PLANT0',
  amount: 100,
  accountReference: '',
  status: 'paid',
  reversedBy: null,
}
const withPrompt = (world: World): World => ({
  ...world,
  provider: { ...world.provider, transactions: [...world.provider.transactions, PROMPT] },
})
const withMovement = (world: World): World => ({
  ...world,
  provider: {
    ...world.provider,
    movements: [
      ...world.provider.movements,
      { receipt: 'UKL0PLANT0', kind: 'paybill', amount: 100, account: '', original: null },
    ],
  },
})

export const insteadOfRules: Record<string, Rule> = {
  'every prompt that was paid is a payment': {
    name: 'every prompt that was paid is a payment, or money that waits for its owner',
    kind: 'lost',
    broken: paidAndNowhere,
    plant: withPrompt,
  },
  'nobody is charged twice': {
    name: 'nobody is charged twice, or one of the two waits for its owner or has found one',
    kind: 'doubled',
    broken: chargedTwiceAndKept,
    plant: withPrompt,
  },
  'the clearing account is what M-Pesa holds': {
    name: 'the clearing account is what M-Pesa holds, but for what went back in the lost time',
    kind: 'lost',
    broken: differsOtherwise,
    plant: withMovement,
  },
  [A_SETTLED_REFUND]: seenReturns,
  'the events of a key are in order': {
    name: 'the events of a key are in order, but for money that is found again',
    kind: 'wrong',
    broken: (world) => disordered(withoutFound(world)),
    plant: (world) => ({ ...world, events: world.events.toReversed() }),
  },
  'every event on Kafka was committed': {
    name: 'every event on Kafka was committed, or belongs to the time that is lost',
    kind: 'wrong',
    broken: inventedAndHeard,
    plant: plantSql(
      'consumed_events',
      "DELETE FROM consumed_events WHERE consumer = 'after-restore'",
    ),
  },
}
