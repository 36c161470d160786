/**
 * Open pages ask each second what is new, also when we are slower than they are. What waits for its answer takes memory, so only
 * so many are answered at once; whoever is turned away keeps the page that stands (`errors.tsx`) and asks again in a second.
 */
import type { MiddlewareHandler } from 'hono'
import { away } from '../temporal-answers.ts'

/** A thousand open pages seldom have as many under way. */
const AT_ONCE = 200

const LIVE_PATH = /\/live$/

/** For live parts, of all pages of this process together; whatever else is asked for passes. */
export function createLiveTurns(most = AT_ONCE): MiddlewareHandler {
  let underWay = 0
  return async (c, next) => {
    if (!LIVE_PATH.test(c.req.path)) return next()
    if (underWay >= most) throw away()
    underWay += 1
    try {
      await next()
    } finally {
      underWay -= 1
    }
  }
}
