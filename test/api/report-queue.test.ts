import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createReportQueue } from '../../api/report-queue.ts'

const log = { warn: jest.fn(), error: jest.fn(), info: jest.fn() }
const report = (n: number) => ({
  kind: 'stk_callback' as const,
  subjectId: `s${n}`,
  messageId: `m${n}`,
})
/** Long enough for every report on its way to get through. */
const turns = () => jest.advanceTimersByTimeAsync(0)

beforeEach(() => {
  jest.useFakeTimers()
  log.warn.mockClear()
})
afterEach(() => void jest.useRealTimers())

const drive = (deliver: () => Promise<void>) => {
  const noted: string[][] = []
  const tell = createReportQueue({
    deliver,
    noteDelivered: async (ids) => void noted.push(ids),
    log,
  })
  return { tell, noted }
}

describe('handing on what came to the door', () => {
  it('sends a few at once and notes them together', async () => {
    let [under, most] = [0, 0]
    const { tell, noted } = drive(async () => {
      under += 1
      most = Math.max(most, under)
      await Promise.resolve()
      under -= 1
    })
    const all = Promise.all(Array.from({ length: 50 }, (_, n) => tell(report(n))))
    await jest.advanceTimersByTimeAsync(200)
    await all
    expect(most).toBe(8)
    expect(noted.flat().toSorted()).toEqual(
      Array.from({ length: 50 }, (_, n) => `m${n}`).toSorted(),
    )
    expect(noted).toHaveLength(1)
  })

  it('notes nothing that did not get through, and goes on with the next', async () => {
    let calls = 0
    const { tell, noted } = drive(async () => {
      calls += 1
      if (calls === 1) throw new Error('Temporal is away')
    })
    await tell(report(1))
    await tell(report(2))
    await jest.advanceTimersByTimeAsync(200)
    expect(noted).toEqual([['m2']])
    expect(log.warn).toHaveBeenCalledTimes(1)
  })

  it('keeps no more than a thousand waiting: the rest is found in the table', async () => {
    let letGo = () => undefined as void
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const { tell, noted } = drive(() => held)
    const all = Promise.all(Array.from({ length: 1_500 }, (_, n) => tell(report(n))))
    await turns()
    letGo()
    await all
    await jest.advanceTimersByTimeAsync(200)
    expect(noted.flat()).toHaveLength(1_008)
    expect(log.warn).not.toHaveBeenCalled()
  })
})
