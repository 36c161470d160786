/** What must hold where people ask to be forgotten while others work. */
import { findInStore, type Store } from '../checker/stores.ts'
import { createFind, findInTables, type Find, type Somebody } from '../checker/traces.ts'
import { word, words } from '../checker/words.ts'
import { plantSql, type Rule, type Sql, type World } from '../checker/world.ts'
import { textIn, type Action, type Facts } from '../log.ts'

export const LINE = 'forgetting'
export const OPEN_ACCOUNT = 'open an account'
export const ASK = 'ask to be forgotten'
const NEEDED = '409'

const DONE = word('erasures.status', 'done')
const UNDER_WAY: Record<string, string> = {
  reservations: words('reservations.status', 'pending', 'processing', 'confirmed', 'in_progress'),
  payments: words(
    'payments.status',
    'requested',
    'prompted',
    'unknown',
    'unexplained',
    'refunding',
  ),
  charges: words('charges.status', 'open', 'processing'),
  refunds: words('refunds.status', 'requested', 'awaiting_approval', 'approved', 'sent', 'refused'),
}
/** All that has a story, with whose it is. */
const STORIES = `stories (what, id, user_id) AS (SELECT 'reservations', id, customer_id FROM reservations
  UNION ALL SELECT 'payments', id, customer_id FROM payments
  UNION ALL SELECT 'charges', id, customer_id FROM charges
  UNION ALL SELECT 'refunds', r.id, coalesce(r.customer_id, p.customer_id)
    FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id)`

const did = (actions: readonly Action[], what: string): Action[] =>
  actions.filter((one) => one.line === LINE && one.what === what)
const fact = ({ facts }: { facts: Facts }, name: string): string => textIn(facts, name)
const named = (rows: { id: string }[]): string[] => rows.map(({ id }) => id)

type Wish = { id: string; status: string; done: boolean; late: boolean }
/** The newest wish of each; `late`: something of theirs went on after they asked, and that is why it waits. */
const WISHES = `WITH ${STORIES} SELECT DISTINCT ON (e.user_id) e.user_id AS id, e.status, e.status = ${DONE} AS done,
    (e.status = ${word('erasures.status', 'erasing')} OR cardinality(e.needs) > 0) AND EXISTS (
      SELECT FROM checker.changes c JOIN stories s ON s.what = c.what AND s.id = c.id
      WHERE s.user_id = e.user_id AND c.at >= e.asked_at) AS late
  FROM erasures e ORDER BY e.user_id, e.asked_at DESC`

/** Who was told that they will be forgotten, and is not. */
export async function unfinished(sql: Sql, actions: readonly Action[]): Promise<string[]> {
  const wishes = new Map((await sql<Wish>(WISHES)).map((one) => [one.id, one]))
  return did(actions, ASK)
    .filter(({ outcome }) => outcome === 'ok')
    .map((one) => ({ id: fact(one, 'id'), wish: wishes.get(fact(one, 'id')) }))
    .filter(({ wish }) => !wish?.done && !wish?.late)
    .map(({ id, wish }) => `${id} is ${wish?.status ?? 'unknown'}`)
}

const UNDER_WAY_AT_THE_END = `WITH ${STORIES}, ends AS (
    SELECT s.*, e.ended_at FROM erasures e JOIN stories s USING (user_id) WHERE e.status = ${DONE})
  SELECT e.user_id || ': ' || e.what || ' ' || e.id || ' went on as ' || c.after AS id
    FROM ends e JOIN checker.changes c ON c.what = e.what AND c.id = e.id AND c.at > e.ended_at
  UNION ALL SELECT e.user_id || ': ' || e.what || ' ' || e.id || ' was ' || l.after FROM ends e
    CROSS JOIN LATERAL (SELECT c.after FROM checker.changes c WHERE c.what = e.what AND c.id = e.id
      AND c.at <= e.ended_at ORDER BY c.nth DESC LIMIT 1) l
    WHERE ${Object.entries(UNDER_WAY)
      .map(([what, open]) => `(e.what = '${what}' AND l.after IN ${open})`)
      .join(' OR ')}
  UNION ALL SELECT p.subject || ' has credit' FROM ledger_postings p JOIN erasures e ON e.user_id::text = p.subject
    WHERE p.account = 'customer_credit' AND e.status = ${DONE}
    GROUP BY p.subject, e.id HAVING sum(p.amount_cents) <> 0`
const UNDER_WAY_AGAIN = `UPDATE reservations SET status = ${word('reservations.status', 'confirmed')}
  WHERE customer_id IN (SELECT user_id FROM erasures WHERE status = ${DONE})`

