/**
 * The process in which passwords are hashed. It has the lowest priority, so that on full cores web pages, the database and the
 * workers go first. A thread would share the memory of the web server, which then waits where a thread that must wait itself
 * is changing it.
 */
import { getPriority, setPriority } from 'node:os'
import { hashSync, verifySync, type Options } from '@node-rs/argon2'

/** `password` is this process's own copy and is wiped once it was read. */
export type HashingTask = { password: Uint8Array } & ({ hash: string } | { parameters: Options })
/** What the library refuses is an answer; what else fails is the process itself. */
export type HashingAnswer = { hash: string } | { right: boolean } | { refused: string }

/** Once it has started, which is work that somebody waits for. */
const polite = Number(process.argv[2])
if (getPriority() < polite) setPriority(polite)

export function hashOrVerify(task: HashingTask): HashingAnswer {
  try {
    return 'hash' in task
      ? { right: verifySync(task.hash, task.password) }
      : { hash: hashSync(task.password, task.parameters) }
  } catch (error) {
    return { refused: String(error) }
  } finally {
    task.password.fill(0)
  }
}
