/** What an erasure looks for is found by the person, however much there is of others: no step reads a large table whole. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { FOR_ERASING } from '../../db/account-needs.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { PARTS } from '../../db/erasing-steps.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

type Node = { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] }
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** Tables that are read whole although the planner avoids it where it can. */
const readWhole = (sql: string): Promise<string[]> =>
  inTransaction(db, async (tx) => {
    await select(tx, 'SET LOCAL enable_seqscan = off')
    const [row] = await select<{ 'QUERY PLAN': { Plan: Node }[] }>(
      tx,
      `EXPLAIN (FORMAT JSON) ${sql}`,
      [randomUUID(), '+254700000000'].filter((_, nth) => sql.includes(`$${nth + 1}`)),
    )
    const [found] = row?.['QUERY PLAN'] ?? []
    const nodes = found ? nodesOf(found.Plan) : []
    expect(nodes.length).toBeGreaterThan(0)
    return nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '')
  })

const finders = Object.entries(PARTS).flatMap(([part, all]) =>
  all.map(({ table, find }) => [`${part}: ${table}`, find] as const),
)

describe('an erasure', () => {
  it.each(finders)('finds %s by the person', async (_, find) => {
    expect(await readWhole(find)).toEqual([])
  })

  it('asks what stands in its way by the person', async () => {
    const large = await readWhole(FOR_ERASING)
    expect(large).toEqual([])
  })
})
