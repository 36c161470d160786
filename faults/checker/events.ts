/** An event is on Kafka if and only if its transaction committed; per key in order; perhaps twice, never not at all. */
import type { HeardEvent } from './kafka.ts'
import type { Rule, World } from './world.ts'

const named = ({ type, key, version }: { type: string; key: string; version: string | number }) =>
  `${type} ${key} ${version}`

function missing({ committed, events }: World): string[] {
  const heard = new Set(events.map(({ eventId }) => eventId))
  return committed.filter(({ eventId }) => !heard.has(eventId)).map(named)
}

/** Asked of the witness after the events were read, so that it knows the newest of them. */
async function invented({ sql, events }: World): Promise<string[]> {
  const rows = await sql<{ id: string }>('SELECT event_id AS id FROM checker.events')
  const known = new Set(rows.map(({ id }) => id))
  return events.filter(({ eventId }) => eventId !== null && !known.has(eventId)).map(named)
}

/** As a consumer sees a key that drops what it knows: the first time of each event counts. */
export function disordered({ events }: World): string[] {
  const seen = new Set<string>()
  const newest = new Map<string, HeardEvent>()
  const wrong: string[] = []
  for (const event of events) {
    if (event.eventId === null || seen.has(event.eventId)) continue
    seen.add(event.eventId)
    const key = `${event.topic}/${event.key}`
    const before = newest.get(key)
    if (before && (before.version >= event.version || before.partition !== event.partition))
      wrong.push(`${named(event)} after ${named(before)}`)
    newest.set(key, event)
  }
  return wrong
}

const change =
  (edit: (events: HeardEvent[]) => HeardEvent[]) =>
  (world: World): World => ({ ...world, events: edit(world.events) })
const isOurs = ({ eventId }: HeardEvent): boolean => eventId !== null
const STRANGER = '00000000-0000-4000-8000-000000000000'

export const eventRules: Rule[] = [
  {
    name: 'every committed event is on Kafka',
    kind: 'lost',
    broken: missing,
    // Each time that it was told: an event may be on Kafka twice.
    plant: (world) => ({
      ...world,
      events: world.events.filter(({ eventId }) => eventId !== world.committed[0]?.eventId),
    }),
  },
  {
    name: 'every event on Kafka was committed',
    kind: 'wrong',
    broken: invented,
    plant: change((events) =>
      events.filter(isOurs).map((one, nth) => (nth === 0 ? { ...one, eventId: STRANGER } : one)),
    ),
  },
  {
    name: 'the events of a key are in order',
    kind: 'wrong',
    broken: disordered,
    plant: change((events) => events.toReversed()),
  },
]
