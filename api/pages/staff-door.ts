/** Who may enter a page of the staff, and where its workflow is shown. */
import type { Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError } from '../../domain/errors.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { signedIn } from '../sessions.ts'

export const staff = (c: Context<Env>, may: (actor: Actor) => boolean): Actor => {
  const actor = signedIn(c)
  if (!may(actor)) throw new BusinessError('FORBIDDEN', 'This page is for other people of gari.')
  return actor
}

export const workflowUrl = (deps: ApiDeps, workflowId: string): string | null =>
  deps.links.temporalUi &&
  `${deps.links.temporalUi}/namespaces/${deps.temporalNamespace}/workflows/${encodeURIComponent(workflowId)}`
