/** What a fault looks at can be broken: each of these sees it. */
import { describe, expect, it } from '@jest/globals'
import { setTimeout as rest } from 'node:timers/promises'
import { unlike, unnoticed } from '../../faults/catalogue/histories.ts'
import { inTime } from '../../faults/catalogue/in-time.ts'
import { keptAt } from '../../faults/catalogue/temporal-away.ts'

const NOTICED = 'reservation:1: Replay failed with a nondeterminism error.'
const KEYLESS = 'reservation:1: Replay failed due workflow task failure. Details: no key k2'

describe('histories that are told again', () => {
  it('prove nothing where there are none', () => {
    expect(unlike({ told: 0, failed: [] })).toEqual(['there was nothing to tell'])
    expect(unnoticed({ told: 0, failed: [] })).toEqual(['there was nothing to tell'])
  })

  it('are alike when none failed, and noticed a change when all say that it is another story', () => {
    expect(unlike({ told: 1, failed: [] })).toEqual([])
    expect(unlike({ told: 1, failed: [KEYLESS] })).toEqual([KEYLESS])
    expect(unnoticed({ told: 1, failed: [NOTICED] })).toEqual([])
  })

  it('did not notice a change when they fail for another reason, or not at all', () => {
    expect(unnoticed({ told: 1, failed: [KEYLESS] })).toEqual(['1 of 1 did not notice', KEYLESS])
    expect(unnoticed({ told: 2, failed: [NOTICED] })).toEqual(['1 of 2 did not notice'])
  })
})

describe('an answer in time', () => {
  const complaints: string[] = []
  const scene = { complain: (what: string) => void complaints.push(what) }

  it('is one that comes, whatever it says', async () => {
    complaints.length = 0
    expect(await inTime(scene, 'a wish', async () => 503)).toBe(503)
    expect(complaints).toEqual([])
  })

  it('is none that comes late, or never', async () => {
    complaints.length = 0
    await inTime(scene, 'a wish', () => rest(30), 5)
    await inTime(scene, 'a page', () => Promise.reject(new Error('nobody is there')))
    expect(complaints.map((one) => one.split(':')[0])).toEqual(['a wish', 'a page'])
  })
})

describe('a deadline', () => {
  const was = new Date('2026-11-22T10:00:00Z')
  const later = new Date('2026-11-22T10:00:20Z')
  const standing = { status: 'pending', until: was, endedAt: null, changedAt: was } as const

  it('is not kept while the booking only stands there', () => {
    expect(keptAt(standing, was)).toBeNull()
    expect(keptAt({ ...standing, changedAt: later }, was)).toBeNull()
  })

  it('is kept by the end of the booking, or by a new one', () => {
    expect(keptAt({ ...standing, status: 'expired', endedAt: later }, was)).toEqual(later)
    expect(keptAt({ ...standing, until: later, changedAt: later }, was)).toEqual(later)
  })
})
