/** Who sent the money of receipts: from the columns that stood open to the sealed ones, as db/sealing-people.ts tells it. */
import { inTransaction, select, type Database } from './connection.ts'
import { stopWritingOpen } from './older-release.ts'
import { SAID, sealSaid, type SaidOfPayer } from './receipt-payers.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'

const TABLE = 'mpesa_receipts'

/** As the indexes mpesa_receipts_unsealed and mpesa_receipts_open say it. */
export const UNSEALED_PAYER = SAID.map((one) => `${one} IS NOT NULL AND ${one}_sealed IS NULL`)
  .map((one) => `(${one})`)
  .join(' OR ')
export const OPEN_PAYER = `num_nonnulls(${SAID.join(', ')}) > 0`

type OpenRow = SaidOfPayer & { receipt: string }

/** One batch, safe to repeat; true when there may be more. What is sealed already stays as it is. */
export const sealOpenReceipts = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<OpenRow>(
      tx,
      `SELECT receipt, payer, payer_name AS "payerName", reference FROM mpesa_receipts WHERE ${UNSEALED_PAYER}
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const sealed: (Buffer | null)[][] = []
    for (const { receipt, ...said } of open) sealed.push(await sealSaid(tx, receipt, said))
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE mpesa_receipts r SET ${SAID.map((one) => `${one}_sealed = coalesce(r.${one}_sealed, s.${one})`).join(', ')}
       FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[]) AS s (receipt, ${SAID.join(', ')})
       WHERE r.receipt = s.receipt RETURNING r.receipt`,
      [
        open.map(({ receipt }) => receipt),
        ...SAID.map((_one, at) => sealed.map((row) => row[at] ?? null)),
      ],
    )
    await tellSealing(tx, { table: TABLE, what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

/** From here on a release from before would be told of no payer, so nothing is written in the clear any more either. */
export const emptyOpenReceipts = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, TABLE)
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE mpesa_receipts SET ${SAID.map((one) => `${one} = NULL`).join(', ')} WHERE receipt IN (
         SELECT receipt FROM mpesa_receipts WHERE ${OPEN_PAYER} AND NOT (${UNSEALED_PAYER})
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING receipt`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: TABLE, what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
