/** What a step of a story writes into the audit says of which story it is. */
import { Context } from '@temporalio/activity'
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker'
import { from } from '../db/origin.ts'

/** For every activity of a worker. */
export const createStepOrigins = (): ActivityInboundCallsInterceptor => ({
  execute: (input, next) => {
    const { workflowExecution } = Context.current().info
    return from(`workflow ${workflowExecution?.workflowId ?? 'none'}`, () => next(input))
  },
})
