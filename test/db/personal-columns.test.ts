/** Which columns say something about people: each is placed by hand, and what is open can only become less. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { select } from '../../db/connection.ts'
import { IMPERSONAL_COLUMNS } from '../../db/impersonal-columns.ts'
import { PERSONAL_COLUMNS } from '../../db/personal-columns.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** Types that hold no words, no day and no bytes; whatever else there is has to be placed. */
const WORDLESS = ['uuid', 'boolean', 'smallint', 'integer', 'bigint', 'double precision']
const TIMES = ['timestamp with time zone', 'tstzrange']

const columnsOf = async (table?: string): Promise<string[]> => {
  const rows = await select<{ name: string }>(
    db,
    `SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0
       AND NOT a.attisdropped AND ($2::text IS NULL OR c.relname = $2)
       AND format_type(a.atttypid, NULL) <> ALL ($1::text[]) ORDER BY 1`,
    [table ? [] : [...WORDLESS, ...TIMES], table ?? null],
  )
  return rows.map(({ name }) => name)
}

const IMPERSONAL = Object.entries(IMPERSONAL_COLUMNS).flatMap(([table, columns]) =>
  columns.split(' ').map((column) => `${table}.${column}`),
)

describe('the columns of the database', () => {
  it('each say something about a person or do not, and never both', async () => {
    const placed = [...PERSONAL_COLUMNS.keys(), ...IMPERSONAL]
    expect(placed.toSorted()).toEqual((await columnsOf()).toSorted())
  })

  it('that are sealed hold bytes, and their subjects and indexes are columns that stand', async () => {
    for (const [name, column] of PERSONAL_COLUMNS) {
      if (column.kept !== 'sealed') continue
      const [table = ''] = name.split('.')
      const beside = [column.subject, ...(column.index ? [column.index] : [])]
      const named = beside.map((one) => (one.includes('.') ? one : `${table}.${one}`))
      const [subject = ''] = named[0]?.split('.') ?? []
      expect([...(await columnsOf(table)), ...(await columnsOf(subject))]).toEqual(
        expect.arrayContaining(named),
      )
      const bytes = await select(
        db,
        `SELECT FROM information_schema.columns WHERE table_name || '.' || column_name = $1 AND data_type = 'bytea'`,
        [name],
      )
      expect({ name, bytes: bytes.length }).toEqual({ name, bytes: 1 })
    }
  })
})
