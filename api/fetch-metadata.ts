/**
 * Browsers say from where a request was made and for what (https://www.w3.org/TR/fetch-metadata). A page elsewhere may lead
 * people to ours; it may neither change anything here nor load what is ours into itself. Whoever says nothing is no
 * browser of today, and is held by the form's own token.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { BusinessError } from '../domain/errors.ts'

const SAFE = /^(?:GET|HEAD|OPTIONS)$/

const siteOf = (c: Context): string => c.req.header('sec-fetch-site') ?? ''

/** Somebody follows a link, or types the address; a frame and an object are no visits. */
const isVisit = (c: Context): boolean =>
  c.req.header('sec-fetch-mode') === 'navigate' &&
  /^(?:document|empty|)$/.test(c.req.header('sec-fetch-dest') ?? '')

const isForeign = (c: Context): boolean => /^(?:cross-site|same-site)$/.test(siteOf(c))

/** `origins` may send forms and JSON with a cookie, whatever their type: our own address, and who is asked in. */
export const ownSite =
  (origins: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    const origin = c.req.header('origin')
    const isOurs = origin !== undefined && origins.includes(origin)
    const isChange = !SAFE.test(c.req.method)
    if (isChange && !isOurs && (isForeign(c) || (origin !== undefined && siteOf(c) === ''))) {
      throw new BusinessError('CSRF_REFUSED', 'Load the page again and retry.')
    }
    if (!isChange && isForeign(c) && !isOurs && !isVisit(c)) {
      throw new BusinessError('FORBIDDEN', 'Pages of gari are not shown inside other pages.')
    }
    await next()
  }
