/**
 * A change that running stories do not survive, as an interceptor: each begins with a moment's rest that it did not have
 * before. Replaying what is recorded must fail with it, or the replay proves nothing.
 */
import { sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      execute: async (input, next) => {
        await sleep(1)
        return next(input)
      },
    },
  ],
})
