/** Extras, other drivers and codes on the booking form. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { inTransaction } from '../../db/connection.ts'
import { closeRule, readLiveRules } from '../../db/pricing-rules.ts'
import type { HoldAnswer, ReservationInput } from '../../domain/reservations.ts'
import { shillings } from '../../domain/money.ts'
import { toFormTime } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, steadyClock } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { at } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildExtra, buildRule } from '../support/pricing.ts'

let db: TestDatabase
let answer: HoldAnswer | 'pending' = 'pending'
const asked: ReservationInput[] = []
const NOW = steadyClock()
const TRIP = {
  category: 'SUV',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: toFormTime(at(7)),
  return_at: toFormTime(at(9)),
}
const WHO = { 'parties[0][name]': 'Wanjiku Kamau', 'parties[0][phone]': '0712 345 678' }

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
afterEach(async () => {
  answer = 'pending'
  for (const { id } of await readLiveRules(db))
    await inTransaction(db, (tx) => closeRule(tx, id, { actorId: 'a-test' }))
})

async function visit() {
  const workflows = buildWorkflows({
    reserve: (input) => {
      asked.push(input)
      return Promise.resolve(answer)
    },
  })
  const visitor = createVisitor(createApp(buildDeps(db, { now: () => NOW, workflows })))
  await visitor.token()
  await visitor.post('/sign-in', { email: 'wanjiku@example.com', password: SAMPLE_PASSWORD })
  await visitor.token('/')
  const open = async () =>
    (await visitor.get(`/book?${new URLSearchParams(TRIP).toString()}`)).text()
  const send = (typed: Record<string, string>) =>
    visitor.post('/book', { ...TRIP, ...WHO, booking_id: randomUUID(), ...typed })
  return { open, send }
}
const seenIn = (html: string) => /name="seen_total" value="([^"]+)"/.exec(html)?.[1] ?? ''

describe('the booking form', () => {
  it('offers nothing where there is nothing, and then what there is', async () => {
    const { open } = await visit()
    expect(await open()).not.toContain('name="promo_code"')
    await buildRule(db, { type: 'promotional', code: 'KARIBU', fixed: shillings(-500) })
    await buildExtra(db, { stock: 1 })
    const html = await open()
    expect(html).toContain('name="promo_code"')
    expect(html).toContain('name="extras[SEAT]"')
  })

  it('shows the new price without a script, and books it only as it was shown', async () => {
    await buildRule(db, { type: 'promotional', code: 'KARIBU', fixed: shillings(-500) })
    const { open, send } = await visit()
    const seen = seenIn(await open())
    const typed = { 'extras[SEAT]': '1', promo_code: 'karibu' }
    const before = asked.length
    const early = await send({ ...typed, seen_total: seen })
    expect(early.status).toBe(400)
    expect(await early.text()).toContain('The price has changed from')
    const updated = await send({ ...typed, seen_total: seen, action: 'update' })
    expect(updated.status).toBe(200)
    const html = await updated.text()
    expect(Number(seenIn(html)) - Number(seen)).toBe(600 - 500)
    expect(asked).toHaveLength(before)
    const booked = await send({ ...typed, seen_total: seenIn(html) })
    expect(booked.status).toBe(303)
    expect(asked.at(-1)).toMatchObject({
      extras: [{ code: 'SEAT', quantity: 1 }],
      promoCode: 'KARIBU',
      seenTotal: Number(seenIn(html)) * 100,
    })
  })

  it('says beside the fields what cannot be had, and keeps what was typed', async () => {
    await buildRule(db, { type: 'promotional', code: 'KARIBU', fixed: shillings(-500) })
    const { send } = await visit()
    const wrong = { 'extras[SEAT]': '2', promo_code: 'nothing' }
    for (const action of ['update', 'book']) {
      const refused = await send({ ...wrong, action })
      expect(refused.status).toBe(400)
      const html = await refused.text()
      expect(html).toContain('id="field-extras-SEAT-error"')
      expect(html).toContain('id="field-promo_code-error"')
      expect(html).toContain('value="nothing"')
    }
    const many = await send({ 'extras[SEAT]': 'ten' })
    expect(await many.text()).toContain('A whole number from 0 to 9.')
  })

  it('tells under another id what changed while the car was being held', async () => {
    const message =
      'The price has changed from KSh 1 to KSh 2 since you saw it. Nothing was booked.'
    answer = { outcome: 'refused', code: 'PRICE_CHANGED', message, alternatives: [] }
    const { send } = await visit()
    const id = randomUUID()
    const refused = await send({ booking_id: id })
    expect(refused.status).toBe(409)
    const html = await refused.text()
    expect(html).toContain(message)
    expect(html).not.toContain(id)
  })
})
