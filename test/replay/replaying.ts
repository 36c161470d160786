/** Recorded histories, told again to a bundle of workflows. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import type { Event } from './patches.ts'

const FOLDER = join(import.meta.dirname, 'histories')

export const historyNames = (): string[] => readdirSync(FOLDER)
export const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')
export const historyOf = (name: string) => JSON.parse(textOf(name)) as { events: Event[] }

/** As Temporal names what differs from the code's own steps; any other error is ours. */
export const REFUSED = 'DeterminismViolationError'

/** What became of each: null where the code tells the story as it was. One worker hears them all. */
export async function replayAll(
  workflowBundle: { code: string },
  names: string[],
): Promise<Map<string, Error | null>> {
  const histories = names.map((name) => ({ workflowId: name, history: historyOf(name) }))
  const results = new Map<string, Error | null>()
  const replays = Worker.runReplayHistories({ workflowBundle }, histories)
  for await (const { workflowId, error } of replays) results.set(workflowId, error ?? null)
  return results
}
