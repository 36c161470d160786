/**
 * Bank lines: the announced transfer, the slip of our own cash or the company's payment that names the same reference
 * and amount, a card terminal's settlement, or our own transfer from M-Pesa.
 */
import { CARD_WORDS, plainReference, type BankHandOver } from '../domain/reconciliation.ts'
import { bookSettlement, type SettlementLine } from './card-settlements.ts'
import { select, type Tx } from './connection.ts'
import { readPayment } from './payment-rows.ts'
import { matchLine } from './reconciling.ts'
import { openFinding } from './reconciliation-findings.ts'
import { toCents } from './values.ts'

const BATCH = 200
/** A transfer from the M-Pesa account reaches the bank within days. */
const ON_ITS_WAY = "interval '5 days'"
const SLIP_AGE = "interval '7 days'"

/** What went from M-Pesa to the bank and arrived there; it is in the books since it left. */
const matchTransfers = (tx: Tx) =>
  select(
    tx,
    `UPDATE provider_lines b SET state = 'matched', decided_at = now(), matched_to = 'transfer:' || pair.line_key
     FROM (SELECT DISTINCT ON (i.id) i.id, o.line_key FROM provider_lines i JOIN provider_lines o
       ON o.nature = 'transfer' AND o.direction = 'out' AND o.source <> 'bank' AND o.amount_cents = i.amount_cents
         AND i.at BETWEEN o.at - interval '1 day' AND o.at + ${ON_ITS_WAY}
       WHERE i.source = 'bank' AND i.direction = 'in' AND i.state = 'open' AND coalesce(i.details, '') ~* 'safaricom|m-?pesa'
         AND NOT EXISTS (SELECT FROM provider_lines d WHERE d.matched_to = 'transfer:' || o.line_key)
       ORDER BY i.id, o.at) AS pair
     WHERE b.id = pair.id RETURNING b.id`,
  )

/** `known`: it stands on the worklist. */
type BankLine = SettlementLine & { key: string; direction: 'in' | 'out'; known: boolean }
type Clue = {
  amount: number | string
  at: Date
  reference: string | null
  details: string | null
}
/** `to`: what the line is matched to. Cash that was paid in is in the books already. */
type Expected = { id: string; to: string; reference: string; settled: boolean }

const TRANSFERS = `payments p WHERE p.method = 'bank_transfer' AND p.desk_reference IS NOT NULL
    AND NOT EXISTS (SELECT FROM provider_lines m WHERE m.matched_to = 'payment:' || p.id)`
const SLIPS = `till_deposits d
  WHERE NOT EXISTS (SELECT FROM provider_lines m WHERE m.matched_to = 'deposit:' || d.id)`
/** What finance wrote down as paid on account before the bank's list was here: its line is nobody else's. */
const ON_ACCOUNT = `invoice_payments c
  WHERE NOT EXISTS (SELECT FROM provider_lines m WHERE m.matched_to = 'invoice_payment:' || c.id)`

/**
 * New lines, and those on the worklist that a transfer, a slip, a company's payment or a terminal's report may fit by
 * now. However many lines stand there unexplained, they are in nobody's way.
 */
const WORTH_A_LOOK = `SELECT id, line_key AS key, direction, amount_cents AS amount, at, reference, details, known.yes AS known
  FROM provider_lines l CROSS JOIN LATERAL
    (SELECT EXISTS (SELECT FROM reconciliation_findings f WHERE f.line_id = l.id) AS yes) known
  WHERE source = 'bank' AND state = 'open'
    AND (NOT known.yes OR EXISTS (SELECT FROM ${TRANSFERS} AND p.amount_cents = l.amount_cents)
      OR EXISTS (SELECT FROM ${SLIPS} AND d.amount_cents = l.amount_cents)
      OR EXISTS (SELECT FROM ${ON_ACCOUNT} AND c.amount_cents = l.amount_cents)
      OR l.details ~* '\\m${CARD_WORDS}\\M')
  ORDER BY known.yes, at, id LIMIT $1`

