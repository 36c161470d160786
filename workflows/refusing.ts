/** Saying no to an update: an expected answer in words, so it fails nothing and fills no log. */
import { ApplicationFailure } from '@temporalio/common'
import type { ErrorCode } from '../domain/errors.ts'

/** `message` is for whoever asked: never a secret, never another person's data. */
export const refuse = (type: ErrorCode, message: string): never => {
  throw ApplicationFailure.create({ type, message, nonRetryable: true, category: 'BENIGN' })
}

/** What is said to a refund, and cannot be. */
export const turnDown = (message: string): never => refuse('REFUND_REFUSED', message)
