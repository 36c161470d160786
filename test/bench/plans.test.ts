import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  connectExplaining,
  pagesOf,
  unboundScans,
  type Explaining,
} from '../../bench/explaining.ts'
import { insertOpenBookings, readOpenBookings, today } from '../../bench/open-bookings.ts'
import { insertWaiting, waitingQuestions } from '../../bench/plan-questions.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let explaining: Explaining
beforeAll(async () => {
  db = await createTestDatabase()
  await insertOpenBookings(db.owner, { from: 0, to: 20, since: today() })
  await insertWaiting(db, { reports: 20, waiting: 5 })
  explaining = connectExplaining(db.ownerUrl, [], testVault)
})
afterAll(async () => {
  await explaining.db.close()
  await db.drop()
})

describe('plans of what really ran', () => {
  it('are heard for each question about what waits, with the pages it looked at', async () => {
    const [some] = await readOpenBookings(db, { from: 7, to: 8 })
    if (!some) throw new Error('no booking')
    for (const { title, shows, work } of waitingQuestions(explaining.db, some)) {
      const plans = await explaining.explain(work)
      const shown = plans.filter(({ statement }) => shows.test(statement))
      expect([title, shown.length]).toEqual([title, title === 'The day sheet' ? 3 : 1])
      expect(shown.every((plan) => pagesOf(plan) > 0)).toBe(true)
      expect(shown.flatMap(({ lines }) => lines).join()).not.toContain('cost=')
    }
  })

  it.each([
    [['Seq Scan on holds h (actual rows=9 loops=1)'], 1],
    [['Index Scan using holds_calendar on holds h', '  Index Cond: (resource_id = $1)'], 0],
    [['Index Scan using holds_calendar on holds h', '  Filter: (state = $1)'], 1],
    [['Bitmap Index Scan on holds_owner', '->  Index Scan on users', '  Index Cond: (id = $1)'], 1],
    [['Seq Scan on locations', 'Seq Scan on threesholds'], 0],
  ])('knows a scan without bounds: %j', (lines, count) => {
    expect(unboundScans({ statement: '', lines }, ['holds'])).toHaveLength(count)
  })
})
