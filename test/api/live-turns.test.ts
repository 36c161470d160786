import { describe, expect, it } from '@jest/globals'
import { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import { createLiveTurns } from '../../api/pages/live-turns.ts'
import { statusOf, toBusinessError } from '../../api/problems.ts'
import { buildDeps, ORIGIN } from '../support/api.ts'
import { createTestDatabase } from '../support/database.ts'

/** Each answer waits until it is told how to end. */
function buildApp(most: number) {
  const waiting: ((broken: boolean) => void)[] = []
  const app = new Hono()
  app.onError((error, c) => c.body(null, statusOf(toBusinessError(error).code)))
  app.use(createLiveTurns(most))
  app.get('/pay/:id/:partyId', (c) => c.text('the page'))
  app.get('/pay/:id/:partyId/live', async (c) => {
    const broken = await new Promise<boolean>((resolve) => waiting.push(resolve))
    if (broken) throw new Error('the answer broke')
    return c.body(null, 204)
  })
  const ask = async (path = '/pay/1/2/live') => (await app.request(path)).status
  return { ask, waiting }
}

describe('live parts', () => {
  it('are answered so many at once; one more is turned away, and no page is', async () => {
    const { ask, waiting } = buildApp(2)
    const first = [ask(), ask()]
    expect(await ask()).toBe(503)
    expect(await ask('/pay/1/2')).toBe(200)
    for (const end of waiting) end(false)
    expect(await Promise.all(first)).toEqual([204, 204])
  })

  it('give their place back, also when an answer breaks', async () => {
    const { ask, waiting } = buildApp(1)
    for (const [broken, status] of [
      [true, 500],
      [false, 204],
    ] as const) {
      const asked = ask()
      waiting.shift()?.(broken)
      expect(await asked).toBe(status)
    }
  })
})

describe('the live part of a page that leads nowhere', () => {
  it('is turned away as well when 250 ask at once, and what stands on the page stays', async () => {
    const db = await createTestDatabase()
    try {
      const app = createApp(buildDeps(db))
      const headers = { 'hx-request': 'true', cookie: `__Host-session=${'x'.repeat(43)}` }
      const url = `${ORIGIN}/bookings/00000000-0000-4000-8000-000000000000/pay/live`
      const all = await Promise.all(
        Array.from({ length: 250 }, async () => app.request(url, { headers })),
      )
      const away = all.filter(({ status }) => status === 503)
      expect(away.length).toBeGreaterThan(0)
      expect(away.every((answer) => answer.headers.get('hx-reswap') === 'none')).toBe(true)
      expect((await app.request(url, { headers })).status).toBe(401)
    } finally {
      await db.drop()
    }
  })
})
