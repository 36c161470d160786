/** Somebody decides whether a program of others may act for them. */
import { Hono } from 'hono'
import type { Provider } from 'oidc-provider'
import { ConsentView, DecidedView } from '../../views/letting-in.tsx'
import { withNext } from '../../views/accounts.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { decide, readAsking } from '../letting-in.ts'
import { CONSENT_PATH } from '../oauth-provider.ts'
import { assertCsrf } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

export function createLettingInPages(deps: ApiDeps, provider: Provider): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(`${CONSENT_PATH}/:uid`, async (c) => {
    const { actor } = c.get('session')
    const path = `${CONSENT_PATH}/${c.req.param('uid')}`
    if (!actor) return c.redirect(withNext('/sign-in', path), 303)
    const asking = { request: c.req.raw, uid: c.req.param('uid'), actor }
    const { client, ...found } = await readAsking(deps, provider, asking)
    const page = { path, program: client.name, ...found }
    return c.html(<ConsentView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.post(`${CONSENT_PATH}/:uid`, async (c) => {
    const { actor, tokenHash } = c.get('session')
    const uid = c.req.param('uid')
    if (!actor) return c.redirect(withNext('/sign-in', `${CONSENT_PATH}/${uid}`), 303)
    const form = await c.req.parseBody<Record<string, string>>()
    c.set('address', `${CONSENT_PATH}/${uid}`)
    assertCsrf(c, form)
    const allow = form['decision'] === 'allow'
    const next = await decide(deps, provider, {
      request: c.req.raw,
      uid,
      actor,
      tokenHash,
      allow,
    })
    // No redirect: browsers let a form of ours lead nowhere else, not even by the way of our own address.
    c.header('Refresh', `0; url=${next}`)
    return c.html(<DecidedView viewer={await viewerOf(c, deps)} next={next} />)
  })
  return pages
}
