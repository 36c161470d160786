/**
 * The short form of `npm run faults`: ten faults in a row while people book, pay, cancel and are paid back; then one look
 * by the checker, who shares no code with Gari; then each of its rules is broken on purpose.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { childEnvironment } from '../../config.ts'

const LONGEST_MS = 600_000
/** By itself it is far quicker: whoever waits for all tests waits for this as well. */
const SHORT_MS = 300_000
const OPTIONS = ['--together', '--seed', '20261122', '--people', '2']
let run: ChildProcess | undefined
let tookMs = Number.NaN
const said: string[] = []
const saying = (word: string) => said.filter((line) => line.trim().startsWith(word))

beforeAll(async () => {
  const began = performance.now()
  run = spawn(process.execPath, ['--import', 'tsx', 'faults/index.ts', ...OPTIONS], {
    cwd: join(import.meta.dirname, '../..'),
    env: childEnvironment({ NODE_OPTIONS: '' }),
    // By the channel it notices when this process is gone, and stops what it has started.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [run.stdout, run.stderr])
    if (stream) createInterface({ input: stream }).on('line', (line) => void said.push(line))
  await once(run, 'close')
  tookMs = performance.now() - began
}, LONGEST_MS)
afterAll(async () => {
  if (!run || run.exitCode !== null || run.signalCode !== null) return
  run.kill('SIGTERM')
  await once(run, 'exit')
}, 60_000)

describe('ten faults in a row', () => {
  it('lose nothing, double nothing and break no promise', () => {
    expect(saying('BROKEN')).toEqual([])
  })

  it('are each healed: somebody who came afterwards has their booking', () => {
    const told = said.join('\n')
    expect(told).toContain('10 faults, seed 20261122')
    expect(told.match(/; recovered in /g) ?? []).toHaveLength(10)
    expect({ code: run?.exitCode, told }).toMatchObject({ code: 0 })
  })
})

describe('the short form', () => {
  it('is over within five minutes', () => {
    expect(tookMs).toBeLessThan(SHORT_MS)
  })
})

describe('the checker', () => {
  it('sees each rule broken that is broken on purpose', () => {
    expect(saying('BLIND')).toEqual([])
    expect(said).toContain('0 rules do not see what breaks them.')
  })
})
