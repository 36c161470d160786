/**
 * Histories of earlier runs meet today's code. A change that would break running workflows fails here; it then
 * needs `patched`, not a new recording.
 */
import { beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SAMPLE_PHONES } from '../../local/daraja-simulator/handsets.ts'
import { SAMPLE_PEOPLE } from '../../local/people-data.ts'
import { bundleOfRun } from '../support/workflow-bundle.ts'
import { kindsUnderLoad } from './recording/saving.ts'
import { keepQuiet } from './quiet-runtime.ts'
import { historyNames, historyOf, replayAll, textOf } from './replaying.ts'

keepQuiet()
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))
const names = historyNames()
const typeOf = (name: string) =>
  historyOf(name).events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name ?? ''

describe('a recorded history', () => {
  let replayed: Map<string, Error | null>
  beforeAll(async () => {
    replayed = await replayAll(await bundleOfRun(), names)
  })

  it.each(names)('%s is replayed by the code of today', (name) => {
    expect(replayed.get(name)).toBeNull()
  })
})

describe('every kind of story', () => {
  const recorded = new Set(names.map(typeOf))
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
  [...textOf(name).matchAll(BASE64)].map(([, data = '']) => atob(data)).join('\n') + textOf(name)
/** A block of numbers that belongs to nobody, and what the sample data shows to everybody. */
const OF_NOBODY = /^2547(?:339\d{5}|1234567\d|22000\d{3})$/
const LARGEST_BYTES = 200_000

describe('what is stored', () => {
  it.each(names)('%s is small, and names sample people only', (name) => {
    expect(Buffer.byteLength(textOf(name))).toBeLessThan(LARGEST_BYTES)
    const known = [...SAMPLE_PEOPLE, ...SAMPLE_PHONES].map(({ phone }) => phone.replace('+', ''))
    const phones = [...inClear(name).matchAll(/(?<!\d)254[17]\d{8}(?!\d)/g)].map(([one]) => one)
    const strange = phones.filter((one) => !known.includes(one) && !OF_NOBODY.test(one))
    expect(strange).toEqual([])
    // In the stacks of errors.
    expect(inClear(name)).not.toMatch(/\((?:\w+:\/\/)?\/[^)]*:\d+:\d+\)/)
  })
})
