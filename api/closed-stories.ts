/** What is said to a story that has ended is answered in the words of what it was about. */
import { BusinessError, type ErrorCode } from '../domain/errors.ts'

/** Runs a call with its deadline, and turns what is refused into a business error. */
export type Call = <T>(call: () => Promise<T>) => Promise<T>

/** Everywhere else a story that is over is a booking's. */
export const closedAs =
  (call: Call, code: ErrorCode, message: string): Call =>
  async (work) => {
    try {
      return await call(work)
    } catch (error) {
      if (!(error instanceof BusinessError) || error.code !== 'RESERVATION_CLOSED') throw error
      throw new BusinessError(code, message)
    }
  }
