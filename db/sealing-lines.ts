/** What M-Pesa's lists say: from the columns that stood open to the sealed one, as db/sealing-people.ts tells it. */
import { inTransaction, select, type Database } from './connection.ts'
import { sealInHouse } from './house-key.ts'
import {
  EMPTY_LINE,
  placeOfWords,
  receiptsNamed,
  textOfWords,
  type LineWords,
} from './line-words.ts'
import { stopWritingOpen } from './older-release.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'

const TABLE = 'provider_lines'
const STANDS_OPEN = "(raw <> '{}' OR num_nonnulls(party, phone, reference, details) > 0)"

/** As the indexes provider_lines_unsealed and provider_lines_open_words say it. */
export const UNSEALED_LINE = `source <> 'bank' AND said_sealed IS NULL AND ${STANDS_OPEN}`
export const OPEN_LINE = `source <> 'bank' AND said_sealed IS NOT NULL AND ${STANDS_OPEN}`

/** One batch, safe to repeat; true when there may be more. */
export const sealOpenLines = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<LineWords & { id: string }>(
      tx,
      `SELECT id, party, phone, reference, details, raw FROM provider_lines WHERE ${UNSEALED_LINE}
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const sealed = await sealInHouse(
      tx,
      open.map((line) => ({ place: placeOfWords(line.id), text: textOfWords(line) })),
    )
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE provider_lines l SET said_sealed = s.said, receipts_named = string_to_array(s.receipts, ' ')
       FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS s (id, said, receipts) WHERE l.id = s.id RETURNING l.id`,
      [open.map(({ id }) => id), sealed, open.map((line) => receiptsNamed(line).join(' '))],
    )
    await tellSealing(tx, { table: TABLE, what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

/** From here on a release from before would read no words of M-Pesa's lists, so none are written in the clear any more either. */
export const emptyOpenLines = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, TABLE)
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE provider_lines SET ${EMPTY_LINE} WHERE id IN (
         SELECT id FROM provider_lines WHERE ${OPEN_LINE}
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: TABLE, what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
