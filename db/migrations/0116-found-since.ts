/** What was read since some day, so that a night looks for what was told of the forgotten without reading all that was ever told. */
import { buildIndex, type Migration } from './migration.ts'

const byDay = (name: string, table: string, column: string) =>
  buildIndex(
    name,
    `${table} USING brin (${column}) WITH (autosummarize = on, pages_per_range = 32)`,
  )

export const foundSince: Migration = {
  name: '0116-found-since',
  steps: [
    ...byDay('provider_messages_read', 'provider_messages', 'delivered_at'),
    ...byDay('provider_lines_read', 'provider_lines', 'decided_at'),
    ...byDay('mpesa_receipts_changed', 'mpesa_receipts', 'updated_at'),
  ],
}
