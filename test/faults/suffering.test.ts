/** What belongs to the fault, what to the recovery, and what is looked at after both. Nobody really works here. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { Fault } from '../../faults/catalogue/fault.ts'
import type { Action } from '../../faults/log.ts'
import type { Stage } from '../../faults/stage.ts'
import { suffer } from '../../faults/suffering.ts'

const happened: string[] = []
const actions: Action[] = []
const did = (what: string): Action => ({
  id: what,
  line: 'rental',
  what,
  facts: { id: 'first' },
  outcome: 'ok',
  tries: 1,
  beganAt: Date.now(),
  endedAt: Date.now(),
})
/** Somebody comes as soon as they are welcome, and is served at once. */
const serve = () => void actions.push(did('book'), did('see confirmed'))
const note = (what: string) => async () => void happened.push(what)
const stage = {
  isShort: true,
  house: {
    simulator: 'http://127.0.0.1:1',
    proxies: { healAll: note('connections are healed') },
    keeper: { healAll: note('parts are brought back') },
    isWhole: async () => true,
  },
  crowd: { begin: () => undefined, welcome: serve },
  log: { read: () => actions },
  inspector: {},
  say: () => undefined,
} as unknown as Stage
const fault = (happen: Fault['happen']): Fault => ({
  number: 1,
  name: 'It dies',
  promise: '',
  happen,
})

beforeEach(() => {
  happened.length = 0
  actions.length = 0
  jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response())
})
afterEach(() => void jest.restoreAllMocks())

test('the healing brings back what the fault left away; then it is looked at once more', async () => {
  const { complaints, recoveredMs } = await suffer(
    stage,
    fault(async ({ afterwards }) => {
      happened.push('it dies')
      afterwards(async () => void happened.push(`looked at, ${actions.length} actions later`))
      afterwards(() => Promise.reject(new Error('a deadline was forgotten')))
    }),
    0,
  )
  expect(happened).toEqual([
    'it dies',
    'connections are healed',
    'parts are brought back',
    'looked at, 2 actions later',
  ])
  expect(complaints).toEqual(['Error: a deadline was forgotten'])
  expect(recoveredMs).toBeGreaterThanOrEqual(0)
})

test('what comes before its beginning and after its own healing is not the fault', async () => {
  let clock = 1_000
  jest.spyOn(Date, 'now').mockImplementation(() => clock)
  const { lastedMs, recoveredMs, complaints } = await suffer(
    stage,
    fault(async ({ begins, heals }) => {
      clock += 7_000
      begins()
      clock += 500
      await heals(async () => {
        clock += 300
      })
      serve()
      clock += 9_000
    }),
    0,
  )
  expect({ lastedMs, recoveredMs, complaints }).toEqual({
    lastedMs: 500,
    recoveredMs: 300,
    complaints: [],
  })
})
