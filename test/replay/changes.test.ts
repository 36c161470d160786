/**
 * Whether the replay would notice. A change that running stories do not survive, made without `patched`, must be refused
 * by the histories that we have; so each way behind a patch has one that goes it, and one of the time before.
 */
import { beforeAll, describe, expect, it } from '@jest/globals'
import { bundleRelease } from '../../faults/bundles.ts'
import { bundleOfRun } from '../support/workflow-bundle.ts'
import { answerPatch, patchCalls, recordedPatches } from './patches.ts'
import { keepQuiet } from './quiet-runtime.ts'
import { historyNames, REFUSED, replayAll } from './replaying.ts'

keepQuiet()

const names = historyNames()

describe('a change of every story, made without a patch', () => {
  let replayed: Map<string, Error | null>
  beforeAll(async () => {
    replayed = await replayAll(await bundleRelease('incompatible'), names)
  })

  it.each(names)('is refused by %s', (name) => {
    expect(replayed.get(name)?.name).toBe(REFUSED)
  })
})

/** A history of the time before each patch. */
const BEFORE: Record<string, string> = {
  'a-second-return-is-refused': 'paybill-sent-back',
  'count-at-the-deadline': 'reservation-expired',
  'disputed-without-an-id': 'payment-disputed-without-an-id',
  'each-return-has-an-id': 'paybill-sent-back',
  'nothing-is-left-behind': 'refund-declined-by-a-second-person',
  'refunds-of-every-kind': 'refund-reversed',
}
/** It changes what a step is given, which a replay does not compare. */
const UNSEEN = new Set(['never-arrived-keeps-its-key'])

const beforeOf = (id: string): string =>
  names.find((name) => name === `${BEFORE[id]}.json` || name.endsWith(`-before-${id}.json`)) ?? ''

const calls = patchCalls()
const ids = calls.filter((id) => id !== null)
const recorded = recordedPatches()
const outcomesOf = async (bundle: { code: string }, these: string[]) =>
  [...(await replayAll(bundle, these)).values()].map((error) => error?.name ?? 'told')

describe('each patch', () => {
  it('is called by a plain name, and each name in one place', () => {
    expect(calls).not.toContain(null)
    expect(ids.length).toBeGreaterThan(20)
    expect(ids.filter((id, nth) => ids.indexOf(id) !== nth)).toEqual([])
  })

  it('in a history is known to the code', () => {
    expect([...recorded.keys()].filter((id) => !ids.includes(id))).toEqual([])
  })

  it.each(ids)('%s has a history that goes its new way (npm run histories:tested)', (id) => {
    expect(recorded.get(id)).toBeDefined()
  })

  // Some stumble over the answer of a step that was not theirs, before their difference is seen.
  it.each(ids)('%s is missed when it is taken back', async (id) => {
    const { code } = await bundleOfRun()
    const outcomes = await outcomesOf(answerPatch(code, id, false), recorded.get(id) ?? [])
    expect(outcomes).toContain(REFUSED)
    expect(outcomes).not.toContain('told')
  })

  it.each(ids.filter((id) => !UNSEEN.has(id)))(
    '%s is missed when the change is made without it',
    async (id) => {
      const { code } = await bundleOfRun()
      const name = beforeOf(id)
      expect(recorded.get(id)).not.toContain(name)
      expect(await outcomesOf(answerPatch(code, id, true), [name])).toEqual([REFUSED])
    },
  )
})
