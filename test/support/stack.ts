/** The whole of Gari as `npm start` runs it, on free ports and with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { childEnvironment } from '../../config.ts'
import type { Vault } from '../../domain/vault.ts'
import { createVault } from '../../gateways/vault.ts'
import { freePort } from '../../local/ports.ts'

export type Stack = {
  /** The data folder, with logs and process records. */
  home: string
  baseUrl: string
  simulator: string
  mailbox: string
  sms: string
  etims: string
  kafka: string
  databaseUrl: string
  temporal: string
  temporalUi: string
  /** What the secret parts of its addresses are made with. */
  callbackSecret: string
  /** What seals the audit. */
  sealingKey: string
  masterKey: string
  /** As its processes have one. */
  vault: Vault
  tokenKey: string
  /** The key that what Temporal stores is encrypted with. */
  payloadKey: { keyId: string; key: Buffer }
  /** kill -9 of one process; the supervisor starts it again. */
  kill(part: 'api' | 'workers' | 'temporal' | 'kafka' | 'postgres'): Promise<void>
  pidOf(part: 'api' | 'workers' | 'temporal' | 'kafka' | 'postgres'): Promise<number>
  /** The process stands still and answers nobody, as behind a broken network, until the answer is called. */
  freeze(part: 'temporal' | 'kafka'): Promise<() => void>
  stop(): Promise<void>
}

/** Where each process leaves its id, in the data folder. */
const RECORDS = {
  api: 'run/api.json',
  workers: 'run/workers.json',
  temporal: 'temporal/process.json',
  kafka: 'kafka/process.json',
  postgres: 'postgres/process.json',
}

const READY_MS = 120_000
/** Longer than the supervisor's own graces, which end what does not stop by itself. */
const STOP_MS = 50_000
const LOGS = join(import.meta.dirname, '../../test-output/logs')
const LOOK_AGAIN_MS = 150

/** Asks until it is so; a deadline, not a guess, ends what never becomes true. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  withinMs = 30_000,
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > until) throw new Error(`not within ${withinMs} ms: ${what}`)
    await rest(LOOK_AGAIN_MS)
  }
}

type Status = { parts: { name: string; health: string }[] }

const isUp = async (baseUrl: string): Promise<boolean> => {
  const answer = await fetch(`${baseUrl}/api/v1/status`).catch(() => null)
  if (!answer?.ok) return false
  const { parts } = (await answer.json()) as Status
  return parts.every(({ health }) => health === 'up')
}

const json = async (file: string) =>
  JSON.parse(await readFile(file, 'utf8')) as Record<string, string>

/** Quick phones: no delay before the prompt, none before the result. */
const hurry = (simulator: string) =>
  fetch(`${simulator}/_control/settings`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ promptDelayMs: 0, processingMs: 0 }),
  })

const PORTS = [
  'postgres',
  'temporal',
  'temporalUi',
  'kafka',
  'kafkaController',
  'daraja',
  'mailbox',
  'smtp',
  'sms',
  'etims',
]

/** Two test files that start their stacks in the same moment would both find the usual ports free. */
async function scatterPorts(home: string): Promise<void> {
  const ports: Record<string, number> = {}
  for (const name of PORTS) ports[name] = await freePort()
  await writeFile(join(home, 'ports.json'), JSON.stringify(ports))
}

/**
 * `logs` names a folder in test-output/logs where the stack leaves what its processes said. A data folder that is given
 * outlives the stack.
 */
export async function startStack(
  settings: Record<string, string> = {},
  logs?: string,
  given?: string,
): Promise<Stack> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'gari-stack-')))
  const port = await freePort()
  await scatterPorts(home)
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/index.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: childEnvironment({
      PORT: String(port),
      GARI_HOME: home,
      NODE_OPTIONS: '',
      ...settings,
    }),
    // By the channel it notices when this process is gone, and stops what it has started.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.channel?.unref()
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text))
  const baseUrl = `http://127.0.0.1:${port}`
  const stop = async () => {
    try {
      await end(child)
    } finally {
      if (logs) await keepLogs(home, join(LOGS, logs), said)
      if (!given) await rm(home, { recursive: true, force: true })
    }
  }
  try {
    await eventually(
      'the stack is up',
      async () => {
        assertAlive(child)
        return isUp(baseUrl)
      },
      READY_MS,
    )
  } catch (error) {
    await stop()
    throw new Error(`${String(error)}\n${said}`, { cause: error })
  }
  const ports = await json(join(home, 'ports.json'))
  const secrets = await json(join(home, 'secrets.json'))
  const pidOf = async (part: keyof typeof RECORDS) =>
    ((await json(join(home, RECORDS[part]))) as unknown as { pid: number }).pid
  const local = (name: string) => `http://127.0.0.1:${ports[name]}`
  await hurry(local('daraja'))
  return {
    home,
    baseUrl,
    simulator: local('daraja'),
    mailbox: local('mailbox'),
    sms: local('sms'),
    etims: local('etims'),
    kafka: `127.0.0.1:${ports['kafka']}`,
    temporal: `127.0.0.1:${ports['temporal']}`,
    temporalUi: local('temporalUi'),
    callbackSecret: secrets['callbackSecret'] ?? '',
    sealingKey: secrets['sealingKey'] ?? '',
    masterKey: secrets['masterKey'] ?? '',
    vault: createVault({
      keyId: 'local',
      key: Buffer.from(secrets['masterKey'] ?? '', 'base64'),
      indexSecret: Buffer.from(secrets['sealingKey'] ?? '', 'base64'),
    }),
    tokenKey: secrets['tokenKey'] ?? '',
    payloadKey: { keyId: 'local', key: Buffer.from(secrets['payloadKey'] ?? '', 'base64') },
    databaseUrl: `postgres://gari:${secrets['databasePassword']}@127.0.0.1:${ports['postgres']}/gari`,
    pidOf,
    kill: async (part) => {
      process.kill(await pidOf(part), 'SIGKILL')
    },
    freeze: async (part) => {
      const pid = await pidOf(part)
      process.kill(pid, 'SIGSTOP')
      return () => process.kill(pid, 'SIGCONT')
    },
    stop,
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

function assertAlive(child: ChildProcess): void {
  if (hasEnded(child)) throw new Error(`the stack ended with ${child.exitCode ?? child.signalCode}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) })
  child.kill('SIGTERM')
  await ended
}

/** Of the last run only: what a failed test is read beside. A stack that never came up may have no logs yet. */
async function keepLogs(home: string, folder: string, said: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'stack.log'), said)
  const logs = join(home, 'logs')
  if (existsSync(logs)) await cp(logs, folder, { recursive: true })
}
