/**
 * What Gari has left behind, read without any code of Gari: its tables by plain SQL, its events from Kafka, its stories
 * from Temporal, and beside them what people and M-Pesa wrote down themselves.
 */
import { setTimeout as rest } from 'node:timers/promises'
import { Connection, Client as TemporalClient } from '@temporalio/client'
import pg from 'pg'
import type { Action } from '../log.ts'
import { readBacklog, readEvents, type HeardEvent } from './kafka.ts'
import { createSearch, type Search } from './secrets.ts'
import { folderStore, type Store } from './stores.ts'
import { readLogs, tellTales, type Log } from './writings.ts'

/** The simulator's own books. Amounts in shillings; what left the paybill is negative. */
export type Provider = {
  transactions: {
    checkoutRequestId: string
    phone: string
    receipt: string | null
    amount: number
    /** Their number of what it is for, without dashes. */
    accountReference: string
    /** Paid stays paid; `reversedBy` says that it went back. */
    status: 'pending' | 'paid' | 'failed'
    reversedBy: string | null
  }[]
  movements: {
    receipt: string
    kind: 'stk' | 'paybill' | 'reversal' | 'payout' | 'charge' | 'transfer'
    amount: number
    account: string
    original: string | null
  }[]
  /** What we asked M-Pesa to give back. */
  reversals: (Asked & { transactionReceipt: string })[]
  payouts: (Asked & { originatorConversationId: string })[]
  /** From a phone's own menu; `told` is how telling us ended: an HTTP status, or why nobody heard. */
  handPayments: { receipt: string; amount: number; accountReference: string; told: string | null }[]
}
/** What the revenue authority wrote into its own book; shillings. */
export type Registered = {
  trdInvcNo: string
  /** A credit note: the number of the invoice that it takes back. */
  credits: number | null
  invcNo: number
  totAmt: number
  totTaxAmt: number
}
export type Asked = {
  conversationId: string
  receipt: string | null
  amount: number
  status: 'pending' | 'completed' | 'failed'
  /** When it was asked for; UTC. */
  at: string
}
export type Story = { id: string; type: string; status: string; runId: string }
export type Committed = { eventId: string; key: string; version: string; type: string }
export type Sql = <T extends object>(text: string, values?: unknown[]) => Promise<T[]>

export type World = {
  sql: Sql
  actions: Action[]
  provider: Provider
  registered: Registered[]
  /** Receipts of money sent by hand of which nobody could tell us: M-Pesa's list will. */
  awaited: Set<string>
  events: HeardEvent[]
  /** What the witness had seen committed, and the relay had taken away, before the events were read. */
  committed: Committed[]
  /** The newest run of each workflow id. */
  stories: Map<string, Story>
  /** Of one run; what went wrong with its tasks, in Temporal's words. */
  troubles: (story: Story) => Promise<string[]>
  /** Of one run: what Temporal keeps of it, where that looks like what nobody may read there. */
  written: (story: Story) => Promise<string>
  /** Of Gari's own processes. */
  readLogs: () => Promise<Log[]>
  /** For what must stand nowhere in clear. */
  search: Search
  /** What Temporal and Kafka keep on disk, byte for byte. */
  stores: Store[]
}

export type Rule = {
  /** What must hold, as a sentence. */
  name: string
  /** What an entry of its list means: something is gone, something is there twice, or it is wrong in itself. */
  kind: 'lost' | 'doubled' | 'wrong'
  /** Each entry names one thing that breaks it. */
  broken: (world: World) => Promise<string[]> | string[]
  /** Breaks it on purpose, in what was looked at or, within a transaction that is undone, in Gari's tables. */
  plant: Plant
}
export type Plant = (world: World) => Promise<World> | World

/** Tables as somebody would leave them who got past every constraint of `table`. */
export const plantSql =
  (table: string, text: string): Plant =>
  async (world) => {
    await world.sql(withoutGuards(table))
    await world.sql(text)
    return world
  }

const withoutGuards = (table: string): string => `DO $$ DECLARE guard text; BEGIN
  FOR guard IN SELECT conname FROM pg_constraint WHERE conrelid = '${table}'::regclass AND contype IN ('c', 'u', 'x')
  LOOP EXECUTE format('ALTER TABLE ${table} DROP CONSTRAINT %I', guard); END LOOP; END $$`

export type Places = {
  databaseUrl: string
  kafka: string
  temporal: string
  simulator: string
  /** Where the revenue authority is; without one its book is empty. */
  authority?: string
  readActions: () => Action[]
  /** The folder of Gari's logs, where somebody is to look into them. */
  logs?: string
  /** The folders in which Temporal and Kafka keep what they keep, by their names, where somebody is to look into them. */
  stores?: Readonly<Record<string, string>>
  /** What no log, story or event may say. */
  secrets?: readonly string[]
}

