/** Phones that money goes back to: from the columns that stood open to the sealed ones, as db/sealing-people.ts tells it. */
import { inTransaction, select, type Database } from './connection.ts'
import { stopWritingOpen } from './older-release.ts'
import { REFUND_PHONES, sealRefundPhone } from './refund-phone-columns.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'

const TABLE = 'refunds'
const any = (says: (column: string) => string): string =>
  `(${REFUND_PHONES.map((column) => `(${says(column)})`).join(' OR ')})`

/** As the indexes refunds_unsealed and refunds_open_phone say it. */
export const UNSEALED_REFUND = any((one) => `${one} IS NOT NULL AND ${one}_sealed IS NULL`)
export const OPEN_REFUND = any((one) => `${one} IS NOT NULL`)

type Open = { id: string; phone: string | null; named: string | null }

/** One batch, safe to repeat; true when there may be more. */
export const sealOpenRefunds = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<Open>(
      tx,
      `SELECT id, phone, named_phone AS named FROM refunds WHERE ${UNSEALED_REFUND}
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const phones: (Buffer | null)[] = []
    const named: (Buffer | null)[] = []
    for (const row of open) {
      phones.push(await sealRefundPhone(tx, 'phone', row.id, row.phone))
      named.push(await sealRefundPhone(tx, 'named_phone', row.id, row.named))
    }
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE refunds r SET phone_sealed = coalesce(s.phone, r.phone_sealed),
         named_phone_sealed = coalesce(s.named, r.named_phone_sealed)
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS s (id, phone, named) WHERE r.id = s.id RETURNING r.id`,
      [open.map(({ id }) => id), phones, named],
    )
    await tellSealing(tx, { table: TABLE, what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

/** From here on a release from before would know no phone to send to, so none is written in the clear any more either. */
export const emptyOpenRefunds = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, TABLE)
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE refunds SET phone = NULL, named_phone = NULL WHERE id IN (
         SELECT id FROM refunds WHERE ${OPEN_REFUND} AND NOT ${UNSEALED_REFUND}
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: TABLE, what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
