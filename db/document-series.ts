/** Numbers without gaps: the counter's row stays locked until the transaction that takes a number has ended. */
import { documentNumber, type DocumentSeries, type SeriesPlace } from '../domain/invoices.ts'
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

/** After a restore: a number that somebody was told, and perhaps KRA, is given to no other document. */
export async function skipDocumentNumbers(tx: Tx, told: SeriesPlace): Promise<void> {
  await selectOne(
    tx,
    `INSERT INTO document_series (series, year, last) VALUES ($1, $2, $3)
     ON CONFLICT (series, year) DO UPDATE SET last = greatest(document_series.last, $3) RETURNING last`,
    [told.series, told.year, told.sequence],
  )
}

/** Whether our books have a document of this number. */
export async function isIssued(tx: Tx, number: string): Promise<boolean> {
  const found = await selectOne(
    tx,
    'SELECT 1 FROM invoices WHERE number = $1 UNION ALL SELECT 1 FROM credit_notes WHERE number = $1',
    [number],
  )
  return found !== null
}
