/**
 * Histories of people who came all at once, while things broke, for the replay test: of each kind of story one at least, and those
 * that show what no recorded history shows yet. The code that told them must be the code of today, so not after a fault that
 * brings another release.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { connectTemporalClient } from '../gateways/temporal.ts'
import { PROJECT } from '../local/servers.ts'
import { isRecorded, saveHistory } from '../test/replay/recording/saving.ts'
import type { House } from './house.ts'

const FOLDER = join(PROJECT, 'test/replay/histories')
/** Of one kind, in one run. */
const MOST = 3
/** A history that is kept is read by people. */
const LONGEST = 250
/** Newest first. */
const LOOKED_AT = 600

type Event = Record<string, unknown>
type Told = { workflowId: string; runId: string; type: string; steps: string[] }

/** Answers the names of what was written. */
export async function recordStories(house: House): Promise<string[]> {
  const codec = house.payloadKeys.codec()
  const client = await connectTemporalClient({
    address: house.temporal,
    namespace: 'default',
    codec,
  })
  try {
    const written: string[] = []
    for (const { type, workflowId, runId } of await choose(client)) {
      const name = freeName(type)
      await saveHistory(client, codec, { name, workflowId, runId })
      written.push(name)
    }
    return written
  } finally {
    await client.connection.close()
  }
}

async function choose(client: Client): Promise<Told[]> {
  const all = await readAll(client)
  const known = readKnown()
  const chosen: Told[] = []
  for (const type of new Set(all.map((told) => told.type))) {
    const stories = all.filter((told) => told.type === type)
    const seen = known.get(type) ?? new Set()
    for (let taken = 0; taken < MOST; taken += 1) {
      const newest = stories.toSorted((one, other) => fresh(other, seen) - fresh(one, seen))[0]
      // Of every kind there is one at least, although it may show nothing that was not seen in a calm hour.
      const isFirst = taken === 0 && !isRecorded(nameOf(type, 1))
      if (!newest || (fresh(newest, seen) === 0 && !isFirst)) break
      chosen.push(newest)
      for (const step of newest.steps) seen.add(step)
    }
  }
  return chosen
}

const fresh = ({ steps }: Told, seen: ReadonlySet<string>): number =>
  new Set(steps.filter((step) => !seen.has(step))).size

async function readAll(client: Client): Promise<Told[]> {
  const all: Told[] = []
  let looked = 0
  for await (const { workflowId, runId, type } of client.workflow.list({})) {
    if (workflowId.startsWith('poison:') || type.startsWith('temporal-sys')) continue
    if ((looked += 1) > LOOKED_AT) break
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    if (!events || events.length > LONGEST) continue
    all.push({ workflowId, runId, type, steps: stepsOf(events as unknown as Event[]) })
  }
  return all
}

/** What the recorded histories show, by kind of story. */
function readKnown(): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>()
  for (const file of readdirSync(FOLDER)) {
    const { events } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { events: Event[] }
    const type = nameIn(events[0] ?? {}, 'workflowType')
    const seen = known.get(type) ?? new Set()
    for (const step of stepsOf(events)) seen.add(step)
    known.set(type, seen)
  }
  return known
}

/** Which kind of event follows which: what can be new under load is not an event but an order. */
function stepsOf(events: Event[]): string[] {
  const kinds = events.map(kindOf)
  return kinds.slice(1).map((kind, nth) => `${kinds[nth]} > ${kind}`)
}

/** The attributes' name says what it is, in the SDK's objects as in its JSON. */
function kindOf(event: Event): string {
  const attributes = Object.keys(event).find(
    (name) => name.endsWith('EventAttributes') && event[name],
  )
  return `${attributes ?? ''} ${nameIn(event, 'activityType')}${nameIn(event, 'signalName')}`
}

function nameIn(event: Event, field: string): string {
  for (const value of Object.values(event)) {
    if (typeof value !== 'object' || value === null || !(field in value)) continue
    const found = (value as Record<string, unknown>)[field]
    return typeof found === 'string' ? found : ((found as { name?: string } | null)?.name ?? '')
  }
  return ''
}

const nameOf = (type: string, n: number): string =>
  `${type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-under-load-${n}`

function freeName(type: string): string {
  let n = 1
  while (isRecorded(nameOf(type, n))) n += 1
  return nameOf(type, n)
}
