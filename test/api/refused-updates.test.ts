/** What a story says no to, in the API's words. */
import { expect, it } from '@jest/globals'
import { ServiceError, WorkflowUpdateFailedError, type Client } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { withDeadline } from '../../api/temporal-answers.ts'
import { BusinessError } from '../../domain/errors.ts'

const client = {
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
} as unknown as Client
async function hear(error: Error): Promise<unknown> {
  try {
    return await withDeadline(client, 1_000, async () => {
      throw error
    })
  } catch (heard) {
    return heard
  }
}
const fail = (cause: Error) => hear(new WorkflowUpdateFailedError('Workflow Update failed', cause))

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

it('is the end of the story when that came before the answer', async () => {
  const type = 'AcceptedUpdateCompletedWorkflow'
  const told = await fail(ApplicationFailure.nonRetryable('completed meanwhile', type))
  expect(told).toMatchObject({ code: 'RESERVATION_CLOSED' })
})

/** As the client hands on what the server says. */
const said = (code: number) => {
  const cause = Object.assign(new Error('as the server says'), { code, details: '', metadata: {} })
  return new ServiceError('Workflow Update failed', { cause })
}

it.each([
  ['cut off', 14],
  ['too busy', 8],
  ['interrupted by the end of something else', 10],
  ['unable to start and ask in one', 9],
])('is for later when Temporal is %s', async (_why, code) => {
  expect(await hear(said(code))).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' })
})

it('is a mistake of ours, told as it is, when Temporal does not understand it', async () => {
  const INVALID_ARGUMENT = 3
  expect(await hear(said(INVALID_ARGUMENT))).toBeInstanceOf(ServiceError)
})
