/**
 * Money that went back, as M-Pesa's own books have it: each reversal and each payout beside the refund of ours that it
 * belongs to, by its receipt or by the ids under which it was asked for.
 */
import { word, words, type Word } from './words.ts'
import {
  plantSql,
  type Asked,
  type Plant,
  type Provider,
  type Rule,
  type Sql,
  type World,
} from './world.ts'

/** `original`: the receipt of what was taken back; `key`: our own id of a payout. Amounts in shillings. */
type Return = {
  conversationId: string
  receipt: string | null
  amount: number
  original: string | null
  key: string | null
  at: string
}
type Refund = {
  id: string
  status: Word<'refunds.status'>
  method: Word<'refunds.method'>
  cents: string
  receipt: string | null
  /** By which M-Pesa knows it, also of attempts that it refused. */
  ids: string[]
  /** The payment's id, or the receipt that belongs to nobody; null for a customer's credit. */
  source: string | null
  sourceReceipt: string | null
  /** Of what is given back. */
  paidCents: string | null
}
type Given = Refund & { returns: Return[] }
type Matched = { refunds: Given[]; strangers: Return[] }

const CENTS = 100
const REFUNDS = `SELECT r.id, r.status, r.method, r.amount_cents AS cents, r.receipt,
    array_remove(r.earlier_ids || ARRAY[r.conversation_id, r.originator_conversation_id], NULL) AS ids,
    coalesce(r.payment_id::text, r.source_receipt) AS source,
    coalesce(p.receipt, r.source_receipt) AS "sourceReceipt",
    coalesce(p.amount_cents, m.amount_cents) AS "paidCents"
  FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id
    LEFT JOIN mpesa_receipts m ON m.receipt = r.source_receipt`

const isDone = ({ status }: { status: Asked['status'] }): boolean => status === 'completed'

const returnsOf = ({ reversals, payouts }: Provider): Return[] => [
  ...reversals
    .filter(isDone)
    .map((one) => ({ ...one, original: one.transactionReceipt, key: null })),
  ...payouts
    .filter(isDone)
    .map((one) => ({ ...one, original: null, key: one.originatorConversationId })),
]

async function matchReturns(sql: Sql, provider: Provider): Promise<Matched> {
  const refunds = (await sql<Refund>(REFUNDS)).map((one): Given => ({ ...one, returns: [] }))
  const refundOf = indexOf(refunds)
  const strangers: Return[] = []
  for (const one of returnsOf(provider)) (refundOf(one)?.returns ?? strangers).push(one)
  return { refunds, strangers }
}

/** A refund that M-Pesa calls reversed already has the receipt of a later word: then what was taken back tells. */
function indexOf(refunds: readonly Given[]): (one: Return) => Given | undefined {
  const by = (namesOf: (refund: Given) => (string | null)[]) =>
    new Map(refunds.flatMap((refund) => namesOf(refund).map((name) => [name, refund] as const)))
  const byReceipt = by(({ receipt }) => [receipt])
  const byId = by(({ ids }) => ids)
  const bySource = by(({ sourceReceipt }) => [sourceReceipt])
  const reversals = by(({ method, sourceReceipt }) =>
    method === 'reversal' ? [sourceReceipt] : [],
  )
  const find = (among: Map<string | null, Given>, name: string | null) =>
    name === null ? undefined : among.get(name)
  return ({ receipt, conversationId, key, original }) =>
    find(byReceipt, receipt) ??
    find(byId, conversationId) ??
    find(byId, key) ??
    find(reversals, original) ??
    find(bySource, original)
}

export type Unsettled = { what: string; cents: number; at: string }

/** What M-Pesa gave back, and our books do not call given back. */
export async function findUnsettled(sql: Sql, provider: Provider): Promise<Unsettled[]> {
  const { refunds, strangers } = await matchReturns(sql, provider)
  const open = refunds.filter(({ status }) => status !== 'settled')
  return [
    ...strangers.map((one) => describe(one, 'no refund')),
    ...open.flatMap(({ id, status, returns }) =>
      returns.map((one) => describe(one, `refund ${id}, which is ${status}`)),
    ),
  ]
}

const tell = ({ conversationId, original, key, amount }: Return): string =>
  `${original ? `reversal of ${original}` : `payout ${key}`} (${conversationId}) KSh ${amount}`
const describe = (one: Return, whose: string): Unsettled => ({
  what: `${tell(one)} of ${whose}`,
  cents: one.amount * CENTS,
  at: one.at,
})

const WORKLIST = `SELECT f.kind, f.amount_cents AS cents, r.balance_at AS "countedAt"
  FROM reconciliation_findings f LEFT JOIN reconciliations r ON r.id = f.last_run
  WHERE f.status = ${word('reconciliation_findings.status', 'open')} AND f.kind
    IN ${words('reconciliation_findings.kind', 'unknown_money_out', 'balance_differs')}`
