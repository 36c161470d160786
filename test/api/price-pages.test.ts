/** Rules of prices on the manager's pages. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { select } from '../../db/connection.ts'
import { readLiveRules } from '../../db/pricing-rules.ts'
import { dayOf } from '../../domain/pricing-rules.ts'
import { lastMonth } from '../../domain/rehearsals.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, steadyClock } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { at, buildBooking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
const NOW = steadyClock()
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

async function visit(who: string) {
  const visitor = createVisitor(createApp(buildDeps(db, { now: () => NOW })))
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

const SEASON = {
  name: 'High season',
  type: 'seasonal',
  from_day: dayOf(at(30)),
  multiplier: '0.5',
  priority: '3',
}

describe('a manager', () => {
  it('tries a rule on last month, lets it go live, replaces it and closes it', async () => {
    await buildBooking(db)
    const { until } = lastMonth(NOW)
    await select(db.owner, 'UPDATE reservations SET created_at = $1', [
      new Date(until.getTime() - 1),
    ])
    const manager = await visit('manager')
    const tried = await manager.post('/admin/prices/new', { ...SEASON, action: 'try' })
    expect(tried.status).toBe(200)
    const html = await tried.text()
    expect(html).toMatch(/1 of 1 booking of \w+ would differ, -KSh/)
    expect(html).toContain('value="High season"')
    expect(await readLiveRules(db)).toEqual([])

    const saved = await manager.post('/admin/prices/new', { ...SEASON, action: 'save' })
    const path = saved.headers.get('location') ?? ''
    expect(await (await manager.get('/admin/prices')).text()).toContain('High season')
    const change = { ...SEASON, multiplier: '', fixed_adjustment: '-200', weekdays: ['5', '6'] }
    const replaced = await manager.post(path, { ...change, action: 'save' })
    const next = replaced.headers.get('location') ?? ''
    expect(await readLiveRules(db)).toMatchObject([
      { id: next.split('/').at(-1), percent: 100, fixed: -20_000, weekdays: [5, 6], priority: 3 },
    ])
    expect(await (await manager.get(path)).text()).toContain('This rule is closed.')
    expect((await manager.post(`${next}/close`, {})).status).toBe(303)
    expect(await readLiveRules(db)).toEqual([])
    expect(await (await manager.get('/admin/prices')).text()).toContain('No rule is live')
  })

  it('is told beside the fields what is wrong, and what was typed stays', async () => {
    const manager = await visit('manager')
    const typed = { ...SEASON, multiplier: '1000', min_days: 'two', action: 'try' }
    const answer = await manager.post('/admin/prices/new', typed)
    expect(answer.status).toBe(400)
    const html = await answer.text()
    expect(html).toContain('id="field-min_days-error"')
    expect(html).toContain('value="1000"')
    const sized = await manager.post('/admin/prices/new', { ...typed, min_days: '' })
    expect(await sized.text()).toContain('id="field-multiplier-error"')
    const rates = { ...SEASON, type: 'base', multiplier: '', from_day: '' }
    const wrong = { 'rates[daily]': '5000', 'rates[weekly]': '40000', action: 'save' }
    const dear = await manager.post('/admin/prices/new', { ...rates, ...wrong })
    expect(await dear.text()).toContain('A week costs at least a day and at most seven.')
  })

  it('is told where two seasons want the same days and nothing decides between them', async () => {
    const manager = await visit('manager')
    const saved = await manager.post('/admin/prices/new', { ...SEASON, action: 'save' })
    const other = { ...SEASON, name: 'Another', action: 'try' }
    const rivals = 'It wants the same days as High season.'
    expect(await (await manager.post('/admin/prices/new', other)).text()).toContain(rivals)
    const first = await manager.post('/admin/prices/new', { ...other, priority: '4' })
    expect(await first.text()).not.toContain(rivals)
    await manager.post(`${saved.headers.get('location') ?? ''}/close`, {})
  })
})

describe('the desk', () => {
  it('reads rules and changes none', async () => {
    const desk = await visit('desk')
    const html = await (await desk.get('/admin/prices')).text()
    expect(html).not.toContain('/admin/prices/new')
    expect((await desk.post('/admin/prices/new', { ...SEASON, action: 'save' })).status).toBe(403)
    expect(await readLiveRules(db)).toEqual([])
  })
})
