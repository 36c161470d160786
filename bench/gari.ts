/** Drives Gari as a customer's programme would: HTTP in, confirmed in the books; phones answer by themselves. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { connectDatabase, select } from '../db/connection.ts'
import { tripOf } from '../faults/person.ts'
import { control, createCustomer, type Answer } from '../test/support/customer.ts'
import type { Stack } from '../test/support/stack.ts'
import type { Runner } from './measure.ts'

const POLL_MS = 20

/** One statement for all callers asks which bookings are confirmed by now. */
function watch(databaseUrl: string) {
  const db = connectDatabase({ url: databaseUrl, pool: 1, applicationName: 'gari-bench' })
  const waiting = new Map<string, () => void>()
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const ids = [...waiting.keys()]
      const rows =
        ids.length > 0
          ? await select<{ id: string }>(
              db,
              "SELECT id FROM reservations WHERE status = 'confirmed' AND id = ANY($1::uuid[])",
              [ids],
            )
          : []
      for (const { id } of rows) {
        waiting.get(id)?.()
        waiting.delete(id)
      }
      await rest(POLL_MS)
    }
    await db.close()
  }
  const done = loop()
  return {
    confirmed: (id: string) => new Promise<void>((resolve) => waiting.set(id, resolve)),
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

const PENDING = 202
const TOO_BUSY = 503
const SECOND_MS = 1_000

/**
 * "We are on it" and "not now" are no first answer yet: the same request again, with the same key, hears how it went, and the
 * clock runs on. Who is told how long to wait waits so long.
 */
async function answered(ask: () => Promise<Answer>, again: readonly number[]): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (!again.includes(answer.status)) return answer
    const seconds = Number(answer.headers.get('retry-after') ?? 0)
    await rest(Math.max(POLL_MS, seconds * SECOND_MS))
  }
}

/** In a data folder that was used before, as many trips are taken as there were bookings. */
export async function startGari(stack: Stack, taken = 0): Promise<Runner> {
  await control(stack, 'PATCH', '/settings', {
    promptDelayMs: 0,
    processingMs: 0,
    ruleSeventeen: false,
    autopilot: { answer: 'pay', afterMs: 0 },
  })
  const customer = await createCustomer(stack)
  const watcher = watch(stack.databaseUrl)
  let n = taken
  return {
    name: 'Gari',
    stop: () => watcher.stop(),
    once: async () => {
      n += 1
      const phone = `07${String(10_000_000 + n)}`
      const parties = [{ name: 'Bench', phone }]
      const key = randomUUID()
      const wish = { ...tripOf(n), parties }
      const start = performance.now()
      const { status, body } = await answered(
        () => customer.reserve(wish, key),
        [PENDING, TOO_BUSY],
      )
      const first = performance.now() - start
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body).slice(0, 300)}`)
      const id = String(body['id'])
      const confirmed = watcher.confirmed(id)
      const payKey = randomUUID()
      const paid = await answered(
        () => customer.pay(id, phone, String(body['total']), payKey),
        [TOO_BUSY],
      )
      if (paid.status !== 202) throw new Error(`${paid.status} ${JSON.stringify(paid.body)}`)
      await confirmed
      return first
    },
  }
}
