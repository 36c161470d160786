/** PostgreSQL: encrypted, up to date, on time, without sample people, and Gari not its master. */
import type { Config } from '../../config.ts'
import { connectDatabase, type Database } from '../../db/connection.ts'
import { listMissingMigrations } from '../../db/migrate.ts'
import { readOwnPowers } from '../../db/powers.ts'
import { refuseSampleAccounts } from '../../db/sample-accounts.ts'
import { readClock } from '../../db/clock.ts'
import type { Check, Complaint } from './checks.ts'
import { masterKeyComplaints } from './keys.ts'
import { VOUCH, type IsPrivate } from './hosts.ts'

const REACH = 'Look whether PostgreSQL runs, and whether DATABASE_URL is right.'
const USERS = 'docs/operations.md says how Gari gets users of its own ("Database roles").'

export function databaseChecks(
  { database, secrets }: Config,
  isPrivate: IsPrivate,
): { checks: Check[]; close: () => Promise<void> } {
  const db = connectDatabase({ url: database.url, pool: 2, applicationName: 'gari-doctor' })
  const checks: Check[] = [
    {
      name: 'database-tls',
      title: 'PostgreSQL is reached by TLS',
      mend: REACH,
      ask: () => tlsComplaints(db, new URL(database.url), isPrivate),
    },
    {
      name: 'database-role',
      title: 'Gari may do no more in PostgreSQL than its work',
      mend: USERS,
      ask: () => roleComplaints(db),
    },
    {
      name: 'migrations',
      title: 'The tables are up to date',
      mend: REACH,
      ask: () => migrationComplaints(db),
    },
    {
      name: 'clock',
      title: 'The clocks agree',
      mend: REACH,
      ask: () => clockComplaints(db),
    },
    {
      name: 'sample-accounts',
      title: 'No sample people can sign in',
      mend: REACH,
      ask: () => sampleComplaints(db),
    },
    {
      name: 'master-key',
      title: 'Everybody’s key is wrapped by the newest master key',
      mend: REACH,
      ask: () => masterKeyComplaints(db, secrets),
    },
  ]
  return { checks, close: () => db.close() }
}

/** The client refuses a server without TLS, or with another certificate, once it is asked for; so an answer is the proof. */
async function tlsComplaints(db: Database, url: URL, isPrivate: IsPrivate): Promise<Complaint[]> {
  await db.ping()
  const mode = url.searchParams.get('sslmode')
  if (isPrivate(url.hostname)) return []
  const mend = `Add ?sslmode=verify-full to DATABASE_URL, and &sslrootcert=/a/file.pem for an authority of your own; or, ${VOUCH}.`
  if (mode === null || mode === 'disable')
    return [{ what: `DATABASE_URL asks for no encryption to ${url.hostname}.`, mend }]
  if (mode === 'verify-full' && !url.searchParams.has('uselibpqcompat')) return []
  const what = `DATABASE_URL says sslmode=${mode}, which may take another server for ${url.hostname}.`
  return [{ what, mend }]
}

async function roleComplaints(db: Database): Promise<Complaint[]> {
  const { user, powers } = await readOwnPowers(db)
  return powers.map((power) => ({
    what: `Gari works as ${user}, who ${power}.`,
    mend: `Let DATABASE_URL name gari_app and MIGRATION_DATABASE_URL name gari_migrate; ${USERS}`,
  }))
}

async function migrationComplaints(db: Database): Promise<Complaint[]> {
  const missing = await listMissingMigrations(db)
  if (missing.length === 0) return []
  return [
    {
      what: `The tables are older than this release: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      mend: 'Run node local/migrate.js (docker compose up migrate).',
    },
  ]
}

/** Holds, codes and reports are of seconds; a request of the API is not. */
const CLOCK_MS = 2_000

async function clockComplaints(db: Database): Promise<Complaint[]> {
  // The first answer takes the connection's time along.
  await db.ping()
  const before = Date.now()
  const there = await readClock(db)
  const after = Date.now()
  const apart = Math.round(there.getTime() - (before + after) / 2)
  if (Math.abs(apart) <= CLOCK_MS + (after - before) / 2) return []
  return [
    {
      what: `The clock of PostgreSQL is ${Math.abs(apart) / 1_000} s ${apart > 0 ? 'ahead of' : 'behind'} this machine's.`,
      mend: 'Set both by NTP: holds, codes and the times on receipts come from both.',
    },
  ]
}

async function sampleComplaints(db: Database): Promise<Complaint[]> {
  const found = await refuseSampleAccounts(db).then(
    () => null,
    (error: Error) => error,
  )
  if (!found) return []
  if (!found.message.startsWith('Sample accounts')) throw found
  return [
    {
      what: found.message.split('. docs/')[0] + '.',
      mend: 'docs/operations.md says how to close them ("Sample people in production").',
    },
  ]
}
