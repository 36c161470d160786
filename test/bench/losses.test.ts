import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { countLost, reportOf } from '../../bench/callbacks.ts'
import { countRefusedThoughFree } from '../../bench/crowd.ts'
import { insertOpenBookings } from '../../bench/open-bookings.ts'
import { shoot } from '../../bench/shooting.ts'
import { select } from '../../db/connection.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { DAY_MS } from '../../domain/time.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

describe('what the benches count as lost', () => {
  it('is each report that was answered and is not stored, whatever else is stored', async () => {
    for (const n of [1, 3, 4, 5])
      await storeMessage(db, {
        kind: 'balance_result',
        subjectId: randomUUID(),
        body: reportOf(n),
        sourceIp: null,
      })
    expect(await countLost(db, new Set([1, 3]))).toBe(0)
    expect(await countLost(db, new Set([1, 2, 3]))).toBe(1)
  })

  it('knows of each shot whether it was answered with 200', async () => {
    const answered: string[] = []
    const server = createServer((request, response) => {
      const n = Number(request.url?.slice(1))
      if (n % 3 === 0) response.writeHead(503)
      else answered.push(request.url ?? '')
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted: string[] = []
    let last = 0
    const next = () => {
      const path = `/${(last += 1)}`
      return { path, body: '', accepted: () => accepted.push(path) }
    }
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const shots = await shoot(origin, next, { rate: 200, seconds: 1 })
    server.close()
    expect(shots.failed).toBeGreaterThan(0)
    expect(accepted).toHaveLength(shots.answered)
    expect(answered).toEqual(expect.arrayContaining(accepted))
  })

  it('is each refusal of a car that nobody had', async () => {
    const since = new Date()
    // Each of the first ten cars leaves after 14 days or more and is away for two.
    await insertOpenBookings(db, { from: 0, to: 10, since })
    await select(db, `UPDATE vehicles SET active = number = 'OPEN-0' RETURNING id`)
    const day = (nth: number) => new Date(since.getTime() + nth * DAY_MS).toISOString()
    const taken = { pickup_at: day(15), return_at: day(17) }
    const free = { pickup_at: day(16), return_at: day(18) }
    expect(await countRefusedThoughFree(db, [taken, taken])).toBe(0)
    expect(await countRefusedThoughFree(db, [taken, free, free])).toBe(2)
    expect(await countRefusedThoughFree(db, [])).toBe(0)
  })
})
