/**
 * Daraja's door under a steady stream of reports, beside an empty handler with one insert on the same database; while people
 * book and pay, so that stories settle what comes by the same door; and with Temporal frozen: what was answered 200 must be
 * stored and, later, delivered.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connectDatabase, select, selectOne, type Database } from '../db/connection.ts'
import { BODY_COLUMNS, openBody, type RawBody } from '../db/provider-message-bodies.ts'
import { createCallbackUrl, createSecretPaths } from '../gateways/secret-paths.ts'
import { eventually, startStack, type Stack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { startGari } from './gari.ts'
import { measure } from './measure.ts'
import type { Options } from './options.ts'
import { shoot, type NextShot, type Shots } from './shooting.ts'

/** Comparisons that the reports are about. All have ended, so that a report costs a signal and no story of ours. */
const SUBJECTS = 200
/** Both alike: what runs for the first time is compiled first. */
const WARM_SECONDS = 5
/** To the empty handler while the door has its reports: enough to tell what the machine costs and what the door. */
const BESIDE = 40
const DRAINED_MS = 120_000
/** Each books, pays and begins again, while the door has its reports. */
const PAYERS = 4

/** A balance that nobody waits for any more: stored, handed on, and noted as handed on. */
export const reportOf = (n: number) => ({
  Result: {
    ResultType: 0,
    ResultCode: 1,
    ResultDesc: `bench ${n}`,
    OriginatorConversationID: `bench-${n}`,
    ConversationID: `AG_bench_${n}`,
    TransactionID: 'UKL0000000',
  },
})

const numberOf = (body: unknown): number =>
  Number((body as Partial<ReturnType<typeof reportOf>>).Result?.ResultDesc.slice('bench '.length))

/** Each with another number, to whomever it goes; those that were answered with 200 are remembered. */
function createReports() {
  let last = 0
  const accepted = new Set<number>()
  /** Each about another subject than the one before. */
  const to =
    (urls: string[]): NextShot =>
    () => {
      const n = (last += 1)
      const path = new URL(urls[n % urls.length] ?? '').pathname
      return { path, body: JSON.stringify(reportOf(n)), accepted: () => accepted.add(n) }
    }
  return { to, accepted }
}

/** The least that any door must do. */
async function startEmptyHandler(db: Database): Promise<{ url: string; server: Server }> {
  await select(db, 'CREATE TABLE IF NOT EXISTS bench_bodies (id bigserial PRIMARY KEY, body jsonb)')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      select(db, 'INSERT INTO bench_bodies (body) VALUES ($1::jsonb) RETURNING id', [body]).then(
        () => response.setHeader('content-type', 'application/json').end('{"ResultCode":0}'),
        () => response.writeHead(500).end(),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}

const addresses = (stack: Stack): string[] => {
  const url = createCallbackUrl(stack.baseUrl, createSecretPaths(stack.callbackSecret))
  return Array.from({ length: SUBJECTS }, () => url('balance', randomUUID()))
}

/** Nobody else asks for balances here. */
const countWaiting = async (db: Database): Promise<number> => {
  const row = await selectOne<{ n: number }>(
    db,
    "SELECT count(*)::int AS n FROM provider_messages WHERE kind = 'balance_result' AND delivered_at IS NULL",
  )
  return row?.n ?? 0
}

/** One by one: a sum would set a report whose answer came too late against one that is lost. */
export async function countLost(db: Database, accepted: ReadonlySet<number>): Promise<number> {
  const rows = await select<RawBody>(
    db,
    `SELECT ${BODY_COLUMNS} FROM provider_messages m WHERE m.kind = 'balance_result'`,
  )
  const stored = new Set(rows.map((row) => numberOf(openBody(db, row))))
  return [...accepted].filter((n) => !stored.has(n)).length
}

export async function benchCallbacks({ rate, seconds }: Options): Promise<void> {
  const stack = await startStack({}, 'bench-callbacks')
  const db = connectDatabase({
    url: stack.databaseUrl,
    pool: 10,
    applicationName: 'gari-bench',
    vault: stack.vault,
  })
  const empty = await startEmptyHandler(db)
  const gari = await startGari(stack)
  const [bodies, reports] = [createReports(), createReports()]
  try {
    const steady = { rate, seconds }
    const warming = { rate, seconds: WARM_SECONDS }
    await shoot(empty.url, bodies.to([empty.url]), warming)
    const bare = await shoot(empty.url, bodies.to([empty.url]), steady)
    await shoot(stack.baseUrl, reports.to(addresses(stack)), warming)
    const [door, beside] = await Promise.all([
      shoot(stack.baseUrl, reports.to(addresses(stack)), steady),
      shoot(empty.url, bodies.to([empty.url]), { rate: BESIDE, seconds }),
    ])
    const [busy, { perSecond: settled }] = await Promise.all([
      shoot(stack.baseUrl, reports.to(addresses(stack)), steady),
      measure(gari, PAYERS, seconds),
    ])
    const thaw = await stack.freeze('temporal')
    const third = { rate, seconds: Math.ceil(seconds / 3) }
    const away = await shoot(stack.baseUrl, reports.to(addresses(stack)), third).finally(thaw)
    await eventually(
      'every report is delivered',
      async () => (await countWaiting(db)) === 0,
      DRAINED_MS,
    )
    const lost = await countLost(db, reports.accepted)
    const accepted = reports.accepted.size
    await report({ bare, door, beside, busy, settled, away, accepted, lost, rate, seconds })
    if (lost > 0) process.exitCode = 1
  } finally {
    empty.server.close()
    await gari.stop()
    await db.close()
    await stack.stop()
  }
}

type Run = {
  bare: Shots
  door: Shots
  /** The empty handler, at the same time as the door. */
  beside: Shots
  /** The door, while people book and pay; so many of these are settled in a second. */
  busy: Shots
  settled: number
  away: Shots
  /** Answered with 200 by the door, also while it was warmed. */
  accepted: number
  /** Of them not in the table. */
  lost: number
  rate: number
  seconds: number
}

const row = (name: string, one: Shots) =>
  `| ${name} | ${one.perSecond.toFixed(0)} | ${one.p50.toFixed(1)} | ${one.p99.toFixed(1)} | ${one.answered} | ${one.failed} |`

const ratio = (door: Shots, other: Shots) => (door.p99 / Math.max(1, other.p99)).toFixed(2)

async function report({
  bare,
  door,
  beside,
  busy,
  settled,
  away,
  accepted,
  lost,
  rate,
  seconds,
}: Run): Promise<void> {
  await keepFigures(
    'Callbacks',
    `\`npm run bench -- callbacks --rate ${rate} --seconds ${seconds}\`: reports at a steady rate to Daraja's door, beside an
empty handler with one insert, alone and at the same time; then the same door with Temporal frozen.`,
    [
      '| | per s | p50 ms | p99 ms | answered 200 | failed |',
      '|---|---|---|---|---|---|',
      row('empty handler, one insert, alone', bare),
      row('the same, beside the door', beside),
      row('the door', door),
      row(
        `the door, while ${PAYERS} people book and pay (${settled.toFixed(1)} settled per s)`,
        busy,
      ),
      row('the door, Temporal frozen', away),
      '',
      `p99 ratio ${ratio(door, bare)} (aim <= 2); to the empty handler at the same time, when Temporal and the workers have
the two cores as well, ${ratio(door, beside)}. Of ${accepted} that were answered
not stored: ${lost}. All that were stored are delivered after the thaw.`,
    ],
  )
}
