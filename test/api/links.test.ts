/** No link leads anybody to a door that is closed to them: every page that a role can reach by links is open to it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { buildDeps, buildWorkflows } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { inTransaction } from '../../db/connection.ts'
import { openRefund } from '../../db/refunds.ts'
import { shillings } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildBooking, buildCompany, buildPaid } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: ReturnType<typeof createApp>

/** One of each: a booking that collects, one that is paid, a refund that waits for a second person, a company. */
beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db, { workflows: buildWorkflows() }))
  await buildBooking(db)
  await buildCompany(db)
  const booking = await buildBooking(db)
  const { paymentId, phone } = await buildPaid(db, booking, booking.held.total)
  const about = { refundId: paymentId, paymentId, amount: shillings(500), phone }
  const wish = { ...about, reason: 'a flat tyre', actorId: 'somebody', askedBy: 'person' as const }
  const policy = { approvalAbove: shillings(100), now: new Date() }
  await inTransaction(db, (tx) => openRefund(tx, wish, policy))
})
afterAll(() => db.drop())

async function enter(who: string): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token()
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  return visitor
}

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g
/** Pages of one kind are one page: one booking is like the next. */
const kindOf = (path: string): string => path.split('?')[0]?.replaceAll(UUID, ':id') ?? path

const linksIn = (html: string): string[] =>
  [...html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].flatMap(([, path = '']) =>
    path.startsWith('/static') || path.startsWith('/language')
      ? []
      : [path.replaceAll('&amp;', '&')],
  )

/** Kind of page to the answer it gave. */
async function walk(visitor: Visitor): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const waiting = ['/']
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    if (seen.has(kindOf(path))) continue
    const answer = await visitor.get(path)
    seen.set(kindOf(path), answer.status)
    const to = answer.headers.get('location')
    waiting.push(...(to?.startsWith('/') ? [to] : linksIn(await answer.text())))
  }
  return seen
}

it.each([
  ['customer', '/bookings'],
  ['desk', '/desk/till'],
  ['finance', '/finance/day-close'],
  ['manager', '/desk/till'],
  ['operations', '/admin/operations'],
])('%s, who sees %s, meets no closed door', async (who, own) => {
  const seen = await walk(await enter(who))
  expect([...seen].filter(([, status]) => status >= 400)).toEqual([])
  expect(seen.get(own)).toBe(200)
})
