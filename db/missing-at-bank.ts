/** What we say came to the bank, and what its list has not shown within days: the worklist tells people. */
import { BANK_SHOWS_MS } from '../domain/reconciliation.ts'
import { DAY_MS } from '../domain/time.ts'
import { TERMINAL_DAYS, type TerminalDay } from './card-settlements.ts'
import { select, type Tx } from './connection.ts'
import { originNow } from './origin.ts'
import { FITS, openFinding } from './reconciliation-findings.ts'
import { toCents } from './values.ts'

const BATCH = 200
/** What is older was looked at long ago, or came before the bank's lists were read here. */
const LOOK_BACK_MS = 90 * DAY_MS
const unseen = (to: string) =>
  `NOT EXISTS (SELECT FROM provider_lines l WHERE l.matched_to = ${to})`
/** What a person knows of comes last, so that it is in nobody's way. */
const known = (to: string) =>
  `EXISTS (SELECT FROM reconciliation_findings w WHERE w.key = 'unseen:' || ${to})`

export async function findMissingAtBank(tx: Tx, runId: string, now: Date): Promise<void> {
  const stretch = [
    new Date(now.getTime() - LOOK_BACK_MS),
    new Date(now.getTime() - BANK_SHOWS_MS),
  ] as const
  await closeShown(tx)
  await findDeposits(tx, runId, stretch)
  await findTransfers(tx, runId, stretch)
  await findCompanyPayments(tx, runId, stretch)
  await findCards(tx, runId, stretch)
}

/** Each key says what the line of the bank would be matched to. */
const closeShown = (tx: Tx) =>
  select(
    tx,
    `WITH changed AS (
       UPDATE reconciliation_findings f SET status = 'closed', closed_at = now(), closed_by = 'gari',
         resolution = 'The bank’s list shows it by now'
       WHERE f.status = 'open' AND f.kind IN ('deposit_missing', 'transfer_missing', 'card_missing')
         AND EXISTS (SELECT FROM provider_lines l WHERE l.matched_to = substr(f.key, length('unseen:') + 1))
       RETURNING f.*)
     ${FITS}`,
    [originNow()],
  )

type Stretch = readonly [Date, Date]

async function findDeposits(tx: Tx, runId: string, stretch: Stretch): Promise<void> {
  const rows = await select<{ id: string; reference: string; amount: string; till: string }>(
    tx,
    `SELECT d.id, d.reference, d.amount_cents AS amount, l.name || ', ' || t.name AS till
     FROM till_deposits d JOIN till_sessions s ON s.id = d.session_id JOIN tills t ON t.id = s.till_id
     JOIN locations l ON l.code = t.place
     WHERE d.made_at BETWEEN $1 AND $2 AND ${unseen("'deposit:' || d.id")}
     ORDER BY ${known("'deposit:' || d.id")}, d.made_at LIMIT ${BATCH}`,
    [...stretch],
  )
  for (const { id, reference, amount, till } of rows)
    await openFinding(tx, runId, {
      key: `unseen:deposit:${id}`,
      kind: 'deposit_missing',
      subject: reference,
      detail: till,
      amount: toCents(amount),
    })
}

async function findTransfers(tx: Tx, runId: string, stretch: Stretch): Promise<void> {
  const rows = await select<{ id: string; reference: string; amount: string; number: string }>(
    tx,
    `SELECT p.id, coalesce(p.desk_reference, '') AS reference, p.amount_cents AS amount, p.owner_number AS number
     FROM payments p WHERE p.method = 'bank_transfer' AND p.status IN ('settled', 'refunding', 'refunded')
       AND p.processed_at BETWEEN $1 AND $2 AND ${unseen("'payment:' || p.id")}
     ORDER BY ${known("'payment:' || p.id")}, p.processed_at LIMIT ${BATCH}`,
    [...stretch],
  )
  for (const { id, reference, amount, number } of rows)
    await openFinding(tx, runId, {
      key: `unseen:payment:${id}`,
      kind: 'transfer_missing',
      subject: reference,
      detail: number,
      amount: toCents(amount),
      paymentId: id,
    })
}

/** Written down by one person, it makes a company owe us less: the bank must say the same. */
async function findCompanyPayments(tx: Tx, runId: string, stretch: Stretch): Promise<void> {
  const rows = await select<{ id: string; reference: string; amount: string; number: string }>(
    tx,
    `SELECT c.id, c.reference, c.amount_cents AS amount, coalesce(i.number, '') AS number
     FROM invoice_payments c JOIN invoices i ON i.id = c.invoice_id
     WHERE c.recorded_at BETWEEN $1 AND $2 AND ${unseen("'invoice_payment:' || c.id")}
     ORDER BY ${known("'invoice_payment:' || c.id")}, c.recorded_at LIMIT ${BATCH}`,
    [...stretch],
  )
  for (const { id, reference, amount, number } of rows)
    await openFinding(tx, runId, {
      key: `unseen:invoice_payment:${id}`,
      kind: 'transfer_missing',
      subject: reference,
      detail: number,
      amount: toCents(amount),
    })
}

async function findCards(tx: Tx, runId: string, stretch: Stretch): Promise<void> {
  const rows = await select<TerminalDay>(
    tx,
    `SELECT d.* FROM (${TERMINAL_DAYS}) d WHERE gross > 0 AND ${unseen('d."to"')}
     ORDER BY ${known('d."to"')}, d.day LIMIT ${BATCH}`,
    [...stretch],
  )
  for (const { day, terminal, gross, to } of rows)
    await openFinding(tx, runId, {
      key: `unseen:${to}`,
      kind: 'card_missing',
      subject: terminal,
      detail: day,
      amount: toCents(gross),
    })
}
