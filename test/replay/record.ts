/**
 * Records the histories of workflows that ran on a real server, for the replay test. Run it against a stack
 * that has just walked through the ways worth keeping:
 *   TEMPORAL_ADDRESS=… DATABASE_URL=… PAYLOAD_KEY=… PAYLOAD_KEY_ID=… CALLBACK_SECRET=… \
 *     node --import tsx test/replay/record.ts <workflow id>=<name of the way> …
 * Payloads are stored in clear, so record sample people only.
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadConfig } from '../../config.ts'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'
import { prepareTemporal } from '../../local/temporal-program.ts'

const config = loadConfig()
const codec = createPayloadCodec(config.secrets.payload)
const program = await prepareTemporal(config.cache)
const run = promisify(execFile)
const OUTPUT_BYTES = 16 * 1024 * 1024

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
const base64 = (value: Uint8Array) => Buffer.from(value).toString('base64')
const mapRecord = <A, B>(record: Record<string, A>, change: (value: A) => B) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

async function open(value: Json): Promise<Json> {
  if (Array.isArray(value)) return Promise.all(value.map(open))
  if (typeof value !== 'object' || value === null) return value
  if (isPayload(value)) {
    const [decoded] = await codec.decode([
      { metadata: mapRecord(value.metadata, bytes), data: bytes(value.data ?? '') },
    ])
    return {
      metadata: mapRecord(decoded?.metadata ?? {}, base64),
      data: base64(decoded?.data ?? new Uint8Array()),
    }
  }
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, one]) => [key, await open(one)] as const),
  )
  return Object.fromEntries(entries)
}

for (const wanted of process.argv.slice(2)) {
  const [address = '', name = ''] = wanted.split('=')
  const [workflowId = '', runId] = address.split('#')
  const place = ['--address', config.temporal.address, '--namespace', config.temporal.namespace]
  const which = ['--workflow-id', workflowId, ...(runId ? ['--run-id', runId] : [])]
  const shown = await run(program, ['workflow', 'show', ...place, ...which, '--output', 'json'], {
    maxBuffer: OUTPUT_BYTES,
  })
  const history = JSON.parse(shown.stdout) as { events: Json[] }
  const file = join(import.meta.dirname, 'histories', `${name}.json`)
  await writeFile(file, `${JSON.stringify(await open(history))}\n`)
  process.stdout.write(`${name}: ${history.events.length} events\n`)
}
