/** Temporal is away: reading goes on, starting says so and when to try again, and reports are still taken. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { createWorkflows } from '../../api/workflow-messages.ts'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'
import { connectTemporalClient } from '../../gateways/temporal.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { freePort } from '../../local/ports.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  readProblem,
  type TestApi,
} from '../support/api.ts'
import { trip } from '../support/customer.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

type Client = Awaited<ReturnType<typeof connectTemporalClient>>
let db: TestDatabase
let api: TestApi
let client: Client
let bearer: { authorization: string }

beforeAll(async () => {
  db = await createTestDatabase()
  const codec = createPayloadCodec({ keyId: 'k1', key: randomBytes(32) })
  const address = `127.0.0.1:${await freePort()}`
  client = await connectTemporalClient({ address, namespace: 'default', codec })
  const deps = buildDeps(db, {
    workflows: buildWorkflows(createWorkflows(client)),
    now: () => new Date(),
  })
  api = createTestApi(deps)
  const answer = await api.post('/auth/login', {
    email: 'wanjiku@example.com',
    password: SAMPLE_PASSWORD,
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  bearer = { authorization: `Bearer ${token}` }
})
afterAll(async () => {
  await client.connection.close()
  await db.drop()
})

describe('while Temporal is away', () => {
  it('a booking is refused with 503 and a time to try again, in one shape', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const answer = await api.post('/reservations', trip(), { ...bearer, ...key })
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await readProblem(answer)).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' })
  }, 30_000)

  it('reading goes on', async () => {
    const lists = ['/vehicle-categories', '/locations', '/vehicles', '/reservations']
    const answers = await Promise.all(lists.map((path) => api.get(path, bearer)))
    expect(answers.map(({ status }) => status)).toEqual(lists.map(() => 200))
  })
})
