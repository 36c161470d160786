/**
 * `npm run after-restore [-- --hours 2]`: once after both databases were put back, before anything of ours is started
 * (docs/operations.md). Run again it finds nothing; with Gari at work it looks for open rows without a story only.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { connectDatabase, type Database } from '../db/connection.ts'
import { isAnyAtWork, lastSignOfLife } from '../db/restored-books.ts'
import { HOUR_MS } from '../domain/time.ts'
import { createKafka, type EventLog } from '../gateways/kafka.ts'
import { createLog } from '../gateways/log.ts'
import { createPayloadCodec } from '../gateways/payload-codec.ts'
import { createSecretPaths } from '../gateways/secret-paths.ts'
import { connectTemporalClient } from '../gateways/temporal.ts'
import { createVault } from '../gateways/vault.ts'
import { loadConfig, type Config } from '../config.ts'
import { isAnyLeft, noFindings, tellFindings } from './restoring/findings.ts'
import { askForTheList, mend } from './restoring/mending.ts'
import { settledBefore, type Restored } from './restoring/world.ts'

/** How far back what Temporal, Kafka's readers and the books know may lie apart. */
const DEFAULT_HOURS = '2'
const { values } = parseArgs({ options: { hours: { type: 'string', default: DEFAULT_HOURS } } })
const hours = Number(values.hours)
if (!(hours > 0)) throw new Error(`--hours must be a number above 0, not "${values.hours}"`)

const say = (line: string) => void process.stdout.write(`${line}\n`)
const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'after-restore' })

/** With us gone nothing is half done: whatever was found and not yet mended is found again. */
async function main(db: Database): Promise<void> {
  const kafka = openKafka(config)
  const codec = createPayloadCodec(config.secrets.payload)
  const client = await connectTemporalClient({ ...config.temporal, codec })
  try {
    const world = await lookAround(db, client)
    try {
      if (world.isQuiet) {
        await askForTheList(world)
        say('When the workers run, M-Pesa is asked for its list of payments and its balance.')
      }
      await mend(world, kafka)
    } catch (error) {
      say('It was broken off. Mend what the last lines say and run it again. Until then it found:')
      throw error
    } finally {
      // What is mended is not found again, so it is told whatever comes.
      for (const line of tellFindings(world.findings)) say(line)
    }
    if (isAnyLeft(world.findings)) process.exitCode = 1
  } finally {
    await client.connection.close()
    await kafka?.close()
  }
}

async function lookAround(db: Database, client: Restored['client']): Promise<Restored> {
  const isQuiet = !(await isAnyAtWork(db))
  const now = new Date()
  const moment = (await lastSignOfLife(db)) ?? now
  const since = new Date(moment.getTime() - hours * HOUR_MS)
  say(
    `The books were last alive at ${moment.toISOString()}; looking at what changed since ${since.toISOString()}.`,
  )
  if (!isQuiet)
    say(
      'Gari is at work, so only open rows without a story are looked for. ' +
        'After a restore, stop its web server and workers and run this first.',
    )
  const paths = createSecretPaths(config.secrets.callbackSecret)
  return {
    db,
    client,
    policy: config.policy,
    approvalAbove: config.refundApprovalAbove,
    phoneHash: (phone) => paths.hash(`phone\n${phone}`).toString('hex'),
    now,
    lastAlive: moment,
    since,
    before: settledBefore(now, isQuiet),
    isQuiet,
    runId: randomUUID(),
    findings: noFindings(),
  }
}

function openKafka({ kafka }: Config): EventLog | null {
  if (kafka.brokers.length > 0) return createKafka({ ...kafka, clientId: 'after-restore', log })
  say('No KAFKA_BROKERS: what was told in the time that is lost is not known.')
  return null
}

const books = connectDatabase({
  url: config.database.url,
  vault: createVault(config.secrets.vault),
  pool: config.database.pool,
  applicationName: 'gari-after-restore',
  isUnhurried: true,
})
try {
  await main(books)
} finally {
  await books.close()
}