/** Of whoever was refused and never told anything else. */
async function refusedAndChanged({ sql, actions }: World): Promise<string[]> {
  const isNo = (one: Action) => one.outcome === 'refused' && fact(one, 'status') === NEEDED
  const asked = did(actions, ASK)
  const open = new Set(asked.filter((one) => !isNo(one)).map((one) => fact(one, 'id')))
  const refused = asked.filter(isNo).map((one) => fact(one, 'id'))
  const ids = [...new Set(refused)].filter((id) => !open.has(id))
  const names = new Map(peopleOf(actions).map(({ id, first }) => [id, first]))
  const rows = await sql<{ id: string; first: string; told: boolean }>(
    `SELECT u.id, u.first_name AS first, EXISTS (SELECT FROM erasures e WHERE e.user_id = u.id
        AND e.status = ${word('erasures.status', 'refused')} AND cardinality(e.needs) > 0) AS told
     FROM users u WHERE u.id = ANY($1::uuid[])`,
    [ids],
  )
  return rows
    .filter(({ id, first, told }) => !told || first !== names.get(id))
    .map(({ id, first, told }) => `${id} is ${first}, ${told ? '' : 'not '}told why`)
}

const WAYS_IN = `SELECT u.id || ' has ' || w.what AS id FROM users u
  JOIN erasures e ON e.user_id = u.id AND e.status = ${DONE}
  JOIN (SELECT user_id AS id, 'a session' AS what FROM sessions UNION ALL SELECT user_id, 'a key for programs' FROM api_keys
    UNION ALL SELECT subject_id, 'a key for what is sealed' FROM subject_keys
    UNION ALL SELECT id, 'a password' FROM users WHERE password_hash IS NOT NULL) w ON w.id = u.id`

const peopleOf = (actions: readonly Action[]): Somebody[] =>
  did(actions, OPEN_ACCOUNT)
    .filter(({ outcome }) => outcome === 'ok')
    .map((one) => ({
      id: fact(one, 'id'),
      phone: fact(one, 'phone'),
      email: fact(one, 'email'),
      first: fact(one, 'first'),
      last: fact(one, 'last'),
      licence: fact(one, 'licence'),
      born: fact(one, 'born'),
    }))

async function forgotten({ sql, actions }: World): Promise<Somebody[]> {
  const rows = await sql<{ id: string }>(
    `SELECT user_id AS id FROM erasures WHERE status = ${DONE}`,
  )
  const gone = new Set(named(rows))
  return peopleOf(actions).filter(({ id }) => gone.has(id))
}
const findOf = async (world: World): Promise<Find> => createFind(await forgotten(world))

async function inStores(world: World): Promise<string[]> {
  const find = await findOf(world)
  const found: string[] = []
  for (const store of world.stores) found.push(...(await findInStore(store, find)))
  return found
}

/** As it would stand in a file of which two pieces are read. */
const storeWith = (text: string): Store => ({
  name: 'planted',
  files: async () => [
    {
      name: 'segment',
      read: async function* () {
        const middle = Math.floor(text.length / 2)
        yield Buffer.from(text.slice(0, middle))
        yield Buffer.from(text.slice(middle))
      },
    },
  ],
})
const phoneOf = async (world: World): Promise<string> => {
  const [one] = await forgotten(world)
  return one ? `0${one.phone.slice(3)}` : ''
}

export const erasingRules: Rule[] = [
  {
    name: 'who was told that they will be forgotten is, or hears what is in the way',
    kind: 'lost',
    broken: ({ sql, actions }) => unfinished(sql, actions),
    plant: plantSql(
      'erasures',
      `UPDATE erasures SET status = ${word('erasures.status', 'waiting')} WHERE status = ${DONE}`,
    ),
  },
  {
    name: 'nobody is forgotten while a car or money of theirs is under way',
    kind: 'wrong',
    broken: async ({ sql }) => named(await sql(UNDER_WAY_AT_THE_END)),
    plant: plantSql('reservations', UNDER_WAY_AGAIN),
  },
  {
    name: 'who may not be forgotten yet hears why, and stays as they are',
    kind: 'wrong',
    broken: refusedAndChanged,
    plant: plantSql('users', "UPDATE users SET first_name = 'Erased customer'"),
  },
  {
    name: 'nobody comes in as somebody who is forgotten',
    kind: 'wrong',
    broken: async ({ sql }) => named(await sql(WAYS_IN)),
    plant: plantSql(
      'sessions',
      `UPDATE sessions SET user_id = (SELECT user_id FROM erasures WHERE status = ${DONE} LIMIT 1)`,
    ),
  },
  {
    name: 'no table names who is forgotten, but for a document that the law wants kept',
    kind: 'wrong',
    broken: async (world) => findInTables(world.sql, await findOf(world)),
    plant: async (world) =>
      plantSql(
        'notifications',
        `UPDATE notifications SET detail = jsonb_build_object('to', '${await phoneOf(world)}')
         WHERE id = (SELECT min(id::text)::uuid FROM notifications)`,
      )(world),
  },
  {
    name: 'neither Temporal nor Kafka keeps anything of who is forgotten',
    kind: 'wrong',
    broken: inStores,
    plant: async (world) => ({
      ...world,
      stores: [...world.stores, storeWith(`{"phone":"${await phoneOf(world)}"}`)],
    }),
  },
]
