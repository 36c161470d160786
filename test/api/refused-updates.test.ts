/** What a story says no to, in the API's words. */
import { expect, it } from '@jest/globals'
import { WorkflowUpdateFailedError, type Client } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { withDeadline } from '../../api/workflow-messages.ts'
import { BusinessError } from '../../domain/errors.ts'

const client = {
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
} as unknown as Client
const fail = (cause: Error) =>
  withDeadline(client, 1_000, () =>
    Promise.reject(new WorkflowUpdateFailedError('Workflow Update failed', cause)),
  ).catch((error: unknown) => error)

it('is a refusal with its code and its words', async () => {
  const refused = await fail(ApplicationFailure.nonRetryable('Choose another.', 'PUSH_OPEN'))
  expect(refused).toBeInstanceOf(BusinessError)
  expect(refused).toMatchObject({ code: 'PUSH_OPEN', message: 'Choose another.' })
})

it('is the end of the story when it names no reason', async () => {
  expect(await fail(new Error('ended'))).toMatchObject({ code: 'RESERVATION_CLOSED' })
})

it('is a mistake of ours, told as it is, when the type is Temporal’s own', async () => {
  const cause = ApplicationFailure.nonRetryable('no such handler', 'UnregisteredUpdateHandler')
  const told = await fail(cause)
  expect(told).toBeInstanceOf(WorkflowUpdateFailedError)
  expect(told).toHaveProperty('cause', cause)
})
