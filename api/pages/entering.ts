/** After somebody has shown who they are: the second step where they have one, then where they wanted to go. */
import type { Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { can } from '../../domain/policies.ts'
import { findActor } from '../../db/accounts.ts'
import { findFactors } from '../../db/second-factors.ts'
import { withNext } from '../../views/accounts.tsx'
import { FINANCE_ROOMS, PEOPLE_ROOMS } from '../../views/parts/rooms.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { rememberBrowser } from '../known-browsers.ts'
import { localPath } from '../return-paths.ts'
import { closeSession, openPageSession, type Opening, type SignedIn } from '../sessions.ts'

export const SECOND_STEP = '/sign-in/second-step'

const OPERATIONS = { path: '/admin/operations', needs: 'workflows:read' } as const
const PRICES = { path: '/admin/prices', needs: 'pricing_rules:read' } as const
/** In the order of the navigation. */
const WORK = [
  { path: '/desk', needs: 'desk:read' },
  ...FINANCE_ROOMS,
  OPERATIONS,
  PRICES,
  ...PEOPLE_ROOMS,
] as const

/** Where somebody begins who came from nowhere in particular: staff at their work. */
const firstPage = (actor: Actor | null): string =>
  WORK.find(({ needs }) => actor && can(actor, needs))?.path ?? '/'

/** The old session ends and a new id begins, so that nobody can plant one before the sign-in. */
export async function enter(c: Context<Env>, deps: ApiDeps, who: SignedIn, next: string) {
  const { app, passkeys } = await findFactors(deps.db, who.userId)
  if (!app && passkeys === 0) return enterAtLast(c, deps, who, next)
  return askForMore(c, deps, who, next)
}

async function askForMore(c: Context<Env>, deps: ApiDeps, who: SignedIn, next: string) {
  await closeSession(deps, c.get('session').tokenHash)
  await openPageSession(c, deps, { ...who, awaitsFactor: true })
  return c.redirect(withNext(SECOND_STEP, localPath(next)), 303)
}

/** Nothing more is asked, unless a second factor was turned on this very moment. */
export async function enterAtLast(c: Context<Env>, deps: ApiDeps, who: Opening, next: string) {
  if (!(await openPageSession(c, deps, who))) return askForMore(c, deps, who, next)
  await closeSession(deps, c.get('session').tokenHash)
  const actor = await findActor(deps.db, who.userId)
  // Not before: a stranger who knows the password is not to count as somebody who was in.
  const showedFactor = who.showed !== undefined
  if (actor?.email)
    rememberBrowser(c, deps, { email: actor.email, userId: who.userId, showedFactor })
  const wanted = localPath(next)
  return c.redirect(wanted === '/' ? firstPage(actor) : wanted, 303)
}
