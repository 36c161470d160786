/** A picture of an id or a licence comes in: drawn anew, and kept sealed. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import {
  FAULT_WORDS,
  type IdentityDocument,
  type IdentityKind,
} from '../domain/identity-documents.ts'
import { maySendIdentity } from '../domain/policies.ts'
import { inTransaction } from '../db/connection.ts'
import { receiveIdentity } from '../db/identity-documents.ts'
import type { ApiDeps } from './deps.ts'

export type SentIdentity = {
  id: string
  customerId: string
  kind: IdentityKind
  picture: Uint8Array
  licence: { number: string; expiresOn: string | null } | null
}

/** Throws FORBIDDEN for one’s own where that was taken away, NOT_FOUND for other people's, so that nobody can try ids. */
export function assertMaySend(actor: Actor, customerId: string): void {
  if (maySendIdentity(actor, { customerId })) return
  if (customerId === actor.userId)
    throw new BusinessError('FORBIDDEN', 'Your roles do not allow this. Ask whoever gives roles.')
  throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
}

async function redraw(deps: ApiDeps, bytes: Uint8Array) {
  const read = await deps.pictures.redraw(bytes)
  if (read.kind === 'picture') return read
  if (read.kind === 'busy')
    throw new BusinessError(
      'TEMPORARILY_UNAVAILABLE',
      'Many people are sending pictures just now. Try again in a minute.',
    )
  const message = FAULT_WORDS[read.fault]
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'picture', message }] })
}

/** Throws INVALID_INPUT with what is wrong with the picture, TEMPORARILY_UNAVAILABLE, NOT_FOUND. */
export async function sendIdentity(
  deps: ApiDeps,
  actor: Actor,
  sent: SentIdentity,
): Promise<IdentityDocument> {
  const { id, customerId, kind, licence } = sent
  assertMaySend(actor, customerId)
  const picture = await redraw(deps, sent.picture)
  const actorId = actor.userId
  return inTransaction(deps.db, async (tx) => {
    const wish = { id, customerId, kind, actorId, picture, licence, now: deps.now() }
    return receiveIdentity(tx, wish)
  })
}
