/** Temporal's server over PostgreSQL: all its services in one process, with as many history shards as wished. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import pg from 'pg'
import { stringify } from 'yaml'
import { waitForAnswer } from '../../local/engine.ts'
import { freePort } from '../../local/ports.ts'
import { startPostgres, type Postgres } from '../../local/postgres.ts'
import { launch } from '../../local/processes.ts'
import { runProgram, type Say } from '../../local/programs.ts'
import { DYNAMIC_CONFIG, SEARCH_ATTRIBUTES } from '../../local/temporal.ts'
import { prepareCluster } from './program.ts'

const HOST = '127.0.0.1'
const USER = 'gari'
const PASSWORD = 'bench'
const PLUGIN = 'postgres12'
/** As processes.ts finds its connections: the names begin alike. */
const STORES = { temporal: 'temporal', visibility: 'temporal_visibility' } as const
const NAMESPACE = 'default'
const RETENTION = '1 day'
const START_LIMIT_MS = 90_000
const STOP_GRACE_MS = 20_000
/** As many as the API and the workers of this bench can keep busy; PostgreSQL takes 200. */
const CONNECTIONS = 40

const { IndexedValueType } = proto.temporal.api.enums.v1
const TYPES: Record<string, number> = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Bool: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
}

export type Cluster = { address: string; postgres: string; stop: () => Promise<void> }

export async function startCluster(shards: number, say: Say): Promise<Cluster> {
  const { server, sqlTool } = await prepareCluster(say)
  const folder = await mkdtemp(join(tmpdir(), 'gari-cluster-'))
  /** From the lowest to the highest. */
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const close of closers.toReversed()) await close()
  }
  try {
    const dir = join(folder, 'postgres')
    const postgres = await startPostgres({ dir, port: await freePort(), password: PASSWORD })
    closers.push(() => postgres.stop())
    await makeTables(postgres, sqlTool)
    const port = await freePort()
    await writeConfig(folder, { shards, port, database: postgres.address })
    const logFile = join(folder, 'server.log')
    const running = await launch({
      command: server,
      args: ['--root', folder, '--config', 'config', '--env', 'bench', '--allow-no-auth', 'start'],
      logFile,
      recordFile: join(folder, 'process.json'),
      cwd: folder,
    })
    closers.push(() => running.stop('SIGTERM', STOP_GRACE_MS))
    const address = `${HOST}:${port}`
    const wait = { name: "Temporal's server", running, logFile, timeoutMs: START_LIMIT_MS }
    await waitForAnswer(wait, () => makeNamespace(address))
    return { address, postgres: postgres.version, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeTables(postgres: Postgres, sqlTool: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.databaseUrl('postgres') })
  await client.connect()
  try {
    for (const database of Object.values(STORES)) await client.query(`CREATE DATABASE ${database}`)
  } finally {
    await client.end()
  }
  const [, port = ''] = postgres.address.split(':')
  for (const [schema, database] of Object.entries(STORES)) {
    const where = ['--ep', HOST, '-p', port, '-u', USER, '--pw', PASSWORD, '--db', database]
    const run = (...args: string[]) =>
      runProgram(sqlTool, ['--plugin', PLUGIN, ...where, ...args]).catch((error: unknown) => {
        throw new Error(`Temporal's tables in ${database} could not be made`, { cause: error })
      })
    await run('setup-schema', '-v', '0.0')
    await run('update-schema', '--schema-name', `postgresql/v12/${schema}`)
  }
}

type Plan = { shards: number; port: number; database: string }

const store = (databaseName: string, connectAddr: string) => ({
  sql: {
    pluginName: PLUGIN,
    databaseName,
    connectAddr,
    connectProtocol: 'tcp',
    user: USER,
    password: PASSWORD,
    maxConns: CONNECTIONS,
    maxIdleConns: CONNECTIONS,
    maxConnLifetime: '1h',
  },
})

const service = async (grpcPort?: number) => ({
  rpc: {
    grpcPort: grpcPort ?? (await freePort()),
    membershipPort: await freePort(),
    bindOnLocalHost: true,
  },
})

/** As Temporal's own example for PostgreSQL, without its archives. */
async function writeConfig(folder: string, { shards, port, database }: Plan): Promise<void> {
  const config = {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: shards,
      datastores: {
        main: store(STORES.temporal, database),
        visibility: store(STORES.visibility, database),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: HOST } },
    services: {
      frontend: await service(port),
      matching: await service(),
      history: await service(),
      worker: await service(),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${HOST}:${port}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(folder, 'config', 'dynamic.yaml'), pollInterval: '10s' },
  }
  await mkdir(join(folder, 'config'))
  await writeFile(join(folder, 'config', 'bench.yaml'), stringify(config))
  await writeFile(join(folder, 'config', 'dynamic.yaml'), stringify(dynamicConfig()))
}

/** The development server's, so that both are asked alike; and what is new is known at once. */
const dynamicConfig = () =>
  Object.fromEntries([
    ...DYNAMIC_CONFIG.map((line) => {
      const [name = '', value] = line.split('=')
      return [name, [{ value: Number(value) }]] as const
    }),
    ['system.forceSearchAttributesCacheRefreshOnRead', [{ value: true }]],
  ])

/** Ready means that the namespace and its search attributes can be used. */
async function makeNamespace(address: string): Promise<string> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 })
  try {
    const { workflowService, operatorService } = connection
    await workflowService
      .registerNamespace({
        namespace: NAMESPACE,
        workflowExecutionRetentionPeriod: msToTs(RETENTION),
      })
      .catch(() => workflowService.describeNamespace({ namespace: NAMESPACE }))
    const { customAttributes } = await operatorService.listSearchAttributes({
      namespace: NAMESPACE,
    })
    const missing = SEARCH_ATTRIBUTES.map((line) => line.split('='))
      .filter(([name = '']) => !(name in customAttributes))
      .map(([name = '', type = '']) => [name, TYPES[type] ?? 0] as const)
    if (missing.length > 0)
      await operatorService.addSearchAttributes({
        namespace: NAMESPACE,
        searchAttributes: Object.fromEntries(missing),
      })
    const { serverVersion } = await workflowService.getSystemInfo({})
    return serverVersion
  } finally {
    await connection.close()
  }
}
