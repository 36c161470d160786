/**
 * Histories of earlier runs meet today's code. A change that would break running workflows fails here; it then
 * needs `patched`, not a new recording.
 */
import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { SAMPLE_PHONES } from '../../local/daraja-simulator/handsets.ts'
import { SAMPLE_PEOPLE } from '../../local/people-data.ts'
import { bundleOfRun } from '../support/workflow-bundle.ts'
import { kindsUnderLoad } from './recording/saving.ts'

const folder = join(import.meta.dirname, 'histories')
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))
Runtime.install({ logger: new DefaultLogger('ERROR') })

type Event = Record<string, unknown> & {
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string } }
}
type History = { events: Event[] }
const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
const read = (name: string): History => JSON.parse(text(name)) as History
const replay = async (history: History, name: string) =>
  Worker.runReplayHistory({ workflowBundle: await bundleOfRun() }, history, name)

const names = readdirSync(folder)
const typeOf = ({ events }: History) =>
  events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name ?? ''

describe('a recorded history', () => {
  it.each(names)('%s is replayed by the code of today', (name) => replay(read(name), name))

  it('is refused when the story has changed under it', async () => {
    const history = read('payment-settled.json')
    const events = history.events.filter(({ eventType }) => !/ACTIVITY/.test(String(eventType)))
    await expect(replay({ events }, 'changed')).rejects.toThrow()
  })
})

describe('every kind of story', () => {
  const recorded = new Set(names.map((name) => typeOf(read(name))))
  const lists = [...readFileSync(workflowsPath, 'utf8').matchAll(/^export \{([^}]+)\}/gm)]
  const exported = lists.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))

  it.each(exported)('%s has a history (npm run histories:record)', (type) => {
    expect([...recorded]).toContain(type)
  })

  const underLoad = kindsUnderLoad()
  it.each(exported)('%s has one that was recorded under load', (type) => {
    expect([...underLoad]).toContain(type)
  })
})

const BASE64 = /"data":"([^"]+)"/g
/** Payloads are stored opened, see recording/saving.ts. */
const inClear = (name: string): string =>
  [...text(name).matchAll(BASE64)].map(([, data = '']) => atob(data)).join('\n') + text(name)
/** A block of numbers that belongs to nobody, and what the sample data shows to everybody. */
const OF_NOBODY = /^2547(?:339\d{5}|1234567\d|22000\d{3})$/
const LARGEST_BYTES = 200_000

describe('what is stored', () => {
  it.each(names)('%s is small, and names sample people only', (name) => {
    expect(statSync(join(folder, name)).size).toBeLessThan(LARGEST_BYTES)
    const known = [...SAMPLE_PEOPLE, ...SAMPLE_PHONES].map(({ phone }) => phone.replace('+', ''))
    const phones = [...inClear(name).matchAll(/(?<!\d)254[17]\d{8}(?!\d)/g)].map(([one]) => one)
    const strange = phones.filter((one) => !known.includes(one) && !OF_NOBODY.test(one))
    expect(strange).toEqual([])
  })
})
