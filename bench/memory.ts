/**
 * What the parts take of the machine's memory: idle, with stories that wait, and with pages that stand open; each twice
 * over, so that it shows whether memory grows with them.
 */
import { once } from 'node:events'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client'
import { createPayLink, createSecretPaths } from '../gateways/secret-paths.ts'
import { connectDatabase } from '../db/connection.ts'
import { startStack, type Stack } from '../test/support/stack.ts'
import { QUEUES } from './bare/engine.ts'
import { bareBooking, bareHold } from './bare/workflows.ts'
import { keepFigures } from './figures.ts'
import { openPages, type Asked } from './live-pages.ts'
import { insertOpenBookings, readOpenBookings, today } from './open-bookings.ts'
import { openStories, startAll } from './open-stories.ts'
import type { Options } from './options.ts'
import { assertQuiet, DRIVER, memoryByPart, watchCores, type Memory } from './processes.ts'

/** Longer than what a start leaves behind for the garbage collector. */
const IDLE_MS = 30_000
const SETTLED_MS = 10_000
const LOOK_MS = 1_000
const PAGES_SECONDS = 20
/** V8 gives back what it has of the system when nothing was asked of it for some 45 s. */
const GIVEN_BACK_MS = 120_000
const WORKERS = 'workers and relay'
const BARE = 'bare worker'
const API = 'API'
const POSTGRES = 'PostgreSQL'
const SERVER = 'Temporal server'

const say = (line: string) => void process.stdout.write(`${line}\n`)
const mib = (value = Number.NaN) => value.toFixed(0)

/** What each part keeps, in MiB. */
type Kept = Map<string, number>
type Load = { seconds: number; after: Kept; most: Kept }

const keptByPart = (): Kept =>
  new Map([...memoryByPart()].map(([part, { kept }]) => [part, kept] as const))

/** While it lasts, the most of each part; afterwards, what has stayed. */
async function during(work: () => Promise<number>): Promise<Load> {
  const most: Kept = new Map()
  const timer = setInterval(() => {
    for (const [part, value] of keptByPart()) most.set(part, Math.max(value, most.get(part) ?? 0))
  }, LOOK_MS)
  const seconds = await work().finally(() => clearInterval(timer))
  await rest(SETTLED_MS)
  return { seconds, after: keptByPart(), most }
}

const bareStories = async (client: Client, count: number): Promise<number> =>
  startAll(
    Array.from({ length: count }, () => randomUUID()),
    (id) =>
      client.workflow.executeUpdateWithStart(bareHold, {
        startWorkflowOperation: new WithStartWorkflowOperation(bareBooking, {
          workflowId: `bare-booking:${id}`,
          taskQueue: QUEUES.business,
          args: [id, QUEUES.payments],
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: 'a booking',
        }),
      }),
    say,
  )

async function startBareAlone(address: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--import', 'tsx', 'bench/bare/alone.ts', address],
    { cwd: new URL('..', import.meta.url), stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`the bare worker ended with ${String(code)}`)
  })
  if (child.stdout) await Promise.race([once(child.stdout, 'data'), ended])
  return child
}

/** Once is enough: it is there to be compared with. */
async function holdBare(stack: Stack, count: number): Promise<{ before: Kept; load: Load }> {
  const child = await startBareAlone(stack.temporal)
  const connection = await Connection.connect({ address: stack.temporal })
  try {
    await rest(SETTLED_MS)
    const before = keptByPart()
    const client = new Client({ connection })
    return { before, load: await during(() => bareStories(client, count)) }
  } finally {
    await connection.close()
    child.stdin?.end()
  }
}

async function holdGari(stack: Stack, count: number): Promise<Load[]> {
  const since = today()
  const loads: Load[] = []
  for (const from of [0, count])
    loads.push(await during(() => openStories(stack, { from, to: from + count, since }, say)))
  return loads
}

const rowOf = (name: string, part: string, before: Kept, loads: Load[]): string => {
  const [first, second] = loads.map(({ after }) => mib(after.get(part)))
  const most = Math.max(...loads.map((load) => load.most.get(part) ?? 0))
  return `| ${name} | ${mib(before.get(part))} | ${first ?? ''} | ${second ?? ''} | ${mib(most)} |`
}

function idleLines(idle: Map<string, Memory>): string[] {
  const parts = [...idle].filter(([part]) => part !== DRIVER)
  const sum = (pick: (one: Memory) => number) =>
    parts.reduce((total, [, one]) => total + pick(one), 0)
  return [
    '| the whole stack, idle | MiB | of it files |',
    '|---|---|---|',
    ...parts.map(([part, { whole, kept }]) => `| ${part} | ${mib(whole)} | ${mib(whole - kept)} |`),
    `| together | ${mib(sum(({ whole }) => whole))} | ${mib(sum(({ whole, kept }) => whole - kept))} |`,
  ]
}

