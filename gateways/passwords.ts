/**
 * Passwords as argon2id hashes, with OWASP's parameters. Each takes 19 MiB and a core for a while, so they are made few at a
 * time, in processes of a lower priority than everything else.
 */
import { randomBytes } from 'node:crypto'
import { availableParallelism, constants } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Options } from '@node-rs/argon2'
import { Tinypool } from 'tinypool'
import { BusinessError } from '../domain/errors.ts'
import type { HashingAnswer, HashingTask } from './password-process.ts'

export type Passwords = {
  /** Throws RangeError above a kilobyte; the rules for people are stricter and checked before. */
  hash: (password: string) => Promise<string>
  verify: (hash: string, password: string) => Promise<boolean>
  /** Takes as long as a real check, so that unknown accounts cannot be told by the clock. */
  verifyAgainstNothing: (password: string) => Promise<void>
  /** Ends the processes; they end by themselves as well after a rest, and with the one that asked. */
  close: () => Promise<void>
}

/** Argon2id is the library's default algorithm. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const LONGEST_BYTES = 1_024
/** One core is always left to everybody else. */
const AT_ONCE = Math.max(1, Math.min(4, availableParallelism() - 1))
const WAITING = 200
const REST_MS = 10_000
/** Far beyond what the slowest of machines needs: then the process never came to it. */
const LONGEST_MS = 30_000

const fromSource = import.meta.url.endsWith('.ts')
const PROCESS = fileURLToPath(
  new URL(`./password-process.${fromSource ? 'ts' : 'js'}`, import.meta.url),
)

type Setting = {
  atOnce?: number
  waiting?: number
  program?: string
  /** As for nice(1): 0 is usual, 19 stands behind everything else. */
  priority?: number
  longestMs?: number
  /** The next one is started by itself; somebody ought to know why. */
  onLost?: (error: unknown) => void
}

const tooMany = () =>
  new BusinessError('TEMPORARILY_UNAVAILABLE', 'Too many people are signing in. Try again.')
const notChecked = () =>
  new BusinessError(
    'TEMPORARILY_UNAVAILABLE',
    'The password could not be looked at now. Try again in a few seconds.',
  )

/** Throws BusinessError TEMPORARILY_UNAVAILABLE when too many wait already, and when the process is lost meanwhile. */
export function createPasswords({
  atOnce = AT_ONCE,
  waiting = WAITING,
  program = PROCESS,
  priority = constants.priority.PRIORITY_LOW,
  longestMs = LONGEST_MS,
  onLost = () => {},
}: Setting = {}): Passwords {
  const processes = new Tinypool({
    runtime: 'child_process',
    filename: pathToFileURL(program).href,
    name: 'hashOrVerify',
    execArgv: fromSource ? ['--import', 'tsx'] : [],
    // It is told none of our secrets.
    env: {},
    argv: [String(priority)],
    serialization: 'advanced',
    minThreads: 0,
    maxThreads: atOnce,
    maxQueue: waiting,
    idleTimeout: REST_MS,
  })
  // One that ends while it rests, or before it begins, has nobody who waits for its answer.
  processes.on('error', onLost)

  const ask = async (task: HashingTask): Promise<HashingAnswer> => {
    if (processes.queueSize >= waiting) throw tooMany()
    const signal = AbortSignal.timeout(longestMs)
    const running = processes.run(task, { signal }) as Promise<HashingAnswer>
    const answer = await running.catch((error: unknown) => {
      onLost(error)
      throw notChecked()
    })
    if ('refused' in answer) throw new Error(answer.refused)
    return answer
  }
  const check = async (hash: string, text: string): Promise<boolean> => {
    const answer = await ask({ password: bytesOf(text), hash })
    return 'right' in answer && answer.right
  }
  const make = async (password: Uint8Array): Promise<string> => {
    const answer = await ask({ password, parameters: PARAMETERS })
    if (!('hash' in answer)) throw new Error('a hash was asked for')
    return answer.hash
  }

  let nothing: Promise<string> | undefined
  const verifyAgainstNothing = async (password: string): Promise<void> => {
    nothing ??= make(Uint8Array.from(randomBytes(32)))
    const hash = await nothing.catch((error: unknown) => {
      nothing = undefined
      throw error
    })
    await check(hash, fit(password) ?? '')
  }
  return {
    async hash(password) {
      const text = fit(password)
      if (text === null) throw new RangeError('the password is longer than a kilobyte')
      return make(bytesOf(text))
    },
    async verify(hash, password) {
      const text = fit(password)
      if (text !== null) return check(hash, text)
      await verifyAgainstNothing(password)
      return false
    },
    verifyAgainstNothing,
    close: () => processes.destroy(),
  }
}

/** The same letters typed on two keyboards may arrive as different code points (é); null when too long. */
const fit = (password: string): string | null => {
  const text = password.normalize('NFC')
  return Buffer.byteLength(text) <= LONGEST_BYTES ? text : null
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** For seeds and tests, where nobody else is to be let go first. */
export const {
  hash: hashPassword,
  verify: verifyPassword,
  verifyAgainstNothing,
} = createPasswords({ priority: constants.priority.PRIORITY_NORMAL })
