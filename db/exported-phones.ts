/** Phones of those who pay, opened for an export. */
import type { Tx } from './connection.ts'
import type { ReadRow } from './export-section.ts'
import { placeOfPhone, readPhone, type KeptPhone, type PayersTable } from './payer-phones.ts'

type KeptRow = ReadRow & KeptPhone & { id: string; customerId: string }

/** Of rows with their id, the customer whose key it is, and `phoneColumns`. */
export const openPhonesOf = (table: PayersTable) => (on: Tx, rows: ReadRow[]) =>
  rows.map((row) => {
    const kept = row as KeptRow
    return readPhone(on, placeOfPhone(table, kept), kept)
  })
