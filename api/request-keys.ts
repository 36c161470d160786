/** Ids that follow from the Idempotency-Key of whoever asks. */
import type { Context } from 'hono'
import { z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { uuidFrom } from './tokens.ts'

const KEY_LENGTH = 255

export const keyHeader = z.object({ 'idempotency-key': z.string().optional() })

/** The same key of the same person is the same thing, also when the first answer was lost. */
export const idFrom = (c: Context, actor: Actor, what: string): string => {
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (key.length > 0 && key.length <= KEY_LENGTH) return uuidFrom(what, actor.userId, key)
  throw new BusinessError(
    'IDEMPOTENCY_KEY_REQUIRED',
    'Send an Idempotency-Key header (up to 255 characters, new for each request).',
  )
}
