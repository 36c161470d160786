/** Tills as the API shows them. */
import { z } from '@hono/zod-openapi'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import type { Till, TillSession } from '../domain/tills.ts'
import { toNairobiIso } from '../domain/time.ts'

export const tillBody = z
  .object({
    id: z.string(),
    place: z.string(),
    name: z.string(),
    active: z.boolean(),
    currency: z.string(),
    inside: z.string().openapi({ description: 'What the books say is in it' }),
    open_session: z.object({ id: z.string(), clerk: z.string(), opened_at: z.string() }).nullable(),
  })
  .openapi('Till')

export const sessionBody = z
  .object({
    id: z.string(),
    till_id: z.string(),
    opened_at: z.string(),
    currency: z.string(),
    left: z.string().openapi({ description: 'What the session before left' }),
    float: z.string(),
    float_reason: z.string().nullable(),
    expected: z.string(),
    closed_at: z.string().nullable(),
    counts: z.record(z.string(), z.number()).nullable(),
    counted: z.string().nullable(),
    difference: z.string().nullable(),
    difference_reason: z.string().nullable(),
  })
  .openapi('TillSession')

export const toTillBody = (till: Till): z.infer<typeof tillBody> => ({
  id: till.id,
  place: till.place,
  name: till.name,
  active: till.active,
  currency: CURRENCY,
  inside: toDecimal(till.inside),
  open_session: till.openSession && {
    id: till.openSession.id,
    clerk: till.openSession.clerkName,
    opened_at: toNairobiIso(till.openSession.openedAt),
  },
})

export const toSessionBody = (session: TillSession): z.infer<typeof sessionBody> => ({
  id: session.id,
  till_id: session.tillId,
  opened_at: toNairobiIso(session.openedAt),
  currency: CURRENCY,
  left: toDecimal(session.left),
  float: toDecimal(session.float),
  float_reason: session.floatReason,
  expected: toDecimal(session.expected),
  closed_at: session.closedAt && toNairobiIso(session.closedAt),
  counts: session.counts && { ...session.counts },
  counted: session.counted === null ? null : toDecimal(session.counted),
  difference: session.difference === null ? null : toDecimal(session.difference),
  difference_reason: session.differenceReason,
})
