/** What only Kafka and the authority still know after the books were put back to an older copy. */
import type { HeardEvent } from '../checker/kafka.ts'
import type { World } from '../checker/world.ts'

/** What tells of a number in each series; receipts are told by nobody. */
export const TOLD_BY: Record<string, string> = {
  INV: 'gari.invoice.issued.v1',
  CRN: 'gari.credit_note.issued.v1',
}

/** Whether Kafka has one of this kind that the witness, who was put back with the books, has never seen. */
export async function isAnyLost({ sql, events }: World, kind: string): Promise<boolean> {
  const told = events.filter(({ type }: HeardEvent) => type === kind).map(({ eventId }) => eventId)
  const known = await sql<{ id: string }>(
    'SELECT DISTINCT event_id AS id FROM checker.events WHERE event_id = ANY($1::uuid[])',
    [told],
  )
  return new Set(told).size > known.length
}
