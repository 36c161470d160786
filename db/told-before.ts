/**
 * Lines of a bank's list that were imported before, when the columns of the same file had been named otherwise: then
 * another key names them, and they would be money a second time. All that stands in their row tells them.
 */
import type { NewLine } from '../domain/reconciliation.ts'
import { select, type Tx } from './connection.ts'
import { noteRun } from './reconciliation-runs.ts'

/** Equal rows of one list have one key but for the number at its end, so they are told apart by that. */
const PLACE = String.raw`'\|\d+$'`
const SAME_ROW = `l.source = 'bank' AND l.raw = t.raw AND l.direction = t.direction AND l.amount_cents = t.amount
    AND regexp_replace(l.line_key, ${PLACE}, '') <> regexp_replace(t.key, ${PLACE}, '')`
const TOLD = `unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[], $5::text[], $6::text[])
    AS t (key, direction, amount, raw, reference, details)`

/** Those that are new. Of those that are not, and that wait for a person, the words become what is told now. */
export async function withoutToldBefore(
  tx: Tx,
  runId: string,
  lines: readonly NewLine[],
): Promise<NewLine[]> {
  const bank = lines.filter(({ source, raw }) => source === 'bank' && Object.keys(raw).length > 0)
  if (bank.length === 0) return [...lines]
  const bind = [
    bank.map(({ key }) => key),
    bank.map(({ direction }) => direction),
    bank.map(({ amount }) => amount),
    bank.map(({ raw }) => JSON.stringify(raw)),
    bank.map(({ reference }) => reference),
    bank.map(({ details }) => details),
  ]
  const told = await select<{ key: string }>(
    tx,
    `SELECT t.key FROM ${TOLD} WHERE coalesce(substring(t.key FROM '[|]([0-9]{1,6})$')::int, 1)
       <= (SELECT count(*) FROM provider_lines l WHERE ${SAME_ROW})`,
    bind,
  )
  if (told.length === 0) return [...lines]
  await select(
    tx,
    `UPDATE provider_lines l SET reference = t.reference, details = t.details FROM ${TOLD}
     WHERE l.state = 'open' AND ${SAME_ROW} RETURNING l.id`,
    bind,
  )
  const known = new Set(told.map(({ key }) => key))
  await noteRun(tx, runId, `${known.size} lines were imported before, with other columns`)
  return lines.filter(({ source, key }) => source !== 'bank' || !known.has(key))
}
