/** The checker itself: it speaks the tables' words, and its rules of money that went back see what breaks them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { crowding } from '../../faults/catalogue/crowding.ts'
import { findBlind } from '../../faults/checker/blind.ts'
import { findBroken } from '../../faults/checker/index.ts'
import { moneyRules } from '../../faults/checker/money.ts'
import { whatIsBusy } from '../../faults/checker/quiet.ts'
import { returnRules, seenReturns } from '../../faults/checker/returns.ts'
import { findStrangeWords, insistOnWords } from '../../faults/checker/words.ts'
import type { Asked, Provider, Rule, Sql, World } from '../../faults/checker/world.ts'
import { buildBooking, buildPaid, KSH_1000 } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { NOTHING, pretendOn, sqlOn, worldOf } from '../support/inspected.ts'

let db: TestDatabase
let pool: pg.Pool
const pretend = pretendOn(() => pool)
const worldWith = (sql: Sql, provider: Partial<Provider> = {}): World =>
  worldOf(sql, { provider: { ...NOTHING, ...provider } })

beforeAll(async () => {
  db = await createTestDatabase()
  pool = new pg.Pool({ connectionString: db.ownerUrl, max: 2 })
  // Whoever drops the database may end a connection that is on its way out.
  pool.on('error', () => undefined)
})
afterAll(async () => {
  await pool?.end()
  await db?.drop()
})

const ROOMS = ['checker', 'lines', 'catalogue'].map((room) =>
  join(import.meta.dirname, '../../faults', room),
)
/** A state in SQL that nobody compares with the tables. */
const BY_HAND = /\b(?:status|state|channel|method)\s*(?:=|<>|(?:NOT )?IN)\s*\(?'/

describe('the words of the checker', () => {
  it('are never written into SQL by hand', () => {
    const files = ROOMS.flatMap((room) => readdirSync(room).map((file) => join(room, file)))
    expect(files.filter((file) => BY_HAND.test(readFileSync(file, 'utf8')))).toEqual([])
    expect(BY_HAND.test("WHERE r.status IN ('pending')")).toBe(true)
  })

  it('are those of the tables', async () => {
    expect(await findStrangeWords(sqlOn(pool))).toEqual([])
  })

  it('are missed where a state has another name, and where there is a new one', async () => {
    await pretend(async (sql) => {
      await sql(`ALTER TABLE refunds DROP CONSTRAINT refunds_status_check,
        ADD CHECK (status IN ('requested', 'waiting', 'approved', 'declined', 'sent', 'settled', 'refused'))`)
      expect(await findStrangeWords(sql)).toEqual([
        'refunds.status is never awaiting_approval',
        'refunds.status may be waiting, of which no rule has heard',
      ])
      await expect(insistOnWords(sql)).rejects.toThrow('never awaiting_approval')
    })
  })

  it('are missed where nothing keeps to a list', async () => {
    await pretend(async (sql) => {
      await sql('ALTER TABLE holds DROP CONSTRAINT holds_state_check')
      expect(await findStrangeWords(sql)).toEqual(['holds.state has no list of words'])
    })
  })
})

const asked = (over: Partial<Asked> = {}): Asked => ({
  conversationId: 'AG_1',
  receipt: 'UKL0BACK01',
  amount: 100,
  status: 'completed',
  at: new Date().toISOString(),
  ...over,
})

describe('money that went back', () => {
  const REFUSED = moneyRules.filter(({ name }) => name.includes('refused'))
  let paymentId: string
  let receipt: string
  beforeAll(async () => {
    const booking = await buildBooking(db)
    paymentId = (await buildPaid(db, booking, KSH_1000)).paymentId
    const [row] = await sqlOn(pool)<{ receipt: string }>(
      'SELECT receipt FROM payments WHERE id = $1',
      [paymentId],
    )
    receipt = row?.receipt ?? ''
    // Nobody relays events here.
    await sqlOn(pool)('DELETE FROM outbox')
  })

  const refund = (sql: Sql, status: string, over: { method?: string; key?: string } = {}) =>
    sql(
      `INSERT INTO refunds (id, payment_id, amount_cents, method, reason, status, requested_by, originator_conversation_id)
       VALUES (gen_random_uuid(), $1, 100000, $2, 'as tested', $3, 'tests', $4)`,
      [paymentId, over.method ?? 'reversal', status, over.key ?? null],
    )
  const broken = async (sql: Sql, provider: Partial<Provider>, rules: Rule[] = returnRules) =>
    (await findBroken(worldWith(sql, provider), rules)).map(({ rule }) => rule)

  it('has rules that see what breaks them', async () => {
    const rules = [...returnRules, seenReturns, ...REFUSED]
    expect(REFUSED).toHaveLength(1)
    expect(await broken(sqlOn(pool), {}, rules)).toEqual([])
    expect(await findBlind({ look: async () => worldOf(sqlOn(pool)), pretend }, rules)).toEqual([])
  })

  it('is one reversal of one settled refund', async () => {
    const reversal = { ...asked({ amount: 1_000 }), transactionReceipt: receipt }
    await pretend(async (sql) => {
      await refund(sql, 'settled')
      expect(await broken(sql, { reversals: [reversal] })).toEqual([])
      const payout = {
        ...asked({ receipt: 'UKL0BACK02', amount: 1 }),
        originatorConversationId: 'k',
      }
      expect(await broken(sql, { reversals: [reversal], payouts: [payout] })).toEqual([
        'what M-Pesa gave back is a settled refund',
      ])
    })
  })

  it('is never a reversal and a payout of the same payment', async () => {
    const reversal = { ...asked({ amount: 1_000 }), transactionReceipt: receipt }
    const payout = {
      ...asked({ receipt: 'UKL0BACK02', amount: 1_000 }),
      originatorConversationId: 'k',
    }
    await pretend(async (sql) => {
      await refund(sql, 'settled', { method: 'payout', key: 'k' })
      expect(await broken(sql, { payouts: [payout] })).toEqual([])
      expect(await broken(sql, { reversals: [reversal], payouts: [payout] })).toEqual([
        'nobody is paid back twice',
        'nobody is paid back more than they paid',
      ])
    })
  })

  it('keeps all busy while our books do not know of it, also of a payment that they know', async () => {
    const reversal = { ...asked({ amount: 1_000 }), transactionReceipt: receipt }
    await pretend(async (sql) => {
      expect(await whatIsBusy(sql, NOTHING)).toEqual([])
      await refund(sql, 'sent')
      expect(await whatIsBusy(sql, NOTHING)).toEqual([])
      expect(await whatIsBusy(sql, { ...NOTHING, reversals: [reversal] })).toEqual([
        expect.stringContaining('refunds r'),
        expect.stringContaining(`M-Pesa knows, we do not: reversal of ${receipt}`),
      ])
      await sql("UPDATE refunds SET status = 'settled'")
      expect(await whatIsBusy(sql, { ...NOTHING, reversals: [reversal] })).toEqual([])
    })
  })

  it.each(['requested', 'approved', 'refused'])(
    'is under way while its refund is %s, without a case',
    async (status) => {
      await pretend(async (sql) => {
        await refund(sql, status, { method: 'payout' })
        expect(await whatIsBusy(sql, NOTHING)).toEqual([expect.stringContaining('refunds r')])
      })
    },
  )
})

describe('ten at one table', () => {
  it('are seen when a phone rings twice', async () => {
    const [rule] = crowding.flatMap(({ rules }) => rules ?? [])
    const rows = [{ number: 'RSV-26-000001' }]
    const sql = (async () => rows) as unknown as Sql
    const transaction = {
      checkoutRequestId: 'ws_CO_1',
      phone: '254700000001',
      receipt: null,
      amount: 100,
      accountReference: 'RSV26000001',
      status: 'paid' as const,
      reversedBy: null,
    }
    const world = worldWith(sql, { transactions: [transaction] })
    expect(await rule?.broken(world)).toEqual([])
    expect(await rule?.broken(await rule.plant(world))).toHaveLength(1)
  })
})
