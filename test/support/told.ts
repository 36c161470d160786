/** What providers said, opened as Gari opens it. */
import { select, type Database } from '../../db/connection.ts'
import { readWords, WORD_COLUMNS, type KeptWords } from '../../db/line-words.ts'
import { readSaid, SAID_COLUMNS, type KeptSaid } from '../../db/receipt-payers.ts'
import { BODY_COLUMNS, openBody, type RawBody } from '../../db/provider-message-bodies.ts'

/** In the order in which they came; `where` is of `m`. */
export async function readTold(
  on: Database,
  where = 'true',
  values: unknown[] = [],
): Promise<{ kind: string; body: unknown }[]> {
  const rows = await select<RawBody & { kind: string }>(
    on,
    `SELECT m.kind, ${BODY_COLUMNS} FROM provider_messages m WHERE ${where} ORDER BY m.received_at`,
    values,
  )
  return rows.map((row) => ({ kind: row.kind, body: openBody(on, row) }))
}

/** Who sent the money of all receipts, as it was said. */
export async function readPayers(on: Database) {
  const rows = await select<KeptSaid & { receipt: string }>(
    on,
    `SELECT m.receipt, ${SAID_COLUMNS} FROM mpesa_receipts m`,
  )
  return rows.map((row) => readSaid(on, row))
}

/** What all lines of lists say. */
export async function readLines(on: Database) {
  const rows = await select<KeptWords>(on, `SELECT ${WORD_COLUMNS} FROM provider_lines l`)
  return rows.map((row) => readWords(on, row, ['party', 'phone', 'reference', 'details', 'raw']))
}
