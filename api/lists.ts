/** One shape for every list: what it can be sorted by, where the page before it has ended, how long it is. */
import { z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { can } from '../domain/policies.ts'
import { fitsCursor, type Keys, type PageWish } from '../db/paging.ts'
import { page } from './open-api.ts'
import { whose, type Seen } from './permitted.ts'
import { ONE_LINE } from '../domain/schemas/texts.ts'

const namesOf = <N extends string>(keys: Keys<N>): N[] => Object.keys(keys) as N[]

/** The query of a list, with its filters beside. */
export const listQuery = <N extends string, F extends z.ZodRawShape>(keys: Keys<N>, filters: F) => {
  const sorts = namesOf(keys).flatMap((name) => [name, `-${name}` as const])
  const shown = namesOf(keys).join(', ')
  return page.extend({
    sort: z
      .enum(sorts as [N | `-${N}`], {
        error: `Sort by one of ${shown}, with - before it for the other way round.`,
      })
      .optional()
      .openapi({ description: `${shown}; with \`-\` before it the greatest or newest first` }),
    ...filters,
  })
}

type Asked<N extends string> = {
  cursor?: string | undefined
  limit: number
  sort?: N | `-${N}` | undefined
}

/** Throws INVALID_INPUT for a cursor that is none of this list in this order: to begin again would never end. */
export function wishOf<N extends string>(
  keys: Keys<N>,
  asked: Asked<N>,
  otherwise: NoInfer<N> | `-${NoInfer<N>}`,
): PageWish<N> {
  const sort = asked.sort ?? otherwise
  const descending = sort.startsWith('-')
  const wish: PageWish<N> = {
    sort: (descending ? sort.slice(1) : sort) as N,
    descending,
    limit: asked.limit,
    cursor: asked.cursor,
  }
  if (fitsCursor(keys, wish)) return wish
  const message = 'This is no cursor of this list in this order. Begin without one.'
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'cursor', message }] })
}

/** A filter by time; the first moment counts, the last one does not. */
export const moment = z.iso.datetime({
  offset: true,
  error: 'Say a moment like 2026-11-27T10:00:00+03:00.',
})
export const asDate = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text)

/** What somebody looks for, as they would say it. */
export const words = z
  .string()
  .max(100, 'At most 100 characters.')
  .regex(ONE_LINE, 'No control characters.')

/** Whoever sees only their own may ask for their own, and for nobody else's. Throws FORBIDDEN. */
export function customerAskedFor(
  actor: Actor,
  seen: Seen,
  wanted: string | undefined,
): string | undefined {
  const { customerId } = whose(actor, seen)
  if (wanted !== undefined && wanted !== actor.userId && !can(actor, seen.all))
    throw new BusinessError('FORBIDDEN', 'You see what is yours, and not what is somebody else’s.')
  return wanted ?? customerId
}
