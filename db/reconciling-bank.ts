/** Bank lines: the announced transfer that names the same reference and amount, or our own transfer from M-Pesa. */
import { plainReference, type BankHandOver } from '../domain/reconciliation.ts'
import { select, type Tx } from './connection.ts'
import { matchLine } from './reconciling.ts'
import { openFinding } from './reconciliation-findings.ts'
import { toCents } from './values.ts'

const BATCH = 200
/** A transfer from the M-Pesa account reaches the bank within days. */
const ON_ITS_WAY = "interval '5 days'"

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

type BankLine = {
  id: string
  key: string
  direction: 'in' | 'out'
  amount: string
  reference: string | null
  details: string | null
}
type Transfer = { id: string; amount: string; reference: string; settled: boolean }

const TRANSFERS = `payments p WHERE p.method = 'bank_transfer' AND p.desk_reference IS NOT NULL
    AND NOT EXISTS (SELECT FROM provider_lines m WHERE m.matched_to = 'payment:' || p.id)`

/**
 * New lines, and those on the worklist that a transfer may fit by now. However many lines stand there unexplained, they
 * are in nobody's way.
 */
const WORTH_A_LOOK = `SELECT id, line_key AS key, direction, amount_cents AS amount, reference, details
  FROM provider_lines l CROSS JOIN LATERAL
    (SELECT EXISTS (SELECT FROM reconciliation_findings f WHERE f.line_id = l.id) AS yes) known
  WHERE source = 'bank' AND state = 'open'
    AND (NOT known.yes OR EXISTS (SELECT FROM ${TRANSFERS} AND p.amount_cents = l.amount_cents))
  ORDER BY known.yes, at, id LIMIT $1`

/** Settled ones are in the books; the answer names those that wait, each with its line. */
export async function matchBankLines(tx: Tx, runId: string): Promise<BankHandOver[]> {
  await matchTransfers(tx)
  const lines = await select<BankLine>(tx, WORTH_A_LOOK, [BATCH])
  const told: BankHandOver[] = []
  for (const line of lines) {
    const paymentId = await placeBankLine(tx, runId, line)
    if (paymentId && !told.some((one) => one.paymentId === paymentId))
      told.push({ paymentId, lineId: line.id })
  }
  return told
}

/** The announced transfer that waits for this line; null when it is settled, or when none or several fit. */
async function placeBankLine(tx: Tx, runId: string, line: BankLine): Promise<string | null> {
  const transfers = line.direction === 'in' ? await transfersOf(tx, line.amount) : []
  const fitting = transfers.filter(({ reference }) => names(line, reference))
  const [only] = fitting
  if (fitting.length === 1 && only?.settled) {
    await matchLine(tx, line.id, `payment:${only.id}`)
    return null
  }
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

/** Shorter ones, and mere words such as "DEPOSIT", stand in lines of other people's money too. */
const TELLING = /^(?=.*\d).{6,}$/

/**
 * A word of the line is the reference, whole; so are neighbouring words, because people write RSV 26 000123. Anything
 * less is for a person to see.
 */
const names = (line: BankLine, reference: string): boolean => {
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

const transfersOf = (tx: Tx, amount: string): Promise<Transfer[]> =>
  select(
    tx,
    `SELECT p.id, p.amount_cents AS amount, p.desk_reference AS reference,
       p.status IN ('settled', 'refunding', 'refunded') AS settled FROM ${TRANSFERS} AND p.amount_cents = $1`,
    [amount],
  )
