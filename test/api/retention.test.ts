/** The page of what we hold and until when. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { keepNoLonger } from '../../db/retention.ts'
import { RETENTION_RULES } from '../../db/retention-rules.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { retentionNight } from '../../workers/nightly-retention.ts'
import { buildDeps } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { buildBooking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

async function open(who: string) {
  const visitor = createVisitor(createApp(buildDeps(db)))
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  return visitor.get('/admin/retention')
}

it.each([
  ['manager', 200],
  ['operations', 200],
  ['admin', 200],
  ['desk', 403],
  ['finance', 403],
  ['wanjiku', 403],
])('is answered to %s with %i', async (who, status) => {
  expect((await open(who)).status).toBe(status)
})

it('says before the first night that none has passed, and after it how much there is', async () => {
  expect(await (await open('operations')).text()).toContain('none has passed yet')
  await buildBooking(db)
  for (const rule of RETENTION_RULES)
    await keepNoLonger(db, rule, retentionNight('2026-11-01', new Date()))
  const after = await (await open('operations')).text()
  expect(after).not.toContain('none has passed yet')
  expect(after).toMatch(/Bookings<\/th>/)
})
