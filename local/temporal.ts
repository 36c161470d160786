import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Connection } from '@temporalio/client'
import { type Engine, waitForAnswer } from './engine.ts'
import { endOrphan, launch } from './processes.ts'
import { prepareTemporal } from './temporal-program.ts'

/** Temporal's development server with its web UI, on a SQLite file. */
export type TemporalOptions = {
  /** Holds the database, the log and the process record. */
  dir: string
  port: number
  /** Absent: no UI. */
  uiPort?: number | undefined
  cache: string
  /** Where the UI has encrypted payloads decoded. */
  codecEndpoint?: string | undefined
  signal?: AbortSignal | undefined
}
export type Temporal = Engine & { uiUpstream: string | undefined }

/** Registered at every start; the server keeps those that it has. */
export const SEARCH_ATTRIBUTES = [
  'BookingNumber=Keyword',
  'CustomerId=Keyword',
  'VehiclePlate=Keyword',
  'Vin=Keyword',
  'BusinessStatus=Keyword',
  'AmountKes=Int',
  'PhoneHash=Keyword',
  'NeedsAttention=Bool',
]
/** Measured: with the defaults one booking takes four times as long. */
const PRAGMAS = ['journal_mode=wal', 'synchronous=normal']
export const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=5000',
  'history.transferProcessorMaxPollHostRPS=20000',
  'history.timerProcessorMaxPollRPS=5000',
  'history.visibilityProcessorMaxPollRPS=5000',
]
/** Where our web server shows the UI; its own address is for our web server alone. */
export const UI_PATH = '/temporal'
const START_LIMIT_MS = 60_000
const STOP_GRACE_MS = 15_000

export const startTemporal = async (options: TemporalOptions): Promise<Temporal> => {
  const { port, uiPort, signal } = options
  const dir = resolve(options.dir)
  const recordFile = join(dir, 'process.json')
  const logFile = join(dir, 'server.log')
  await endOrphan(recordFile, 'SIGTERM', STOP_GRACE_MS)
  await mkdir(dir, { recursive: true })
  const command = await prepareTemporal(options.cache, { signal })
  const args = argumentsFor(options, join(dir, 'temporal.db'))
  const running = await launch({ command, args, logFile, recordFile, cwd: dir })
  const address = `127.0.0.1:${port}`
  const wait = { name: 'Temporal', running, logFile, timeoutMs: START_LIMIT_MS, signal }
  const version = await waitForAnswer(wait, () => askForVersion(address))
  return {
    address,
    uiUpstream: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    version,
    pid: running.pid,
    exited: running.exited,
    stop: () => running.stop('SIGTERM', STOP_GRACE_MS),
    kill9: running.kill9,
  }
}

const argumentsFor = ({ port, uiPort, codecEndpoint }: TemporalOptions, file: string): string[] => {
  const pairs = [
    ['--ip', '127.0.0.1'],
    ['--port', String(port)],
    ['--db-filename', file],
    ['--log-level', 'warn'],
    ...PRAGMAS.map((pragma) => ['--sqlite-pragma', pragma]),
    ...DYNAMIC_CONFIG.map((setting) => ['--dynamic-config-value', setting]),
    ...SEARCH_ATTRIBUTES.map((attribute) => ['--search-attribute', attribute]),
  ]
  const headless = ['server', 'start-dev', ...pairs.flat()]
  if (uiPort === undefined) return [...headless, '--headless']
  const codec = codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : []
  const place = ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort), '--ui-public-path', UI_PATH]
  return [...headless, ...place, ...codec]
}

/** Ready means that the default namespace can be used, not only that the port is open. */
const askForVersion = async (address: string): Promise<string> => {
  const connection = await Connection.connect({ address, connectTimeout: 1000 })
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' })
    const { serverVersion } = await connection.workflowService.getSystemInfo({})
    return serverVersion
  } finally {
    await connection.close()
  }
}
