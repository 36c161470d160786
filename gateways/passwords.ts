/** Passwords as argon2id hashes, with OWASP's parameters. Few at a time: each takes 19 MiB and a core. */
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash as argon2, verify as argon2Verify, type Options } from '@node-rs/argon2'
import { bulkhead, BulkheadRejectedError } from 'cockatiel'
import { BusinessError } from '../domain/errors.ts'

export type Passwords = {
  /** Throws RangeError above a kilobyte; the rules for people are stricter and checked before. */
  hash: (password: string) => Promise<string>
  verify: (hash: string, password: string) => Promise<boolean>
  /** Takes as long as a real check, so that unknown accounts cannot be told by the clock. */
  verifyAgainstNothing: (password: string) => Promise<void>
}

/** Argon2id is the library's default algorithm. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const LONGEST_BYTES = 1_024
/** One core is always left to everybody else. */
const AT_ONCE = Math.max(1, Math.min(4, availableParallelism() - 1))
const WAITING = 200

/** Throws BusinessError TEMPORARILY_UNAVAILABLE when too many people sign in at the same moment. */
export function createPasswords({ atOnce = AT_ONCE, waiting = WAITING } = {}): Passwords {
  const places = bulkhead(atOnce, waiting)
  const limited = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await places.execute(work)
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error
      throw new BusinessError(
        'TEMPORARILY_UNAVAILABLE',
        'Too many people are signing in. Try again.',
      )
    }
  }
  let nothing: Promise<string> | undefined
  const hashOfNothing = () => (nothing ??= argon2(randomBytes(32), PARAMETERS))

  const verifyAgainstNothing = async (password: string): Promise<void> => {
    await limited(async () => argon2Verify(await hashOfNothing(), fit(password) ?? ''))
  }
  return {
    async hash(password) {
      const text = fit(password)
      if (text === null) throw new RangeError('the password is longer than a kilobyte')
      return limited(() => argon2(text, PARAMETERS))
    },
    async verify(hash, password) {
      const text = fit(password)
      if (text !== null) return limited(() => argon2Verify(hash, text))
      await verifyAgainstNothing(password)
      return false
    },
    verifyAgainstNothing,
  }
}

/** The same letters typed on two keyboards may arrive as different code points (é); null when too long. */
const fit = (password: string): string | null => {
  const text = password.normalize('NFC')
  return Buffer.byteLength(text) <= LONGEST_BYTES ? text : null
}

/** One set of places for the whole process. */
export const {
  hash: hashPassword,
  verify: verifyPassword,
  verifyAgainstNothing,
} = createPasswords()
