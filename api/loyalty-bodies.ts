/** Loyalty points as programs see them. */
import { z } from '@hono/zod-openapi'
import { ENTRY_KINDS, worthOf, type LoyaltyAccount, type LoyaltyEntry } from '../domain/loyalty.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { Page } from '../db/paging.ts'
import { listOf } from './open-api.ts'

const entry = z
  .object({
    id: z.string(),
    kind: z.enum(ENTRY_KINDS),
    points: z.int().openapi({ description: 'Below zero for what went' }),
    short_points: z
      .int()
      .openapi({ description: 'What a reversal could not take, because it had been spent' }),
    reservation_number: z.string().nullable(),
    rule: z.string().openapi({ example: 'v1' }),
    reason: z.string().nullable(),
    expires_at: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('LoyaltyEntry')

export const loyaltyBody = listOf(entry).extend({
  balance: z.int(),
  currency: z.string(),
  worth: z.string().openapi({ description: 'What the balance pays of a price' }),
  expiring: z
    .array(z.object({ points: z.int(), expires_at: z.string() }))
    .openapi({ description: 'What runs out when, the oldest first, if none is spent before' }),
})

const toEntry = (one: LoyaltyEntry): z.infer<typeof entry> => ({
  id: one.id,
  kind: one.kind,
  points: one.points,
  short_points: one.shortPoints,
  reservation_number: one.ownerNumber,
  rule: one.rule,
  reason: one.reason,
  expires_at: one.expiresAt && toNairobiIso(one.expiresAt),
  created_at: toNairobiIso(one.createdAt),
})

export const toLoyaltyBody = (
  { balance, lots }: LoyaltyAccount,
  { items, next }: Page<LoyaltyEntry>,
): z.infer<typeof loyaltyBody> => ({
  balance,
  currency: CURRENCY,
  worth: toDecimal(worthOf(balance)),
  expiring: lots.map(({ points, expiresAt }) => ({ points, expires_at: toNairobiIso(expiresAt) })),
  items: items.map(toEntry),
  next,
})
