/**
 * Addresses of pictures: for some minutes, and for the session in which they were made. Whoever finds one in a log or over a shoulder has
 * nothing.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { PICTURE_LINK_MS, type IdentityDocument } from '../domain/identity-documents.ts'
import { maySeeIdentity } from '../domain/policies.ts'
import { inTransaction } from '../db/connection.ts'
import { findIdentity } from '../db/identity-documents.ts'
import { readPicture } from '../db/identity-pictures.ts'
import { noteIdentityLook } from '../db/identity-reviews.ts'
import type { ApiDeps } from './deps.ts'
import { limit } from './limits.ts'

type Bound = { documentId: string; until: string; tokenHash: Buffer }

const signatureOf = (deps: ApiDeps, { documentId, until, tokenHash }: Bound): Buffer =>
  deps.keyedHash(`identity picture\n${documentId}\n${until}\n${tokenHash.toString('hex')}`)

export type PictureLink = { until: string; signature: string; expiresAt: Date }

export function linkPicture(deps: ApiDeps, documentId: string, tokenHash: Buffer): PictureLink {
  const expiresAt = new Date(deps.now().getTime() + PICTURE_LINK_MS)
  const until = String(expiresAt.getTime())
  const signature = signatureOf(deps, { documentId, until, tokenHash }).toString('base64url')
  return { until, signature, expiresAt }
}

const none = () => new BusinessError('NOT_FOUND', 'There is nothing under this address.')
const over = () =>
  new BusinessError('LINK_OVER', 'This address of a picture is over. Load the page again.')

/** Throws NOT_FOUND also for what is somebody else's. */
export async function findSeen(deps: ApiDeps, actor: Actor, id: string): Promise<IdentityDocument> {
  const found = await findIdentity(deps.db, id, deps.now())
  if (found && maySeeIdentity(actor, found)) return found
  throw none()
}

/**
 * Before somebody of the house is shown a picture: counted with their looks at phones, and written down. What is one's own is neither.
 * Throws TOO_MANY_REQUESTS.
 */
export async function noteLook(
  deps: ApiDeps,
  actor: Actor,
  { id, customerId }: IdentityDocument,
): Promise<void> {
  const actorId = actor.userId
  if (actorId === customerId) return
  await limit(deps, 'reveals', actorId)
  await inTransaction(deps.db, (tx) =>
    noteIdentityLook(tx, { actorId, customerId, documentId: id }),
  )
}

type Asked = { id: string; until: string; signature: string; actor: Actor; tokenHash: Buffer }

/** Throws NOT_FOUND for who may not see it (any more), LINK_OVER for an address that is over or of another session. */
export async function answerPicture(c: Context, deps: ApiDeps, asked: Asked): Promise<Response> {
  const { id, until, actor, tokenHash } = asked
  const { kind } = await findSeen(deps, actor, id)
  const right = signatureOf(deps, { documentId: id, until, tokenHash })
  const given = Buffer.from(asked.signature, 'base64url')
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw over()
  if (Number(until) <= deps.now().getTime()) throw over()
  const jpeg = await readPicture(deps.db, id)
  if (!jpeg) throw none()
  c.header('Content-Type', 'image/jpeg')
  c.header('Cache-Control', 'private, no-store')
  c.header('Content-Disposition', `inline; filename="${kind.replaceAll('_', '-')}.jpg"`)
  return c.body(new Uint8Array(jpeg))
}
