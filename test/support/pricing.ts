/** Rules and extras as tests need them. */
import { randomUUID } from 'node:crypto'
import { inTransaction, type Database } from '../../db/connection.ts'
import { saveExtra } from '../../db/extras.ts'
import { createRule, type RuleFactsTyped, type RuleRecord } from '../../db/pricing-rules.ts'
import type { Extra } from '../../domain/extras.ts'
import { shillings, ZERO } from '../../domain/money.ts'

export const ruleFacts = (over: Partial<RuleFactsTyped> = {}): RuleFactsTyped => ({
  name: 'A rule',
  type: 'seasonal',
  categoryCode: null,
  locationCode: null,
  fromDay: null,
  untilDay: null,
  weekdays: [],
  fromMinute: null,
  untilMinute: null,
  minDays: null,
  maxDays: null,
  percent: 100,
  fixed: ZERO,
  rates: null,
  utilisationFrom: null,
  rentalsFrom: null,
  code: null,
  uses: null,
  usesEach: null,
  priority: 0,
  ...over,
})

export const buildRule = (
  db: Database,
  over: Partial<RuleFactsTyped> = {},
  replaces: string | null = null,
): Promise<RuleRecord> =>
  inTransaction(db, (tx) =>
    createRule(tx, { id: randomUUID(), facts: ruleFacts(over), replaces, actorId: 'a-test' }),
  )

export const buildExtra = (db: Database, over: Partial<Extra> = {}) =>
  inTransaction(db, (tx) =>
    saveExtra(tx, {
      extra: {
        code: 'SEAT',
        name: 'Child seat',
        kind: 'thing',
        dailyRate: shillings(300),
        most: null,
        stock: 1,
        active: true,
        ...over,
      },
      version: null,
      actorId: 'a-test',
    }),
  )
