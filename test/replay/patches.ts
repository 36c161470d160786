/** Which ways of a story stand behind `patched`, and which recorded histories go them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const WORKFLOWS = join(import.meta.dirname, '../../workflows')
const HISTORIES = join(import.meta.dirname, 'histories')

type Payloads = { payloads: { data: string }[] }
type Marker = { markerName: string; details?: Record<string, Payloads> }
export type Event = {
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string } }
  markerRecordedEventAttributes?: Marker
}

/** As the SDK writes down that a story goes a new way. */
const PATCH = { marker: 'core_patch', detail: 'patch-data' } as const

const patchOf = ({ markerRecordedEventAttributes: marker }: Event): string[] => {
  if (marker?.markerName !== PATCH.marker) return []
  const data = marker.details?.[PATCH.detail]?.payloads[0]?.data ?? ''
  const { id } = JSON.parse(Buffer.from(data, 'base64').toString()) as { id: string }
  return [id]
}

/** Of events as they are stored, payloads opened. */
export const patchesOf = (events: Event[]): string[] => events.flatMap(patchOf)

/** By id, the histories that go its new way. */
export function recordedPatches(): Map<string, string[]> {
  const recorded = new Map<string, string[]>()
  for (const name of readdirSync(HISTORIES)) {
    const text = readFileSync(join(HISTORIES, name), 'utf8')
    const { events } = JSON.parse(text) as { events: Event[] }
    for (const id of patchesOf(events)) recorded.set(id, [...(recorded.get(id) ?? []), name])
  }
  return recorded
}

/** Every call in the code; null where its id is no plain text. */
export const patchCalls = (): (string | null)[] =>
  readdirSync(WORKFLOWS).flatMap((file) => {
    const text = readFileSync(join(WORKFLOWS, file), 'utf8')
    return [...text.matchAll(/\b(?:deprecatePatch|patched)\((?:'([^']+)'\))?/g)].map(
      ([, id]) => id ?? null,
    )
  })

/** The bundle as it would be had the change been made without its patch (true), or were it taken back (false). */
export function answerPatch(code: string, id: string, answer: boolean): { code: string } {
  const call = new RegExp(`\\(0,\\s*[\\w$.]+\\.patched\\)\\('${id}'\\)`, 'g')
  const calls = code.match(call)?.length ?? 0
  if (calls !== 1) throw new Error(`the bundle asks ${calls} times for the patch ${id}`)
  return { code: code.replace(call, `(${answer})`) }
}
