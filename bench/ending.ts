/**
 * Ends with this process what it has started: PostgreSQL, Temporal's server and further workers are in process groups of
 * their own and would go on. Told to end at our exit, when nothing can be waited for any more.
 */
import { ownChildren } from './processes.ts'

/** It notices by its channel that we are gone, and stops what it has started in the right order. */
const SUPERVISOR = /local\/index\.ts/
const POSTGRES = /\/bin\/postgres/

/** However this process ends, except by a kill -9: also with an error, and when it is asked to end. */
export function endWithUs(): void {
  process.once('exit', endOwnChildren)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    // Not once: Ctrl-C comes twice, from the terminal and from run.mjs, and the second one would end us in the middle.
    process.on(signal, () => process.exit(1))
}

function endOwnChildren(): void {
  for (const { pid, command } of ownChildren()) {
    if (SUPERVISOR.test(command)) continue
    // For PostgreSQL the fast shutdown: its sessions end at once, and a fleet that is kept stays whole.
    const signal = POSTGRES.test(command) ? 'SIGINT' : 'SIGKILL'
    if (!send(-pid, signal)) send(pid, signal)
  }
}

/** False where there is no such process or group any more. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
