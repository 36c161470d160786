/**
 * Histories of earlier runs meet today's code. A change that would break running workflows fails here; it then
 * needs `patched`, not a new recording.
 */
import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker'

const folder = join(import.meta.dirname, 'histories')
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))
const logger = new DefaultLogger('ERROR')
Runtime.install({ logger })
const bundle = bundleWorkflowCode({ workflowsPath, logger })

type History = { events: Record<string, unknown>[] }
const read = (name: string): History =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as History
const replay = async (history: History, name: string) =>
  Worker.runReplayHistory({ workflowBundle: await bundle }, history, name)

describe('a recorded history', () => {
  const names = readdirSync(folder)

  it('exists for every kind of story', () => {
    for (const kind of ['reservation', 'payment', 'refund', 'late-money'])
      expect(names.some((name) => name.startsWith(kind))).toBe(true)
  })

  it.each(names)('%s is replayed by the code of today', (name) => replay(read(name), name))

  it('is refused when the story has changed under it', async () => {
    const history = read('payment-settled.json')
    const events = history.events.filter(({ eventType }) => !/ACTIVITY/.test(String(eventType)))
    await expect(replay({ events }, 'changed')).rejects.toThrow()
  })
})
