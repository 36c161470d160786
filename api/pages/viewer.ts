/** Who looks at the page, as the layout needs it. A visitor gets a cookie, for the forms' token. */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Actor } from '../../domain/accounts.ts'
import type { Viewer } from '../../domain/pages.ts'
import { isStaff, maySeeDesk, maySeePayments, maySeeWorkflows } from '../../domain/policies.ts'
import type { ApiDeps, Env, Session } from '../deps.ts'
import { sessionWithCsrf } from '../sessions.ts'
import { hasStyle } from '../style-cookie.ts'

export const LANGUAGE_COOKIE = 'lang'

export const languageOf = (c: Context<Env>): 'en' | 'sw' => {
  const chosen = getCookie(c, LANGUAGE_COOKIE)
  if (chosen === 'en' || chosen === 'sw') return chosen
  return (c.get('session') as Session | undefined)?.actor?.language ?? 'en'
}

/** What a form's own address ends in, after the address of its page. */
const DEED = /\/(?:cancel|decline|retry|resolve|phone|code|credit|refund)$/

/**
 * The page as somebody would open it again, which is where the language switch leads: the page's own address, or
 * for a form the address of its page.
 */
export const pathOf = (c: Context<Env>): string => {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method === 'GET') return `${pathname}${search}`
  const page = pathname === '/sign-out' || pathname === '/book' ? '/' : pathname.replace(DEED, '')
  return c.get('address') ?? page
}

const rolesOf = (actor: Actor | null) => ({
  name: actor ? `${actor.firstName} ${actor.lastName}`.trim() : null,
  signedIn: actor !== null,
  staff: actor !== null && isStaff(actor),
  seesDesk: actor !== null && maySeeDesk(actor),
  seesPayments: actor !== null && maySeePayments(actor),
  seesOperations: actor !== null && maySeeWorkflows(actor),
  permissions: actor?.permissions ?? [],
})

export async function viewerOf(c: Context<Env>, deps: ApiDeps): Promise<Viewer> {
  const { actor, csrf } = sessionWithCsrf(c, deps)
  return {
    ...rolesOf(actor),
    csrf,
    language: languageOf(c),
    path: pathOf(c),
    hasStyle: hasStyle(c),
    samples: deps.sampleData
      ? { phones: deps.links.phones, mailbox: deps.links.mailbox, sms: deps.links.sms }
      : null,
  }
}

/** For error pages: must not need the database, nor a session where a door refused before it was read. */
export const readerOf = (c: Context<Env>): Viewer => {
  const session = c.get('session') as Session | undefined
  return {
    ...rolesOf(session?.actor ?? null),
    csrf: session?.csrf ?? '',
    language: languageOf(c),
    path: pathOf(c),
    hasStyle: hasStyle(c),
    samples: null,
  }
}
