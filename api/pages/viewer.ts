/** Who looks at the page, as the layout needs it. A visitor gets a cookie, for the forms' token. */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Viewer } from '../../domain/pages.ts'
import { isStaff, maySeeDesk, maySeePayments, maySeeWorkflows } from '../../domain/policies.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { sessionWithCsrf } from '../sessions.ts'

export const LANGUAGE_COOKIE = 'lang'

const languageOf = (c: Context<Env>): 'en' | 'sw' => {
  const chosen = getCookie(c, LANGUAGE_COOKIE)
  if (chosen === 'en' || chosen === 'sw') return chosen
  return c.get('session').actor?.language ?? 'en'
}

/** The path of the page as somebody would open it again: forms post to the address of their page. */
const pathOf = (c: Context<Env>): string => {
  const { pathname, search } = new URL(c.req.url)
  return c.req.method === 'GET' ? `${pathname}${search}` : pathname
}

export async function viewerOf(c: Context<Env>, deps: ApiDeps): Promise<Viewer> {
  const { actor, csrf } = sessionWithCsrf(c, deps)
  return {
    name: actor ? `${actor.firstName} ${actor.lastName}`.trim() : null,
    signedIn: actor !== null,
    staff: actor !== null && isStaff(actor),
    seesDesk: actor !== null && maySeeDesk(actor),
    seesPayments: actor !== null && maySeePayments(actor),
    seesOperations: actor !== null && maySeeWorkflows(actor),
    csrf,
    language: languageOf(c),
    path: pathOf(c),
    samples: deps.sampleData
      ? { phones: deps.links.phones, mailbox: deps.links.mailbox, sms: deps.links.sms }
      : null,
  }
}

/** For error pages: must not need the database. */
export const nobody = (c: Context<Env>): Viewer => ({
  name: null,
  signedIn: c.get('session')?.actor !== null && c.get('session') !== undefined,
  staff: false,
  seesDesk: false,
  seesPayments: false,
  seesOperations: false,
  csrf: c.get('session')?.csrf ?? '',
  language: getCookie(c, LANGUAGE_COOKIE) === 'sw' ? 'sw' : 'en',
  path: pathOf(c),
  samples: null,
})