/**
 * Settled ones are in the books; the answer names those that wait, each with its line, and says whether there may be
 * more new lines than were looked at.
 */
export async function matchBankLines(
  tx: Tx,
  runId: string,
): Promise<{ told: BankHandOver[]; more: boolean }> {
  await matchTransfers(tx)
  const lines = await select<BankLine>(tx, WORTH_A_LOOK, [BATCH])
  const told: BankHandOver[] = []
  for (const line of lines) {
    const paymentId = await placeBankLine(tx, runId, line)
    if (!paymentId) continue
    const paid = await readPayment(tx, paymentId)
    if (paid)
      told.push({ paymentId, lineId: line.id, purpose: paid.purpose, ownerId: paid.ownerId })
  }
  return { told, more: lines.length === BATCH && lines.at(-1)?.known === false }
}

/** The announced transfer that waits for this line; null when it is settled, or when none or several fit. */
async function placeBankLine(tx: Tx, runId: string, line: BankLine): Promise<string | null> {
  const expected = line.direction === 'in' ? await expectedOf(tx, line) : []
  const fitting = expected.filter(({ reference }) => names(line, reference))
  const [only] = fitting
  if (fitting.length === 1 && only?.settled) {
    await matchLine(tx, line.id, only.to)
    return null
  }
  if (fitting.length === 0 && line.direction === 'in' && (await bookSettlement(tx, line)))
    return null
  const paymentId = fitting.length === 1 && line.direction === 'in' ? (only?.id ?? null) : null
  await openFinding(tx, runId, {
    key: `bank:${line.id}`,
    kind: 'bank_line',
    subject: line.reference ?? line.key.slice(0, 12),
    amount: toCents(line.amount),
    lineId: line.id,
    paymentId,
  })
  return paymentId
}

/** A transfer, a slip or a company's payment explains it, so it is nobody else's. */
export const isAwaited = async (tx: Tx, line: Clue): Promise<boolean> =>
  (await expectedOf(tx, line)).some(({ reference }) => names(line, reference))

/** Shorter ones, and mere words such as "DEPOSIT", stand in lines of other people's money too. */
const TELLING = /^(?=.*\d).{6,}$/

/**
 * A word of the line is the reference, whole; so are neighbouring words, because people write RSV 26 000123. Anything
 * less is for a person to see.
 */
const names = (line: Pick<Clue, 'reference' | 'details'>, reference: string): boolean => {
  const ours = plainReference(reference)
  if (ours === null || !TELLING.test(ours)) return false
  const words = `${line.reference ?? ''} ${line.details ?? ''}`.split(/[^A-Za-z0-9]+/)
  return words.some((_, from) => startsWithReference(words.slice(from), ours))
}

function startsWithReference(words: string[], ours: string): boolean {
  let text = ''
  for (const word of words) {
    text += word.toUpperCase()
    if (text.length >= ours.length) break
  }
  return text === ours
}

/** A slip belongs to a line of its own week, so that an old one never explains new money. */
const expectedOf = (tx: Tx, { amount, at }: Pick<Clue, 'amount' | 'at'>): Promise<Expected[]> =>
  select(
    tx,
    `SELECT p.id, 'payment:' || p.id AS "to", p.desk_reference AS reference,
       p.status IN ('settled', 'refunding', 'refunded') AS settled FROM ${TRANSFERS} AND p.amount_cents = $1
     UNION ALL
     SELECT d.id, 'deposit:' || d.id, d.reference, true FROM ${SLIPS} AND d.amount_cents = $1
       AND d.made_at BETWEEN $2::timestamptz - ${SLIP_AGE} AND $2::timestamptz + ${SLIP_AGE}
     UNION ALL
     SELECT c.id, 'invoice_payment:' || c.id, c.reference, true FROM ${ON_ACCOUNT} AND c.amount_cents = $1`,
    [amount, at],
  )
