/**
 * A database that is away comes back, and each step with it. What breaks a constraint or a promise of ours will break
 * it tomorrow too: after a few tries the step fails for good, its story parks, and a person sees it at once instead of
 * after half a day and thousands of events.
 */
import { ApplicationFailure, Context } from '@temporalio/activity'
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker'
import { isLasting } from '../db/lasting-errors.ts'

/** Two steps in the same moment may meet one constraint; the next try then finds what the other one wrote. */
const TRIES = 5

/** For every activity of a worker. */
export const createLastingFailures = (): ActivityInboundCallsInterceptor => ({
  async execute(input, next) {
    try {
      return await next(input)
    } catch (error) {
      if (!isLasting(error) || Context.current().info.attempt < TRIES) throw error
      const cause = error as Error
      throw ApplicationFailure.create({
        message: cause.message,
        type: 'LASTING',
        nonRetryable: true,
        cause,
      })
    }
  },
})
