/** Whose till it is: a clerk's own; a manager may close one that was left open. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayCreateTills, mayRunTill } from '../domain/policies.ts'
import type { TillSession } from '../domain/tills.ts'
import { findSession } from '../db/till-reads.ts'
import type { ApiDeps } from './deps.ts'

export async function assertOwnSession(
  deps: ApiDeps,
  actor: Actor,
  sessionId: string,
): Promise<TillSession> {
  const session = mayRunTill(actor) ? await findSession(deps.db, sessionId) : null
  if (!mayRunTill(actor))
    throw new BusinessError('FORBIDDEN', 'Tills are for other people of gari.')
  if (!session) throw new BusinessError('NOT_FOUND', 'We have no such session of a till.')
  if (session.clerkId !== actor.userId && !mayCreateTills(actor))
    throw new BusinessError('FORBIDDEN', 'This till is open under another name.')
  return session
}
