/**
 * Pages that stay right while rows are added and taken away: each begins behind the last row of the one before, by the key that
 * the list is sorted by and the id. Nothing is counted and nothing is skipped, so that the last page costs what the first does.
 */

/** Never null in any row, and with an index where the table grows. */
export type Key = { column: string; type: keyof typeof TYPES }
export type Keys<N extends string> = Readonly<Record<N, Key>>
export type PageWish<N extends string> = {
  sort: N
  descending: boolean
  cursor?: string | undefined
  limit: number
}
export type Page<T> = { items: T[]; next: string | null }

type Type = {
  write: (column: string) => string
  read: (bound: string) => string
  pattern: RegExp
}

/** How a key stands in a cursor, exactly, and how it is read again. */
const TYPES = {
  /** In microseconds, as PostgreSQL keeps it: a `Date` would lose what tells two rows apart. */
  time: {
    write: (column) => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`,
    read: (bound) =>
      `('epoch'::timestamptz + ${bound}::double precision * interval '1 microsecond')`,
    pattern: /^\d{1,16}$/,
  },
  text: {
    write: (column) => column,
    read: (bound) => bound,
    pattern: /^\P{Cc}{0,300}$/u,
  },
  whole: {
    write: (column) => `${column}::text`,
    read: (bound) => `${bound}::integer`,
    pattern: /^-?\d{1,9}$/,
  },
} as const satisfies Record<string, Type>

type Mark = { key: string; id: string }

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const sortOf = ({ sort, descending }: PageWish<string>): string => `${descending ? '-' : ''}${sort}`

const writeMark = (wish: PageWish<string>, { key, id }: Mark): string =>
  Buffer.from(JSON.stringify([sortOf(wish), key, id])).toString('base64url')

/** Null for what is no cursor of ours, and for one of another order. */
function readMark<N extends string>(keys: Keys<N>, wish: PageWish<N>): Mark | null {
  const [sort, key, id] = partsOf(wish.cursor ?? '')
  if (sort !== sortOf(wish) || typeof key !== 'string' || typeof id !== 'string') return null
  return UUID.test(id) && TYPES[keys[wish.sort].type].pattern.test(key) ? { key, id } : null
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

/** Whether this list can go on from there; without a cursor it begins. */
export const fitsCursor = <N extends string>(keys: Keys<N>, wish: PageWish<N>): boolean =>
  wish.cursor === undefined || readMark(keys, wish) !== null

type Keyed = { pageKey: string; id: string }

/**
 * The parts of a statement that asks for one page. `columns` is selected beside the others, `after` is a condition, `bind` goes
 * behind `from - 1` other values. What cannot be read as a cursor begins the list.
 */
export function paged<N extends string>(
  keys: Keys<N>,
  wish: PageWish<N>,
  { from, id = 'id' }: { from: number; id?: string },
) {
  const { column, type } = keys[wish.sort]
  const { write, read }: Type = TYPES[type]
  const mark = readMark(keys, wish)
  const [way, beyond] = wish.descending ? ['DESC', '<'] : ['ASC', '>']
  return {
    columns: `${write(column)} AS "pageKey"`,
    after: `($${from}::text IS NULL OR (${column}, ${id}) ${beyond} (${read(`$${from}::text`)}, $${from + 1}::uuid))`,
    order: `ORDER BY ${column} ${way}, ${id} ${way} LIMIT $${from + 2}`,
    bind: [mark?.key ?? null, mark?.id ?? null, wish.limit + 1],
    page: <R extends object, T>(rows: (R & Keyed)[], toItem: (row: R) => T): Page<T> => {
      const shown = rows.slice(0, wish.limit)
      const last = shown.at(-1)
      const next =
        rows.length > wish.limit && last
          ? writeMark(wish, { key: last.pageKey, id: last.id })
          : null
      const items = shown.map(({ pageKey: _key, ...row }) => toItem(row as unknown as R))
      return { items, next }
    },
  }
}
