/**
 * Writes a workflow's history down for the replay test. The stack encrypts what it gives Temporal; a replay must need no
 * key, so payloads are stored opened, and only sample people and phones of nobody may stand in them (replay.test.ts).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import type { PayloadCodec } from '@temporalio/common'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'

const FOLDER = join(import.meta.dirname, '../histories')
/** Instead of the process and machine that did each step. */
const NOBODY = 'gari'
/** As the SDK names a process, also in the name of its own queue: its number and its host. */
const PROCESS = /^\d+@/

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null
type Stored = { metadata: Record<string, string>; data?: string }

const isPayload = (value: Json): value is Stored & Record<string, Json> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  'metadata' in value &&
  typeof value['metadata'] === 'object' &&
  value['metadata'] !== null &&
  'encoding' in value['metadata']

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const base64 = (value: Uint8Array | string) => Buffer.from(value).toString('base64')
const mapRecord = <A, B>(record: Record<string, A>, change: (value: A) => B) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

/** Stacks of errors say where a machine keeps this project; nobody else needs to know. */
const withoutFolder = (text: string | Buffer): string =>
  text.toString().replaceAll(`${join(import.meta.dirname, '../../..')}/`, '')

async function open(value: Json, codec: PayloadCodec): Promise<Json> {
  if (typeof value === 'string' && PROCESS.test(value)) return NOBODY
  if (Array.isArray(value)) return Promise.all(value.map((one) => open(one, codec)))
  if (typeof value !== 'object' || value === null) return value
  if (isPayload(value)) {
    const [decoded] = await codec.decode([
      { metadata: mapRecord(value.metadata, bytes), data: bytes(value.data ?? '') },
    ])
    return {
      metadata: mapRecord(decoded?.metadata ?? {}, base64),
      data: base64(withoutFolder(Buffer.from(decoded?.data ?? []))),
    }
  }
  const entries = await Promise.all(
    Object.entries(value).map(
      async ([key, one]) => [key, key === 'identity' ? NOBODY : await open(one, codec)] as const,
    ),
  )
  return Object.fromEntries(entries)
}

export type History = { events: Json[] }

export type Way = {
  /** The file's name: the story and what became of it. */
  name: string
  workflowId: string
  /** Of several runs under one id; the newest unless said. */
  runId?: string
}

const fileOf = (name: string) => join(FOLDER, `${name}.json`)
export const isRecorded = (name: string): boolean => existsSync(fileOf(name))

type Started = { workflowExecutionStartedEventAttributes?: { workflowType: { name: string } } }

/** Of which kind a stored history is. */
export function kindOf(name: string): string {
  const { events } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as { events: Started[] }
  return events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name ?? ''
}

const UNDER_LOAD = '-under-load'
export const kindsUnderLoad = (): Set<string> =>
  new Set(
    readdirSync(FOLDER)
      .filter((name) => name.includes(UNDER_LOAD))
      .map(kindOf),
  )

/** Answers how many events it has. */
export async function saveHistory(
  client: Client,
  codec: PayloadCodec,
  { name, ...way }: Way,
): Promise<number> {
  const history = await readHistory(client, codec, way)
  await writeHistory(name, history)
  return history.events.length
}

/** As it is stored: payloads opened, and nobody's process in it. */
export async function readHistory(
  client: Client,
  codec: PayloadCodec,
  { workflowId, runId }: Omit<Way, 'name'>,
): Promise<History> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const { events } = JSON.parse(historyToJSON(history)) as { events: Json[] }
  return { events: await Promise.all(events.map((event) => open(event, codec))) }
}

/** Never over one that stands. */
export const writeHistory = (name: string, history: History): Promise<void> =>
  writeFile(fileOf(name), `${withoutFolder(JSON.stringify(history))}\n`, { flag: 'wx' })
