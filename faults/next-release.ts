/** What a next release may do to stories that are under way: a step more before each step in the books, behind a patch. */
import { patched, sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleLocalActivity: async (input, next) => {
        if (patched('next-release')) await sleep(1)
        return next(input)
      },
    },
  ],
})
