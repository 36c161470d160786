/**
 * Whether the replay would notice. A change that running stories do not survive, made without `patched`, must be refused
 * by the histories that we have; so each way behind a patch has one that goes it, and one of the time before.
 */
import { beforeAll, describe, expect, it } from '@jest/globals'
import { bundleRelease } from '../../faults/bundles.ts'
import { bundleOfRun } from '../support/workflow-bundle.ts'
import { answerPatch, patchCalls, recordedPatches } from './patches.ts'
import { historyNames, REFUSED, replayAll } from './replaying.ts'

describe('a change of every story, made without a patch', () => {
  const names = historyNames()
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
/** Older than this rule: nobody recorded the way before, and no more may be added. */
const NEVER_RECORDED = [
  'a-blocked-refund-looks-again',
  'a-named-phone-needs-two',
  'ask-about-the-receipt',
  'count-when-resumed',
  'hold-through-outages',
  'never-arrived-keeps-its-key',
  'nobody-took-it-keeps-its-key',
  'our-own-trouble-is-a-case',
  'owner-is-told',
  'pay-when-back',
  'refunds-hear-of-receipts',
  'refunds-wait-for-mpesa',
  'tell-the-prompt',
  'the-desk-hears-whether-it-counts',
  'withdrawn-transfers-come-home',
]

const calls = patchCalls()
const ids = calls.filter((id) => id !== null)
const recorded = recordedPatches()
const becomeOf = async (bundle: { code: string }, name: string) =>
  (await replayAll(bundle, [name])).get(name)?.name

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

  it.each(ids)('%s is missed when it is taken back', async (id) => {
    const { code } = await bundleOfRun()
    const [name = ''] = recorded.get(id) ?? []
    expect(await becomeOf(answerPatch(code, id, false), name)).toBe(REFUSED)
  })

  it.each(ids.filter((id) => !NEVER_RECORDED.includes(id)))(
    '%s is missed when the change is made without it',
    async (id) => {
      const { code } = await bundleOfRun()
      const name = `${BEFORE[id] ?? ''}.json`
      expect(recorded.get(id)).not.toContain(name)
      expect(await becomeOf(answerPatch(code, id, true), name)).toBe(REFUSED)
    },
  )
})
