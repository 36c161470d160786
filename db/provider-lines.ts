/** Lines of a provider's account, each stored once; told again with another amount it is a finding. */
import { randomUUID } from 'node:crypto'
import type { NewLine } from '../domain/reconciliation.ts'
import type { LineRow } from '../domain/reconciliation-pages.ts'
import { select, type Database, type Tx } from './connection.ts'
import { sealInHouse } from './house-key.ts'
import {
  placeOfWords,
  readWords,
  receiptsNamed,
  textOfWords,
  WORD_COLUMNS,
  type KeptWords,
} from './line-words.ts'
import { isReadOpen } from './older-release.ts'
import { openFinding } from './reconciliation-findings.ts'
import { countRun } from './reconciliation-runs.ts'
import { withoutToldBefore } from './told-before.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

export type Imported = { read: number; added: number }

/** A bank's words are written as they stand; M-Pesa's in the clear only while the release before is at work beside this one. */
const INSERT = `INSERT INTO provider_lines (source, line_key, direction, nature, amount_cents, balance_cents, at,
    position, party, phone, reference, details, raw, id, said_sealed, receipts_named, run_id)
  SELECT source, key, direction, nature, amount, balance, at, position,
    CASE WHEN is_open THEN party END, CASE WHEN is_open THEN phone END, CASE WHEN is_open THEN reference END,
    CASE WHEN is_open THEN details END, CASE WHEN is_open THEN raw ELSE '{}' END, id, said,
    CASE WHEN said IS NOT NULL THEN string_to_array(receipts, ' ') END, $17::uuid
  FROM (SELECT ${isReadOpen('provider_lines')} AS reads) older
  CROSS JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
    $7::timestamptz[], $8::int[], $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[], $14::uuid[], $15::bytea[], $16::text[])
    AS t (source, key, direction, nature, amount, balance, at, position, party, phone, reference, details, raw, id, said, receipts)
  CROSS JOIN LATERAL (SELECT t.source = 'bank' OR older.reads AS is_open) form
  ON CONFLICT (source, line_key, direction, nature) DO NOTHING RETURNING id`

/** In this order; a bank's are not sealed. */
async function sealWords(tx: Tx, lines: readonly NewLine[], ids: readonly string[]) {
  const values = lines.flatMap((line, at) =>
    line.source === 'bank' ? [] : [{ place: placeOfWords(ids[at] ?? ''), text: textOfWords(line) }],
  )
  const sealed = await sealInHouse(tx, values)
  return lines.map(({ source }) => (source === 'bank' ? null : (sealed.shift() ?? null)))
}

/** Repeats and overlaps change nothing. In the order of their keys, so that two imports never wait in a circle. */
export async function importLines(
  tx: Tx,
  runId: string,
  lines: readonly NewLine[],
): Promise<Imported> {
  if (lines.length === 0) return { read: 0, added: 0 }
  const fresh = await withoutToldBefore(tx, runId, lines)
  const sorted = fresh.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
  const ids = sorted.map(() => randomUUID())
  const added = await select(tx, INSERT, [
    sorted.map(({ source }) => source),
    sorted.map(({ key }) => key),
    sorted.map(({ direction }) => direction),
    sorted.map(({ nature }) => nature),
    sorted.map(({ amount }) => amount),
    sorted.map(({ balance }) => balance),
    sorted.map(({ at }) => at),
    sorted.map(({ position }) => position),
    sorted.map(({ party }) => party),
    sorted.map(({ phone }) => phone),
    sorted.map(({ reference }) => reference),
    sorted.map(({ details }) => details),
    sorted.map(({ raw }) => JSON.stringify(raw)),
    ids,
    await sealWords(tx, sorted, ids),
    sorted.map((line) => receiptsNamed(line).join(' ')),
    runId,
  ])
  await findContradictions(tx, runId, sorted)
  await countRun(tx, runId, lines.length, added.length)
  return { read: lines.length, added: added.length }
}

/** The same receipt with another amount, from this source or from another. */
async function findContradictions(tx: Tx, runId: string, lines: readonly NewLine[]): Promise<void> {
  const rows = await select<{ id: string; key: string; amount: string; told: string }>(
    tx,
    `SELECT DISTINCT ON (l.id) l.id, l.line_key AS key, l.amount_cents AS amount, t.amount AS told
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS t (key, direction, nature, amount)
     JOIN provider_lines l ON l.line_key = t.key AND l.direction = t.direction AND l.nature = t.nature
     WHERE l.source <> 'bank' AND l.amount_cents <> t.amount`,
    [
      lines.map(({ key }) => key),
      lines.map(({ direction }) => direction),
      lines.map(({ nature }) => nature),
      lines.map(({ amount }) => amount),
    ],
  )
  for (const { id, key, amount, told } of rows)
    await openFinding(tx, runId, {
      key: `told_twice:${key}`,
      kind: 'told_twice',
      subject: key,
      amount: toCents(told),
      expected: toCents(amount),
      lineId: id,
    })
}

export type LineFilter = { runId?: string; state?: string; cursor?: string }
const SHOWN = ['reference', 'details'] as const
type RawLine = Omit<LineRow, 'amount' | (typeof SHOWN)[number]> & KeptWords & { amount: string }

/** Newest first. */
export async function listLines(
  db: Database,
  { runId, state, cursor }: LineFilter,
  limit: number,
): Promise<{ items: LineRow[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<RawLine>(
    db,
    `SELECT id, source, line_key AS key, direction, nature, amount_cents AS amount, at, ${WORD_COLUMNS}, state,
       matched_to AS "matchedTo", explanation
     FROM provider_lines l WHERE ($1::uuid IS NULL OR run_id = $1) AND ($2::text IS NULL OR state = $2)
       AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', at), id) < ($3, $4::uuid))
     ORDER BY date_trunc('milliseconds', at) DESC, id DESC LIMIT $5`,
    [runId ?? null, state ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const items = rows
    .slice(0, limit)
    .map((row) => ({ ...readWords(db, row, SHOWN), amount: toCents(row.amount) }))
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? writeCursor(last.at, last.id) : null }
}
