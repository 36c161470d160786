/** After somebody has shown who they are: the second step where they have one, then where they wanted to go. */
import type { Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { can, maySeeDesk, maySeePayments, maySeeWorkflows } from '../../domain/policies.ts'
import { findActor } from '../../db/accounts.ts'
import { findFactors } from '../../db/second-factors.ts'
import { withNext } from '../../views/accounts.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { localPath } from '../return-paths.ts'
import { closeSession, openPageSession, type SignedIn } from '../sessions.ts'

export const SECOND_STEP = '/sign-in/second-step'

/** Where somebody begins who came from nowhere in particular: staff at their work. */
const firstPage = (actor: Actor | null): string => {
  if (actor && maySeeDesk(actor)) return '/desk'
  if (actor && maySeePayments(actor)) return '/finance/payments'
  if (actor && maySeeWorkflows(actor)) return '/admin/operations'
  return actor && can(actor, 'users:read') ? '/admin/people' : '/'
}

/** The old session ends and a new id begins, so that nobody can plant one before the sign-in. */
export async function enter(c: Context<Env>, deps: ApiDeps, who: SignedIn, next: string) {
  const { app, passkeys } = await findFactors(deps.db, who.userId)
  if (!app && passkeys === 0) return enterAtLast(c, deps, who, next)
  await closeSession(deps, c.get('session').tokenHash)
  await openPageSession(c, deps, { ...who, awaitsFactor: true })
  return c.redirect(withNext(SECOND_STEP, localPath(next)), 303)
}

/** Nothing more is asked. */
export async function enterAtLast(c: Context<Env>, deps: ApiDeps, who: SignedIn, next: string) {
  await closeSession(deps, c.get('session').tokenHash)
  await openPageSession(c, deps, who)
  const wanted = localPath(next)
  return c.redirect(wanted === '/' ? firstPage(await findActor(deps.db, who.userId)) : wanted, 303)
}
