/** What docs/reliability.md says of a run: a fault keeps its line until it is played again, and each line says how it was played. */
import { expect, test } from '@jest/globals'
import { FAULTS } from '../../faults/catalogue/index.ts'
import { mergeLines, tellRests } from '../../faults/report.ts'
import { drawable, type Row } from '../../faults/run.ts'

const played = { day: '2026-11-22', commit: 'abc1234', seed: 7, people: 6 }
const row = (number: number): Row => ({
  number,
  name: 'Kafka dies',
  promise: 'events wait',
  calm: 10,
  meanwhile: 5,
  lastedMs: 1_000,
  recoveredMs: null,
  complaints: ['it hangs'],
  quietMs: 500,
  broken: [{ rule: 'every event is there', kind: 'lost', what: ['one', 'two'] }],
})
const OLD = '| 9 | The relay dies | once | 0.1 | 82 % | 3.2 | 0 | 0 | 0 |'

test('a line says what broke, and with which people it was played', () => {
  expect(mergeLines('', [row(8)], played)).toEqual([
    '| 8 | Kafka dies | events wait | 1.0 | 50 % | no | 2 | 0 | 1 | 2026-11-22, abc1234, 7, 6 |',
  ])
})

test('lines of other days stay, once, and those of faults that are no more go', () => {
  const gone = OLD.replace('| 9 |', '| 41 |')
  const before = ['| # | fault |', '|---|---|', gone, OLD, 'Each fault has 60 s'].join('\n')
  const first = mergeLines(before, [row(8)], played)
  expect(first).toHaveLength(2)
  expect(first[1]).toBe(`${OLD} not noted |`)
  const then = mergeLines(first.join('\n'), [row(9)], { ...played, seed: 8 })
  expect(then[0]).toBe(first[0])
  expect(then[1]).toContain('abc1234, 8, 6 |')
})

test('whoever may take longer to come to rest is named with the reason; who is never drawn is known', () => {
  const told = tellRests(FAULTS).join('\n')
  for (const { number, rest } of FAULTS)
    if (rest) expect(told).toContain(`- ${number}: ${rest.seconds} s, because ${rest.because}.`)
  expect(tellRests([])).toEqual([])
  const drawn = drawable(FAULTS)
  expect(FAULTS.filter((one) => !drawn.includes(one)).map(({ number }) => number)).toEqual([
    20, 27, 39,
  ])
})

test('each number is one fault', () => {
  const numbers = FAULTS.map(({ number }) => number)
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, nth) => nth + 1))
})
