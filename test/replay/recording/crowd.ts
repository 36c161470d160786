/** People who do everything else at the same time, so that what is recorded beside them is what load makes of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gatherCrowd } from '../../../faults/crowd.ts'
import { LINES } from '../../../faults/lines/index.ts'
import { openLog } from '../../../faults/log.ts'
import { SAMPLE_PASSWORD } from '../../../local/people-data.ts'
import { settings } from '../../support/hands.ts'
import type { Stack } from '../../support/stack.ts'

const SEED = 1

/** Answers how to send them home. */
export async function invite(
  stack: Stack,
  people: number,
  report: (line: string) => void,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'gari-crowd-'))
  await settings(stack, { autopilot: { answer: 'pay', afterMs: 0 }, c2bValidation: false })
  const { baseUrl, simulator, mailbox } = stack
  const crowd = await gatherCrowd({
    lines: LINES,
    log: openLog(join(folder, 'actions.jsonl')),
    seed: SEED,
    people,
    baseUrl,
    simulator,
    mailbox,
    password: SAMPLE_PASSWORD,
    report,
  })
  crowd.begin()
  return async () => {
    await crowd.settle()
    await crowd.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
