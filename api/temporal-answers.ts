/** What Temporal answers when it does not do what was asked, in the API's words. */
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { BusinessError } from '../domain/errors.ts'
import { isErrorCode } from './problems.ts'

export const away = (): BusinessError =>
  new BusinessError(
    'TEMPORARILY_UNAVAILABLE',
    'We cannot take this right now. Nothing was lost; try again in a few seconds.',
  )

const closed = () => new BusinessError('RESERVATION_CLOSED', 'This booking is no longer open.')

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const ALREADY_EXISTS = 6
const [INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED] = [3, 7, 12, 16]
/** Of our own making: trying again would not help. Whatever else it says passes, as when a story ends in that moment. */
const OURS = new Set([INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED])

/** The client wraps most of what the server says. */
function codeOf(error: unknown): number | undefined {
  const said = error instanceof ServiceError ? error.cause : error
  return isGrpcServiceError(said) ? said.code : undefined
}

export const isAlreadyStarted = (error: unknown): boolean => codeOf(error) === ALREADY_EXISTS

/** The story had heard it and ended of something else before it was done. */
const OVERTAKEN = 'AcceptedUpdateCompletedWorkflow'

/** A refused update carries its code as the failure's type; a missing workflow means that it is over. */
export function translate(error: unknown): never {
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error
    if (!(cause instanceof ApplicationFailure && cause.type) || cause.type === OVERTAKEN)
      throw closed()
    // Temporal has types of its own, such as for a handler that is not there: nothing that a user has done.
    throw isErrorCode(cause.type) ? new BusinessError(cause.type, cause.message) : error
  }
  if (error instanceof WorkflowNotFoundError) throw closed()
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw away()
  const code = codeOf(error)
  throw code === undefined || OURS.has(code) ? error : away()
}

export const withDeadline = async <T>(
  client: Client,
  ms: number,
  call: () => Promise<T>,
): Promise<T> => {
  try {
    return await client.withDeadline(Date.now() + ms, call)
  } catch (error) {
    return translate(error)
  }
}
