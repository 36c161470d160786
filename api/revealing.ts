/** Somebody of the house sees a customer's phone and e-mail whole: counted, and written down before it is shown. */
import { appendAudit } from '../db/audit.ts'
import { inTransaction } from '../db/connection.ts'
import type { Actor } from '../domain/accounts.ts'
import type { ApiDeps } from './deps.ts'
import { limit } from './limits.ts'

type Look = { subjectId: string; reservationId?: string; shown?: readonly string[] }

/** Throws TOO_MANY_REQUESTS. What is one's own is no secret, and is not counted. */
export async function countLook(deps: ApiDeps, actor: Actor, subjectId: string): Promise<void> {
  if (actor.userId !== subjectId) await limit(deps, 'reveals', actor.userId)
}

export async function writeLook(
  deps: ApiDeps,
  actor: Actor,
  { subjectId, reservationId, shown = ['phone', 'email'] }: Look,
): Promise<void> {
  if (actor.userId === subjectId) return
  await inTransaction(deps.db, (tx) =>
    appendAudit(tx, {
      actor: actor.userId,
      action: 'contacts.revealed',
      entity: 'user',
      entityId: subjectId,
      after: { shown, ...(reservationId ? { reservationId } : {}) },
    }),
  )
}

export async function noteReveal(deps: ApiDeps, actor: Actor, look: Look): Promise<void> {
  await countLook(deps, actor, look.subjectId)
  await writeLook(deps, actor, look)
}
