/**
 * How much one caller may ask for in a minute, by what is asked for and by who asks: a guard against floods, beside the
 * limits of what costs money or rings phones (limits.ts). It is counted by all processes together (shared-counts.ts), and costs
 * who asks little no statement.
 */
import type { Context, MiddlewareHandler } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { isStaff } from '../domain/policies.ts'
import { seenIn, waitSeconds, type Window } from '../domain/sliding-window.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { ApiDeps, Env } from './deps.ts'
import { createSharedCounts } from './shared-counts.ts'
import { sourceOf } from './source.ts'

/** Parts of REQUESTS_PER_MINUTE. A search looks at the whole fleet, and a change is made by hand or by a program that waits. */
const CLASSES = { read: 1, search: 0.2, write: 0.2 } as const
type Class = keyof typeof CLASSES

/** As multiples. Pages ask by themselves while they are open; staff have many open, and serve many people. */
const TRUST = {
  customer: { page: 1, token: 0.5 },
  staff: { page: 3, token: 3 },
} as const
/** A family, an office or a whole mobile network may share one address. */
const CALLERS_BEHIND_ONE_SOURCE = 4

const SEARCHES = /^\/(?:search|api\/v1\/vehicles\/availability)$/

const classOf = ({ req }: Context): Class => {
  if (!['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return 'write'
  return SEARCHES.test(req.path) ? 'search' : 'read'
}

type Spent = { name: string; most: number; window: Window }

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers (11), as structured fields. */
function announce(c: Context, spent: readonly Spent[]): void {
  const policies = spent.map(
    ({ name, most, window }) => `"${name}";q=${most};w=${window.windowMs / 1_000}`,
  )
  const rests = spent.map(({ name, most, window }) => {
    const rest = Math.max(0, most - seenIn(window))
    const whole = Math.ceil((window.windowMs - window.elapsedMs) / 1_000)
    return `"${name}";r=${rest};t=${rest > 0 ? whole : waitSeconds(window, most)}`
  })
  c.header('RateLimit-Policy', policies.join(', '))
  c.header('RateLimit', rests.join(', '))
}

/** Tells the address how much is left, and whoever signed in how much is left for them; throws TOO_MANY_REQUESTS. */
export function createTraffic(deps: ApiDeps): MiddlewareHandler<Env> {
  const count = createSharedCounts(deps, MINUTE_MS)
  const base = deps.limits.requestsPerMinute
  return async (c, next) => {
    const kind = classOf(c)
    const spent: Spent[] = []
    const spend = (name: string, who: string, share: number): void => {
      const most = Math.max(1, Math.floor(base * CLASSES[kind] * share))
      const window = count(`${name}\n${who}`, most, deps.now())
      if (!window) return
      spent.push({ name, most, window })
      if (c.req.path.startsWith('/api/')) announce(c, spent)
      if (seenIn(window) > most) refuse(waitSeconds(window, most))
    }
    c.set('spend', (actor: Actor, way) => {
      // A program that was let in must not use up what its owner needs to shut it out.
      spend(kind, `${way} ${actor.userId}`, TRUST[isStaff(actor) ? 'staff' : 'customer'][way])
    })
    const share = CALLERS_BEHIND_ONE_SOURCE * deps.limits.sharedFactor
    spend(`${kind}-from-address`, sourceOf(c, deps), share)
    await next()
  }
}

function refuse(seconds: number): never {
  const words = 'You have asked for very much in a short time. Wait a minute and try again.'
  throw new BusinessError('TOO_MANY_REQUESTS', words, { details: { retry_after: seconds } })
}
