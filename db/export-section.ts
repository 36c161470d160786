/** What an export reads of one kind, and how. The list of all stands in export-sections.ts. */
import type { SectionFacts } from '../domain/exports.ts'
import type { OwnContacts } from '../domain/masking-others.ts'
import type { Tx } from './connection.ts'

/** `proven`: their phone, where it was proven to be theirs; by it they are found in what is another's. */
export type Owner = OwnContacts & { userId: string; proven: string | null }
export type ReadRow = Record<string, unknown>

export type ExportSection = SectionFacts & {
  /** Of the register; a test asks for each of its tables. */
  tables: readonly string[]
  /** By the account's id ($1), perhaps by the hash of its proven phone (OWN_PHONE_INDEX); answers the fields and a `key` that orders them. */
  sql: string
  /** Opens what is sealed, and cuts what is another's, where a field's type does not say it. */
  open?: (on: Tx, rows: ReadRow[], owner: Owner) => Promise<ReadRow[]> | ReadRow[]
  /** Rows of one batch, where they are too large for as many as others have. */
  atOnce?: number
  /** Personal columns, by `table.column`, that `open` reads. */
  opens?: readonly string[]
}

/** By time, so that the file tells a story; the key says nothing of what it is about. */
export const keyed = (at: string, id: string): string =>
  `to_char(${at} AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || ' ' || ${id} AS key`

/** As SQL reads one in a column of words. */
export const UUID = "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'"
