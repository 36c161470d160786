/** Our own processes, each with a log of its own; what `npm start` puts into one worker process are four here. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { childEnvironment, type Environment } from '../config.ts'
import { launch } from '../local/processes.ts'
import { PROJECT } from '../local/servers.ts'
import type { Alive } from './keeper.ts'

export const WORKERS = {
  stories: 'business,payments',
  relay: 'outbox',
  notifier: 'messages',
  schedules: 'schedules',
} as const
export type WorkerName = keyof typeof WORKERS
export const WORKER_NAMES = Object.keys(WORKERS) as WorkerName[]

/** As in production: what was begun may end. */
const API_GRACE_MS = 15_000
const WORKER_GRACE_MS = 50_000

export type Ours = {
  /** Resolves when it works. `over` adds to what it is told, for this one only; `bundle` is its stories' code. */
  runApi: (over?: Environment) => Promise<Alive>
  runWorker: (name: WorkerName, over?: Environment, bundle?: string) => Promise<Alive>
  /** A command of ours, as an operator runs it beside the others: to its end. */
  runCommand: (file: string) => Promise<Ended>
}
export type Ended = { exitCode: number; said: string }

export type Told = {
  folder: string
  all: Environment
  api: Environment
  workers: Environment
  /** Of the stories, ready-made. */
  bundle: string
}
type Program = { file: string; args?: string[]; graceMs: number }

export function createOurs({ folder, all, api, workers, bundle: usual }: Told): Ours {
  let nth = 0
  const run = async (name: string, { file, args = [], graceMs }: Program, env: Environment) => {
    const logFile = join(folder, 'logs', `${name}.log`)
    const running = await launch({
      command: process.execPath,
      args: ['--enable-source-maps', '--import', 'tsx', file, ...args],
      cwd: PROJECT,
      env: childEnvironment({ ...all, ...env }),
      logFile,
      // Of its own for each: while one replaces another, there are two.
      recordFile: join(folder, 'run', `${name}-${(nth += 1)}.json`),
    })
    try {
      await untilReady(name, logFile, running)
    } catch (error) {
      // Nobody else knows of it.
      await running.kill9()
      throw error
    }
    return { ...running, stop: () => running.stop('SIGTERM', graceMs) }
  }
  return {
    runCommand: (file) => toItsEnd(file, childEnvironment({ ...all, ...workers })),
    runApi: (over = {}) =>
      run('api', { file: 'api/server.ts', graceMs: API_GRACE_MS }, { ...api, ...over }),
    runWorker: (name, over = {}, bundle = usual) => {
      const args = name === 'stories' ? [`--prebuilt=${bundle}`] : []
      const program = { file: 'workers/index.ts', args, graceMs: WORKER_GRACE_MS }
      return run(name, program, { ...workers, WORKER_ROLES: WORKERS[name], ...over })
    },
  }
}

const COMMAND_MS = 180_000

const toItsEnd = (file: string, env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: PROJECT, env, timeout: COMMAND_MS }
    const args = ['--enable-source-maps', '--import', 'tsx', file]
    const child = execFile(process.execPath, args, options, (_error, out, err) =>
      resolve({ exitCode: child.exitCode ?? 1, said: `${out}${err}` }),
    )
  })

const LOOK_MS = 100
const READY_MS = 120_000
/** What the web server and the workers say when they have begun. */
const READY = /"msg":"(?:listening|working)"/

/** Fails when it ends before. */
async function untilReady(
  name: string,
  logFile: string,
  { pid, exited }: { pid: number; exited: Promise<string> },
): Promise<void> {
  const end: { why?: string } = {}
  void exited.then((why) => (end.why = why))
  const until = Date.now() + READY_MS
  const saysSo = async () =>
    (await readFile(logFile, 'utf8'))
      .split('\n')
      .some((line) => line.includes(`"pid":${pid},`) && READY.test(line))
  while (!(await saysSo())) {
    if (end.why) throw new Error(`${name} ended before it began: ${end.why}`)
    if (Date.now() > until) throw new Error(`${name} did not begin within ${READY_MS} ms`)
    await rest(LOOK_MS)
  }
}
