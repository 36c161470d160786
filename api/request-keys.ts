/** Ids that follow from the Idempotency-Key of whoever asks. */
import type { Context } from 'hono'
import { z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { claimKey } from '../db/idempotency.ts'
import type { ApiDeps } from './deps.ts'
import { sha256, uuidFrom } from './tokens.ts'

const KEY_LENGTH = 255

export const keyHeader = z.object({ 'idempotency-key': z.string().optional() })

/** The same key of the same person is the same thing, also when the first answer was lost. */
export const idFrom = (c: Context, actor: Actor, what: string): string =>
  uuidFrom(what, actor.userId, keyOf(c))

/** As `idFrom`, and the same key with another request is refused. */
export async function claimId(
  c: Context,
  deps: ApiDeps,
  actor: Actor,
  what: string,
  request: object,
): Promise<string> {
  const subjectId = idFrom(c, actor, what)
  const requestHash = sha256(JSON.stringify(request))
  const claim = { scope: `${what}s:${actor.userId}`, key: keyOf(c), requestHash, subjectId }
  if ((await claimKey(deps.db, claim)).state !== 'other') return subjectId
  throw new BusinessError(
    'IDEMPOTENCY_KEY_REUSED',
    'Use a new Idempotency-Key for another request.',
  )
}

const keyOf = (c: Context): string => {
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (key.length > 0 && key.length <= KEY_LENGTH) return key
  throw new BusinessError(
    'IDEMPOTENCY_KEY_REQUIRED',
    'Send an Idempotency-Key header (up to 255 characters, new for each request).',
  )
}
