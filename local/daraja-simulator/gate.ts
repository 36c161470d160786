import type { Context, MiddlewareHandler } from 'hono'
import type { Clock } from './clock.ts'
import { pause } from './clock.ts'
import { refuse } from './errors.ts'
import { gatewayAnswers, hangUp } from './gateways.ts'
import type { Mood, Moods, Scope } from './moods.ts'
import type { Tokens } from './oauth.ts'
import type { Product } from './product-names.ts'
import { subscriptionRefusal, tokenRefusal } from './product-refusals.ts'
import type { Rate } from './rate.ts'
import type { Settings } from './settings.ts'

/** What the gate leaves for a product: the mood it took, and the JSON body (undefined when there is none). */
export type GateEnv = { Variables: { mood: Mood; body: unknown } }

type Parts = { moods: Moods; tokens: Tokens; clock: Clock; settings: Settings; rate: Rate }

/** A client that waits longer than this has no time-out at all. */
const NEVER_LIMIT_MS = 120_000

/**
 * What stands in front of every product: the gateways' moods, then the token, then the answer held
 * back when the mood is slow. A slow or missing answer comes after the request took effect, which is
 * the case a client must survive.
 */
export const gate =
  (
    { moods, tokens, clock, settings, rate }: Parts,
    product: Product,
    scopeOf: (body: unknown) => Scope = () => ({}),
  ): MiddlewareHandler<GateEnv> =>
  async (c, next) => {
    if (rate.isTooFast(product)) return gatewayAnswers['spike-arrest'](c)
    const body = product === 'oauth' ? undefined : await readJson(c)
    const mood = moods.take(product, scopeOf(body))
    c.set('mood', mood)
    c.set('body', body)
    const token = bearer(c)
    if (mood.fault === 'token-expired') tokens.revoke(token)
    else if (mood.fault) return gatewayAnswers[mood.fault](c)
    if (product !== 'oauth') {
      if (!tokens.isValid(token)) return refuse(c, tokenRefusal(product, token))
      if (settings.unsubscribed.includes(product))
        return refuse(c, subscriptionRefusal(product, token))
    }
    await next()
    if (mood.answerDelayMs) await pause(clock, mood.answerDelayMs)
    if (mood.neverAnswer) await Promise.race([pause(clock, NEVER_LIMIT_MS), untilHungUp(c.req.raw)])
    // What the product answered is thrown away: the merchant never sees it.
    if (mood.breakAnswer) c.res = hangUp(c)
    return undefined
  }

const bearer = (c: Context): string =>
  /^Bearer (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? ''

/** Without a JSON content type Daraja sees no fields at all and complains about the first one. */
const readJson = async (c: Context): Promise<unknown> => {
  if (!/^application\/json\b/i.test(c.req.header('Content-Type') ?? '')) return undefined
  try {
    return await c.req.json()
  } catch {
    return undefined
  }
}

const untilHungUp = (request: Request): Promise<void> =>
  new Promise((resolve) => {
    request.signal.addEventListener('abort', () => resolve(), { once: true })
  })