type Finding = {
  kind: Word<'reconciliation_findings.kind'>
  cents: string
  countedAt: Date | null
}

/**
 * The same without what finance's worklist names: money out that the books do not know, by its amount, each finding once;
 * and what had left when M-Pesa's balance was found to be another than ours, as it is after a restore.
 */
export async function findUnseen(sql: Sql, provider: Provider): Promise<string[]> {
  const unsettled = await findUnsettled(sql, provider)
  if (unsettled.length === 0) return []
  const findings = await sql<Finding>(WORKLIST)
  const out = findings.filter(({ kind }) => kind === 'unknown_money_out')
  const named = out.map(({ cents }) => Number(cents))
  const balances = findings.filter(({ kind }) => kind === 'balance_differs')
  const countedAt = Math.max(0, ...balances.map((one) => one.countedAt?.getTime() ?? 0))
  return unsettled
    .filter(({ cents, at }) => {
      const nth = named.indexOf(cents)
      if (nth >= 0) named.splice(nth, 1)
      return nth < 0 && Date.parse(at) >= countedAt
    })
    .map(({ what }) => what)
}

async function returnedTwice({ sql, provider }: World): Promise<string[]> {
  const { refunds } = await matchReturns(sql, provider)
  return refunds
    .filter(({ returns }) => returns.length > 1)
    .map(({ id, returns }) => `refund ${id}: ${returns.map(tell).join(' and ')}`)
}

/** By M-Pesa as far as it went through M-Pesa; in cash, to credit and by hand as our books say. */
async function moreThanPaid({ sql, provider }: World): Promise<string[]> {
  const { refunds, strangers } = await matchReturns(sql, provider)
  const back = new Map<string, { cents: number; paid: number; receipt: string | null }>()
  for (const { source, sourceReceipt, status, cents, paidCents, returns } of refunds) {
    if (source === null) continue
    const paid = Number(paidCents)
    const one = back.get(source) ?? { cents: 0, paid, receipt: sourceReceipt }
    const byMpesa = returns.reduce((sum, { amount }) => sum + amount * CENTS, 0)
    const byOthers = returns.length === 0 && status === 'settled' ? Number(cents) : 0
    back.set(source, { ...one, cents: one.cents + byMpesa + byOthers })
  }
  for (const { original, amount } of strangers)
    for (const one of back.values())
      if (original !== null && one.receipt === original) one.cents += amount * CENTS
  return [...back]
    .filter(([, { cents, paid }]) => cents > paid)
    .map(([source, { cents, paid }]) => `${source}: ${cents} went back of ${paid}`)
}

const KEY = 'planted'
/** A refund of a shilling, of a payment of which nothing goes back. */
export const refundPlanted = (status: Word<'refunds.status'>): string =>
  `INSERT INTO refunds (id, payment_id, amount_cents, method, reason, status, requested_by, originator_conversation_id)
   SELECT gen_random_uuid(), id, ${CENTS}, ${word('refunds.method', 'payout')}, 'planted',
     ${word('refunds.status', status)}, 'checker', '${KEY}' FROM payments WHERE returning_cents = 0 LIMIT 1`
const payouts =
  (...amounts: number[]): Plant =>
  (world) => {
    const planted = amounts.map((amount, nth) => ({
      conversationId: `${KEY} ${nth}`,
      originatorConversationId: KEY,
      receipt: `UKL0PLANT${nth}`,
      amount,
      status: 'completed' as const,
      at: new Date().toISOString(),
    }))
    const { provider } = world
    return { ...world, provider: { ...provider, payouts: [...provider.payouts, ...planted] } }
  }
const settledAnd =
  (...amounts: number[]): Plant =>
  async (world) =>
    payouts(...amounts)(await plantSql('refunds', refundPlanted('settled'))(world))
const NO_WORKLIST = `UPDATE reconciliation_findings
  SET status = ${word('reconciliation_findings.status', 'closed')}`

export const A_SETTLED_REFUND = 'what M-Pesa gave back is a settled refund'

export const returnRules: Rule[] = [
  {
    name: 'nobody is paid back twice',
    kind: 'doubled',
    broken: returnedTwice,
    plant: settledAnd(1, 1),
  },
  {
    name: 'nobody is paid back more than they paid',
    kind: 'doubled',
    broken: moreThanPaid,
    plant: settledAnd(1_000_000),
  },
  {
    name: A_SETTLED_REFUND,
    kind: 'wrong',
    broken: async ({ sql, provider }) =>
      (await findUnsettled(sql, provider)).map(({ what }) => what),
    plant: payouts(1),
  },
]

/** After a restore, whose lost time may have given money back. */
export const seenReturns: Rule = {
  name: 'what M-Pesa gave back is a settled refund, or on the worklist',
  kind: 'wrong',
  broken: ({ sql, provider }) => findUnseen(sql, provider),
  plant: async (world) => payouts(1)(await plantSql('reconciliation_findings', NO_WORKLIST)(world)),
}
