import { join } from 'node:path'
import type { Environment } from '../config.ts'
import { waitForAnswer } from './engine.ts'
import { launch, type RunningProcess } from './processes.ts'
import type { Part } from './supervise.ts'
import { prepareWorkflowBundle } from './workflow-bundle.ts'

/** Our own processes: the API and the workers, each a child with its own log. */
export type ServerOptions = { env: Environment; home: string; signal: AbortSignal }

export const PROJECT = join(import.meta.dirname, '..')
const START_LIMIT_MS = 120_000
const STOP_GRACE_MS = 15_000

/** Done when /readyz says so. */
export const startApi = async (options: ServerOptions & { url: string }): Promise<Part> => {
  const { running, logFile } = await launchOurs('api', 'api/server.ts', options)
  const wait = { running, logFile, timeoutMs: START_LIMIT_MS, signal: options.signal }
  await waitForAnswer({ name: 'The web server', ...wait }, async () => {
    const answer = await fetch(`${options.url}/readyz`, { signal: AbortSignal.timeout(5_000) })
    if (!answer.ok) throw new Error(`not ready: ${answer.status}`)
  })
  return asPart(running)
}

export const startWorkers = async (options: ServerOptions & { cache: string }): Promise<Part> => {
  const stories = await prepareWorkflowBundle(options.cache)
  const args = [`--prebuilt=${stories}`]
  const { running } = await launchOurs('workers', 'workers/index.ts', options, args)
  return asPart(running)
}

const launchOurs = async (
  name: string,
  file: string,
  { env, home }: ServerOptions,
  args: string[] = [],
) => {
  const logFile = join(home, 'logs', `${name}.log`)
  const running = await launch({
    command: process.execPath,
    args: ['--enable-source-maps', '--import', 'tsx', file, ...args],
    cwd: PROJECT,
    env,
    logFile,
    recordFile: join(home, 'run', `${name}.json`),
  })
  return { running, logFile }
}

const asPart = (running: RunningProcess): Part => ({
  exited: running.exited,
  stop: () => running.stop('SIGTERM', STOP_GRACE_MS),
})
