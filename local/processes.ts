import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, childEnvironment } from '../config.ts'

/** A long-running program: its log file, and a record by which a later start finds it again. */
export type ProcessSpec = {
  command: string
  args: string[]
  logFile: string
  recordFile: string
  env?: Environment
  cwd?: string
  uid?: number
  gid?: number
}

export type RunningProcess = {
  pid: number
  /** Resolves with the reason once the process is gone. */
  exited: Promise<string>
  /** Asks with the signal, waits, and kills the whole group after the grace. */
  stop: (signal: NodeJS.Signals, graceMs: number) => Promise<void>
  kill9: () => Promise<void>
}

/** The start time tells our process from a later one that got the same number. */
export type ProcessRecord = { pid: number; startedAt: string }

const LOG_LIMIT_BYTES = 20_000_000
const POLL_MS = 20

/**
 * Starts a program in its own process group, so that a Ctrl-C or a kill of ours does not reach it
 * before the supervisor says so; its output goes to a file, so that it outlives us without harm.
 */
export const launch = async (spec: ProcessSpec): Promise<RunningProcess> => {
  await mkdir(dirname(spec.logFile), { recursive: true })
  await mkdir(dirname(spec.recordFile), { recursive: true })
  const log = openLog(spec.logFile)
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: spec.cwd,
    env: spec.env ?? childEnvironment(),
    ...(spec.uid !== undefined && { uid: spec.uid, gid: spec.gid }),
  })
  closeSync(log)
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  }).then(async (reason) => {
    await rm(spec.recordFile, { force: true })
    return reason
  })
  if (child.pid === undefined) throw new Error(`${spec.command} does not start: ${await exited}`)
  const { pid } = child
  writeFileSync(spec.recordFile, JSON.stringify(recordOf(pid)))
  return {
    pid,
    exited,
    stop: async (signal, graceMs) => {
      await endProcess({ pid, signal, graceMs, gone: exited })
      await exited
    },
    kill9: async () => {
      killGroup(pid)
      await exited
    },
  }
}

/** Ends what an earlier supervisor left behind when it was killed; true where there was something. */
export const endOrphan = async (
  recordFile: string,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<boolean> => {
  const record = await readRecord(recordFile)
  await rm(recordFile, { force: true })
  if (!record || !isRunning(record)) return false
  const gone = (async () => {
    while (isRunning(record)) await sleep(POLL_MS)
  })()
  await endProcess({ pid: record.pid, signal, graceMs, gone })
  await gone
  return true
}

export const recordOf = (pid: number): ProcessRecord => ({ pid, startedAt: startTimeOf(pid) ?? '' })

export const isRunning = (record: ProcessRecord): boolean =>
  record.startedAt !== '' && startTimeOf(record.pid) === record.startedAt

/** The last lines of a log, for an error message. */
export const logTail = async (file: string, lines = 15): Promise<string> => {
  const content = await readFile(file, 'utf8').catch(() => '')
  return content.trimEnd().split('\n').slice(-lines).join('\n')
}

type Ending = { pid: number; signal: NodeJS.Signals; graceMs: number; gone: Promise<unknown> }

const endProcess = async ({ pid, signal, graceMs, gone }: Ending): Promise<void> => {
  if (!send(pid, signal)) return
  const timer = new AbortController()
  const late = sleep(graceMs, 'late', { signal: timer.signal }).catch(() => 'done')
  if ((await Promise.race([gone, late])) === 'late') killGroup(pid)
  timer.abort()
}

const killGroup = (pid: number): void => {
  if (!send(-pid, 'SIGKILL')) send(pid, 'SIGKILL')
}

const send = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

const readRecord = async (file: string): Promise<ProcessRecord | undefined> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessRecord
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold spaces; a zombie is gone. */
const startTimeOf = (pid: number): string | undefined => {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return stdout.trim() || undefined
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

const openLog = (file: string): number => {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`)
  return openSync(file, 'a')
}
