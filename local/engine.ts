import { setTimeout as sleep } from 'node:timers/promises'
import { logTail, type RunningProcess } from './processes.ts'

/** A part of the embedded stack that runs as a process of its own. */
export type Engine = {
  /** host:port, or a whole URL where the part has one. */
  address: string
  version: string
  pid: number
  exited: Promise<string>
  stop: () => Promise<void>
  kill9: () => Promise<void>
}

type Wait = {
  name: string
  running: RunningProcess
  logFile: string
  timeoutMs: number
  signal?: AbortSignal | undefined
}

const POLL_MS = 50
const STOP_GRACE_MS = 5_000

/** Asks until the part answers; fails at once, with the end of its log, when it dies. */
export const waitForAnswer = async <T>(wait: Wait, ask: () => Promise<T>): Promise<T> => {
  const { name, running, logFile, timeoutMs, signal } = wait
  let end: string | undefined
  void running.exited.then((reason) => (end = reason))
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask().then(
      (value) => ({ value }),
      () => undefined,
    )
    if (answer) return answer.value
    if (signal?.aborted || Date.now() > deadline) await running.stop('SIGTERM', STOP_GRACE_MS)
    signal?.throwIfAborted()
    const problem = end ? `ended (${end})` : Date.now() > deadline ? 'does not answer' : undefined
    if (problem) throw new Error(`${name} ${problem}. Its log:\n${await logTail(logFile)}`)
    await sleep(POLL_MS)
  }
}
