/** What the description gives as examples is what the routes take. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Description } from '../../api/description.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs } from '../support/bearers.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
})
afterAll(() => db.drop())

/** Who changes a password shows the one they have, which no example can. */
const UNKNOWN = '/auth/change-password'
const NAMED: Record<string, string> = {
  kind: 'home',
  day: '2026-11-21',
  receipt: 'UKL4A1B2C3',
}
const NOBODY = '00000000-0000-4000-8000-000000000000'

const DAY_MS = 86_400_000
const FIRST_MS = Date.parse('2026-11-27T00:00:00Z')
/** Examples name fixed days, and some routes want days to come: as many days later as it takes. */
const LATER_MS = Math.max(0, Math.ceil((Date.now() - FIRST_MS) / DAY_MS) + 7) * DAY_MS
const toCome = (example: unknown): unknown =>
  JSON.parse(
    JSON.stringify(example).replaceAll(/\d{4}-\d{2}-\d{2}(?=T)/g, (day) =>
      new Date(Date.parse(`${day}T00:00:00Z`) + LATER_MS).toISOString().slice(0, 10),
    ),
  )

it('each example of a body is understood, whatever becomes of it', async () => {
  const { paths } = (await (await api.get('/openapi.json')).json()) as Description
  // A customer is refused most of this, but not before it was read.
  const customer = await signInAs(api, 'customer')
  const asked = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const example = requestBody?.content['application/json']?.example
      return example === undefined || path === UNKNOWN
        ? []
        : [{ path, method: method.toUpperCase(), example }]
    }),
  )
  expect(asked.length).toBeGreaterThan(35)
  const misunderstood: unknown[] = []
  for (const { path, method, example } of asked) {
    const headers = { 'if-match': '"1"' }
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => NAMED[name] ?? NOBODY)
    const answer = await customer.ask(method, address, { body: toCome(example), headers })
    if (answer.status === 400) misunderstood.push([method, path, await answer.json(), example])
  }
  expect(misunderstood).toEqual([])
})
