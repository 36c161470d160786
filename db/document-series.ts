/** Numbers without gaps: the counter's row stays locked until the transaction that takes a number has ended. */
import { documentNumber, type DocumentSeries } from '../domain/invoices.ts'
import { nairobiClock } from '../domain/time.ts'
import { selectOne, type Tx } from './connection.ts'
import { toCount } from './values.ts'

/** Take it last in a transaction, because all others who issue wait meanwhile. */
export async function nextNumber(tx: Tx, series: DocumentSeries, at: Date): Promise<string> {
  const { year } = nairobiClock(at)
  const row = await selectOne<{ last: string }>(
    tx,
    `INSERT INTO document_series (series, year, last) VALUES ($1, $2, 1)
     ON CONFLICT (series, year) DO UPDATE SET last = document_series.last + 1 RETURNING last`,
    [series, year],
  )
  return documentNumber(series, year, toCount(row?.last ?? 0))
}