export type Inspector = {
  sql: Sql
  /** Whatever is done in there is undone. */
  pretend: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>
  readProvider: () => Promise<Provider>
  /** Events that Gari's own readers have not taken yet. */
  readBacklog: () => Promise<string[]>
  /** Without events where only the books are asked about: a long run has hundreds of thousands. */
  look: (what?: { events: boolean }) => Promise<World>
  close: () => Promise<void>
}

const CONNECT_MS = 5_000

export async function createInspector(places: Places): Promise<Inspector> {
  const pool = new pg.Pool({
    connectionString: places.databaseUrl,
    max: 2,
    application_name: 'checker',
    connectionTimeoutMillis: CONNECT_MS,
  })
  // A connection that dies with its server is made anew by the next statement.
  pool.on('error', () => undefined)
  const connection = Connection.lazy({ address: places.temporal })
  const temporal = new TemporalClient({ connection })
  const sql: Sql = async <T extends object>(text: string, values: unknown[] = []) =>
    (await pool.query(text, values)).rows as T[]
  const search = createSearch(places.secrets ?? [])
  const readProvider = async () =>
    (await (await fetch(`${places.simulator}/_control/ledger`)).json()) as Provider
  const pretend = async <T>(work: (own: Sql) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      return await work(
        async <R extends object>(text: string, values: unknown[] = []) =>
          // Several statements at once answer several times; nobody reads those.
          ((await client.query(text, values)).rows ?? []) as R[],
      )
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  }
  return {
    sql,
    pretend,
    readProvider,
    readBacklog: () => readBacklog(places.kafka),
    look: async ({ events } = { events: true }) => {
      const provider = await readProvider()
      const tell = tellTales(temporal, search)
      return {
        sql,
        committed: events ? await readCommitted(sql) : [],
        actions: places.readActions(),
        provider,
        registered: await readRegistered(places.authority),
        awaited: await readAwaited(sql, provider),
        events: events ? await readEvents(places.kafka, search) : [],
        stories: await readStories(temporal),
        troubles: async (story) => (await tell(story)).troubles,
        written: async (story) => (await tell(story)).suspect,
        readLogs: async () => (places.logs ? readLogs(places.logs) : []),
        search,
        stores: Object.entries(places.stores ?? {}).map(([name, path]) => folderStore(name, path)),
      }
    },
    close: async () => {
      await pool.end()
      await connection.close()
    },
  }
}

async function readRegistered(authority?: string): Promise<Registered[]> {
  if (!authority) return []
  return (await (await fetch(`${authority}/_control/documents`)).json()) as Registered[]
}

const HEARD = '200'

/** What Gari heard of and does not know is lost; what nobody could tell it, it does not know yet. */
export async function readAwaited(sql: Sql, { handPayments }: Provider): Promise<Set<string>> {
  const untold = handPayments.filter(({ told }) => told !== null && told !== HEARD)
  const known = await sql<{ receipt: string }>(
    `SELECT receipt FROM mpesa_receipts WHERE receipt = ANY($1)
     UNION SELECT receipt FROM payments WHERE receipt = ANY($1)`,
    [untold.map(({ receipt }) => receipt)],
  )
  const ours = new Set(known.map(({ receipt }) => receipt))
  return new Set(untold.map(({ receipt }) => receipt).filter((receipt) => !ours.has(receipt)))
}

const TAKEN_MS = 20_000
const LOOK_MS = 100

/** Stories go on in the background: what they say meanwhile is the next look's. */
async function readCommitted(sql: Sql): Promise<Committed[]> {
  const committed = await sql<Committed & { nth: string }>(
    'SELECT nth, event_id AS "eventId", key, version, type FROM checker.events ORDER BY nth',
  )
  const last = committed.at(-1)?.nth ?? '0'
  const until = Date.now() + TAKEN_MS
  while ((await sql('SELECT 1 FROM outbox WHERE id <= $1 LIMIT 1', [last])).length > 0) {
    if (Date.now() > until) break
    await rest(LOOK_MS)
  }
  return committed
}

async function readStories(temporal: TemporalClient): Promise<Map<string, Story>> {
  const stories = new Map<string, Story>()
  // Newest first, so that the first run of an id is the one that counts.
  for await (const one of temporal.workflow.list({})) {
    const { workflowId: id, type, runId, status } = one
    if (!stories.has(id)) stories.set(id, { id, type, runId, status: status.name })
  }
  return stories
}
