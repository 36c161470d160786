/** A picture of somebody's passport that waits to be looked at, and who may do what with such ones. */
import { randomUUID } from 'node:crypto'
import { inTransaction, type Database } from '../../db/connection.ts'
import { receiveIdentity } from '../../db/identity-documents.ts'
import type { IdentityKind } from '../../domain/identity-documents.ts'

export async function buildIdentity(
  db: Database,
  customerId: string,
  kind: IdentityKind = 'passport',
  now = new Date(),
): Promise<string> {
  const id = randomUUID()
  const picture = { jpeg: Buffer.from('drawn by a test'), width: 800, height: 500 }
  const sent = { id, customerId, kind, actorId: customerId, picture, now }
  await inTransaction(db, (tx) => receiveIdentity(tx, sent))
  return id
}

/** Somebody must have signed in for these, and no key is enough. */
export const SIGNED_IN = /^\/(?:auth|oauth-clients)\b|identity-documents/

/** Written by hand, as those of the role matrix are; kept here because that file is long. */
export function identityRules<W>(
  { customerId, identityId }: { customerId: string; identityId: string },
  withTheirs: readonly W[],
  counter: readonly W[],
) {
  const hidden = true as const
  const [own, one] = [
    { id: customerId, may: withTheirs },
    { id: identityId, may: withTheirs },
  ]
  return {
    'GET /customers/{id}/identity-documents': { hidden, ...own },
    'POST /customers/{id}/identity-documents': { hidden, ...own },
    'GET /identity-documents/{id}/picture': { hidden, ...one },
    'POST /identity-documents/{id}/links': { hidden, ...one },
    'POST /identity-documents/{id}/acceptance': {
      may: counter,
      id: identityId,
      body: { valid_until: '2000-01-01' },
    },
    'POST /identity-documents/{id}/refusal': {
      may: counter,
      id: identityId,
      body: { reason: 'unreadable' },
    },
  }
}
