/** What the roles of whoever asks allow, asked at the door. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import { can } from '../domain/policies.ts'

const refused = (actor: Actor) =>
  new BusinessError(
    'FORBIDDEN',
    actor.mustEnrol
      ? 'Set up a second factor first: sign in with a browser, under Account.'
      : 'Your roles do not allow this. Ask whoever gives roles.',
  )

/** Throws FORBIDDEN. */
export function assertCan(actor: Actor, permission: Permission): void {
  if (!can(actor, permission)) throw refused(actor)
}

/** Who sees everybody's, and who their own. */
export type Seen = { all: Permission; own: Permission }

/** Nothing narrows the list of who may see everybody's; others see their own. Throws FORBIDDEN for who may see neither. */
export function whose(actor: Actor, { all, own }: Seen): { customerId?: string } {
  if (can(actor, all)) return {}
  if (can(actor, own)) return { customerId: actor.userId }
  throw refused(actor)
}
