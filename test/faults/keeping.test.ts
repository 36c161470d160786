/** What was played is kept, whatever happens after it. */
import { expect, test } from '@jest/globals'
import { keepRows } from '../../faults/keeping.ts'

const kept: number[][] = []
const keep = async (rows: number[]) => void kept.push([...rows])
const playing =
  (...played: number[]) =>
  async (rows: number[]) =>
    void rows.push(...played)
const failing = async () => {
  throw new Error('the house burns')
}

test('rows are kept before the house is left, and once', async () => {
  kept.length = 0
  await expect(keepRows(keep, playing(1, 2), failing)).rejects.toThrow('the house burns')
  expect(kept).toEqual([[1, 2]])
  kept.length = 0
  expect(await keepRows(keep, playing(1, 2), async (rows) => rows)).toEqual([1, 2])
  expect(kept).toEqual([[1, 2]])
})

test('rows are kept that were played before one failed; of none there is nothing to keep', async () => {
  kept.length = 0
  const play = async (rows: number[]) => {
    rows.push(1)
    await failing()
  }
  await expect(keepRows(keep, play, async (rows) => rows)).rejects.toThrow('the house burns')
  expect(kept).toEqual([[1]])
  await expect(keepRows(keep, failing, async (rows) => rows)).rejects.toThrow('the house burns')
  expect(kept).toHaveLength(1)
})

test('what is found when the house is left is kept as well', async () => {
  kept.length = 0
  expect(await keepRows(keep, playing(1), async () => [7])).toEqual([7])
  expect(kept).toEqual([[1], [7]])
})