export async function benchMemory({ stories }: Options): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' }, 'bench-memory')
  try {
    await rest(IDLE_MS)
    const idle = memoryByPart()
    const before = keptByPart()
    say(idleLines(idle).join('\n'))
    const gari = await holdGari(stack, stories)
    say(rowOf("Gari's worker process", WORKERS, before, gari))
    const bare = await holdBare(stack, stories)
    const [low = '', high = ''] = [stories, 2 * stories].map((count) => count.toLocaleString('en'))
    const rates = [...gari, bare.load].map(({ seconds }) => (stories / seconds).toFixed(0))
    await keepFigures(
      'Memory',
      `\`npm run bench -- memory --stories ${stories}\`: MiB of each part's processes (PSS: of what several share, each counts its
part); Gari runs from its source. Below, without the pages of files, which the system takes back whenever it likes. The
stories are bookings whose rows stand, nine of ten paid, each started as the API starts it and waiting for its day; the bare
worker's are \`bench/bare\`'s, in a process of its own. Both remember 400 stories of each queue (\`WORKFLOW_CACHE\`).`,
      [
        ...idleLines(idle),
        '',
        `| open stories | none | ${low} | ${high} | most meanwhile |`,
        '|---|---|---|---|---|',
        rowOf("Gari's worker process", WORKERS, before, gari),
        rowOf('the bare worker', BARE, bare.before, [bare.load]),
        rowOf("Temporal server, with Gari's", SERVER, before, gari),
        rowOf("PostgreSQL, with Gari's", POSTGRES, before, gari),
        '',
        `Started per second: Gari ${rates[0]}, then ${rates[1]}; bare ${rates[2]}.`,
      ],
    )
  } finally {
    await stack.stop()
  }
}

/** Of bookings that nobody has paid yet: one in ten of those that are made. */
async function unpaidLinks(stack: Stack, count: number): Promise<string[]> {
  const range = { from: 0, to: count * 10 }
  const db = connectDatabase({
    url: stack.databaseUrl,
    vault: stack.vault,
    pool: 2,
    applicationName: 'gari-bench',
  })
  try {
    await insertOpenBookings(db, { ...range, since: today() })
    const link = createPayLink(stack.baseUrl, createSecretPaths(stack.callbackSecret))
    const all = await readOpenBookings(db, range)
    return all
      .filter(({ status }) => status === 'pending')
      .map(({ id, partyId }) => link(id, partyId))
  } finally {
    await db.close()
  }
}

export async function benchLivePages({ pages: count }: Options): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' }, 'bench-live')
  try {
    const links = await unpaidLinks(stack, 2 * count)
    await rest(SETTLED_MS)
    const rows = [emptyRow('none', keptByPart())]
    const cores = watchCores()
    for (const open of [count / 10, count, 2 * count]) {
      const pages = await openPages(links.slice(0, open))
      let asked: Asked | undefined
      const { most } = await during(async () => {
        asked = await pages.watch(PAGES_SECONDS)
        return PAGES_SECONDS
      })
      await pages.close()
      if (asked) rows.push(pagesRow(asked, most))
      say(rows.at(-1) ?? '')
    }
    const { others } = cores()
    for (const [name, ms] of [
      [`none again, after ${SETTLED_MS / 1_000} s`, SETTLED_MS],
      [`after ${GIVEN_BACK_MS / 1_000} s more`, GIVEN_BACK_MS],
    ] as const) {
      await rest(ms)
      rows.push(emptyRow(name, keptByPart()))
      say(rows.at(-1) ?? '')
    }
    assertQuiet(others)
    await keepLivePages(count, rows)
  } finally {
    await stack.stop()
  }
}

const emptyRow = (name: string, kept: Kept): string =>
  `| ${name} | ${mib(kept.get(API))} | ${mib(kept.get(POSTGRES))} | | | | | |`

const pagesRow = ({ pages, perSecond, p50, p99, turnedAway, failed }: Asked, most: Kept): string =>
  `| ${pages.toLocaleString('en')} | ${mib(most.get(API))} | ${mib(most.get(POSTGRES))} | ${perSecond.toFixed(0)} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${turnedAway} | ${failed} |`

const keepLivePages = (count: number, rows: string[]): Promise<void> =>
  keepFigures(
    'Live pages',
    `\`npm run bench -- live --pages ${count}\`: pay pages by share link that stand open and ask each second what is new, each on a
connection of its own, for ${PAGES_SECONDS} s; one API process, everything on the same cores. Memory without the pages of files. Who is
turned away keeps the page that stands and asks again in a second: 200 are answered at once, because those who wait take memory.`,
    [
      '| open pages | API MiB at most | PostgreSQL MiB | answers per s | p50 ms | p99 ms | turned away | failed |',
      '|---|---|---|---|---|---|---|---|',
      ...rows,
    ],
  )
