import { expect, it } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { watchCores } from '../../bench/processes.ts'
import { isRunning, recordOf } from '../../local/processes.ts'
import { eventually } from '../support/stack.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Where there is no /proc nothing is measured. */
const LEAST = process.platform === 'linux' ? 0.4 : -1
const BUSY = 'while (process.cpuUsage().user < 500_000);'

it('cores that a child of ours used are ours, also when it has ended', () => {
  const began = performance.now()
  const cores = watchCores()
  spawnSync(process.execPath, ['-e', BUSY])
  const seconds = (performance.now() - began) / 1_000
  expect(cores().ours * seconds).toBeGreaterThan(LEAST)
})

/** Starts what would go on by itself, says its number, and then does as told. */
const starter = (then: string) => `
  import { spawn } from 'node:child_process'
  import { endWithUs } from './bench/ending.ts'
  endWithUs()
  const { pid } = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  process.stdout.write(String(pid))
  ${then}`

it.each([
  ['is asked to end', 'process.stdin.resume()', 'SIGTERM'],
  ['fails', "process.stdin.once('data', () => Promise.reject(new Error('as planned')))", null],
] as const)('what a bench has started ends with it when it %s', async (_, then, signal) => {
  const args = ['--import', 'tsx', '--input-type=module', '-e', starter(then)]
  const bench = spawn(process.execPath, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = once(bench, 'exit')
  const [said] = (await once(bench.stdout, 'data')) as [Buffer]
  const record = recordOf(Number(String(said)))
  expect(isRunning(record)).toBe(true)
  // Twice, as Ctrl-C comes.
  if (signal) for (const _ of [1, 2]) bench.kill(signal)
  else bench.stdin.write('now')
  expect(await ended).toEqual([1, null])
  await eventually('it has ended', async () => !isRunning(record))
})
