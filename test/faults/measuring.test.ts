/** Recovery begins with the healing and ends with the first who came after it; what lasted is not counted to it. */
import { expect, test } from '@jest/globals'
import type { Action } from '../../faults/log.ts'
import { servedAt, untilRecovered } from '../../faults/measuring.ts'
import type { Stage } from '../../faults/stage.ts'

const did = (what: string, id: string, beganAt: number, endedAt: number): Action => ({
  id: `${what} ${id}`,
  line: 'rental',
  what,
  facts: { id },
  outcome: 'ok',
  tries: 1,
  beganAt,
  endedAt,
})
const life = (id: string, from: number) => [
  did('book', id, from, from + 10),
  did('see confirmed', id, from + 20, from + 100),
]
/** Nobody of these speaks to anybody. */
const stageWith = (actions: Action[]) =>
  ({
    log: { read: () => actions },
    crowd: { welcome: () => undefined },
    house: { isWhole: async () => true },
  }) as unknown as Stage

test('who booked before the healing is not served by it', () => {
  expect(servedAt(life('early', 900), 1_000)).toBeNull()
  expect(
    servedAt([...life('early', 900), ...life('late', 1_500), ...life('first', 1_200)], 1_000),
  ).toBe(1_300)
})

test('where the fault went on after its healing, the first who came counts', async () => {
  const at = Date.now() - 300_000
  const stage = stageWith(life('first', at + 2_000))
  expect(await untilRecovered(stage, { at, wholeAt: at + 500 })).toBe(2_100)
  expect(await untilRecovered(stage, { at, wholeAt: at + 4_000 })).toBe(4_000)
})

test('later than a minute is no recovery', async () => {
  const at = Date.now() - 300_000
  const late = stageWith(life('first', at + 70_000))
  expect(await untilRecovered(late, { at, wholeAt: at + 500 })).toBeNull()
  expect(await untilRecovered(late, { at, wholeAt: null })).toBeNull()
})
