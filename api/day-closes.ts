/** Closing days over REST: what a day shows, closing it once with a reason for each difference. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { DAY_REASONS, isOver, readDay, type DayReason } from '../domain/day-close.ts'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, subtract, toDecimal, type Cents } from '../domain/money.ts'
import { mayCloseDays } from '../domain/policies.ts'
import { batch, terminal } from '../domain/schemas/references.ts'
import { decimalAmount } from '../domain/schemas/amounts.ts'
import { toNairobiIso } from '../domain/time.ts'
import { inTransaction } from '../db/connection.ts'
import { closeDay, findDayClose, listDayCloses, type Reasons } from '../db/day-closes.ts'
import { readDayFigures } from '../db/day-figures.ts'
import { recordTerminalTotal } from '../db/terminal-totals.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, problems, SECURED } from './open-api.ts'
import { idFrom, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const MOST = 100
const reasonNames = Object.keys(DAY_REASONS) as [DayReason, ...DayReason[]]
const dayText = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'Say the day like 2026-11-21.')
  .openapi({ example: '2026-11-21', description: 'The day in Nairobi' })

const lineBody = z
  .object({
    key: z.string(),
    label: z.string(),
    taken: z.string().openapi({ description: 'What should be there' }),
    booked: z.string().openapi({ description: 'What is there' }),
    difference: z.string(),
    reason: z.string().nullable(),
    kind: z.string().openapi({ description: 'open, close, reversal or correction' }),
  })
  .openapi('DayLine')
const dayBody = z
  .object({
    day: z.string(),
    id: z.string().nullable().openapi({ description: 'Null while it is not closed' }),
    over: z.boolean(),
    closed_at: z.string().nullable(),
    closed_by: z.string().nullable(),
    currency: z.string(),
    lines: z.array(lineBody),
  })
  .openapi('DayClose')
const closedBody = z
  .object({ day: z.string(), id: z.string(), closed_at: z.string(), closed_by: z.string() })
  .openapi('ClosedDay')
const closeBody = z.strictObject({
  day: dayText,
  reasons: z
    .record(
      z.string().max(100),
      z.strictObject({
        reason: z.enum(reasonNames),
        note: z.string().trim().max(500).nullable().default(null),
      }),
    )
    .default({})
    .openapi({ description: 'By the key of each line whose two amounts differ' }),
})

const REFUSED = [403, 'For finance and managers'] as [number, string]
const listRoute = createRoute({
  method: 'get',
  path: '/day-closes',
  summary: 'The days that were closed last',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(closedBody), next: z.null() }), 'At most a hundred'),
    ...problems(REFUSED),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/day-closes/{day}',
  summary: 'One day: its lines as they were closed, or as they stand now',
  security: SECURED,
  request: { params: z.object({ day: dayText }) },
  responses: { 200: json(dayBody, 'The day'), ...problems(REFUSED, [404, 'No such day']) },
})
const closeRoute = createRoute({
  method: 'post',
  path: '/day-closes',
  summary: 'Close a day, once',
  security: SECURED,
  request: {
    headers: keyHeader,
    body: { required: true, content: { 'application/json': { schema: closeBody } } },
  },
  responses: {
    201: json(dayBody, 'Closed'),
    ...problems([400, 'A difference without a reason, or a terminal’s total is missing'], REFUSED, [
      409,
      'Not over, a till is open, closed already, or somebody else has to close it',
    ]),
  },
})

const totalRoute = createRoute({
  method: 'post',
  path: '/day-closes/{day}/terminals',
  summary: 'Write down what a card terminal’s own report says of a day; the latest counts',
  security: SECURED,
  request: {
    headers: keyHeader,
    params: z.object({ day: dayText }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ terminal, total: decimalAmount, batch: batch.optional() }),
        },
      },
    },
  },
  responses: {
    200: json(dayBody, 'The day with it'),
    ...problems([400, 'Something to correct'], REFUSED, [
      409,
      'You took cards on it, so somebody else reads its report; or the batch is another day’s',
    ]),
  },
})

type Amounts = { key: string; label: string; taken: Cents; booked: Cents }
const toLine = ({ key, label, taken, booked }: Amounts) => ({
  key,
  label,
  taken: toDecimal(taken),
  booked: toDecimal(booked),
  difference: toDecimal(subtract(booked, taken)),
})

async function toBody(deps: ApiDeps, day: string): Promise<z.infer<typeof dayBody>> {
  const stretch = readDay(day)
  if (!stretch) throw new BusinessError('NOT_FOUND', 'This is not a day.')
  const { from, to } = stretch
  const close = await findDayClose(deps.db, day)
  const lines = close
    ? close.lines.map((one) => ({ ...toLine(one), reason: one.reason, kind: one.kind }))
    : (await readDayFigures(deps.db, from, to)).map((one) => ({
        ...toLine(one),
        reason: one.suggested,
        kind: 'open',
      }))
  return {
    day,
    id: close?.id ?? null,
    over: isOver(to, deps.now()),
    closed_at: close ? toNairobiIso(close.closedAt) : null,
    closed_by: close?.closedBy ?? null,
    currency: CURRENCY,
    lines,
  }
}

const assertMay = (actor: Actor): void => {
  if (!mayCloseDays(actor))
    throw new BusinessError('FORBIDDEN', 'Days are closed by finance and managers.')
}

export function createDayClosesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/day-closes/*', bearerSession(deps))
  api.openapi(listRoute, async (c) => {
    assertMay(c.get('actor'))
    const items = (await listDayCloses(deps.db, MOST)).map(({ closedAt, closedBy, ...rest }) => ({
      ...rest,
      closed_at: toNairobiIso(closedAt),
      closed_by: closedBy,
    }))
    return c.json({ items, next: null }, 200)
  })
  api.openapi(readRoute, async (c) => {
    assertMay(c.get('actor'))
    return c.json(await toBody(deps, c.req.valid('param').day), 200)
  })
  api.openapi(totalRoute, async (c) => {
    const actor = c.get('actor')
    assertMay(actor)
    const { day } = c.req.valid('param')
    const { terminal: name, total, batch: settlement = null } = c.req.valid('json')
    idFrom(c, actor, `terminal ${day} ${name}`)
    const wish = { day, terminal: name, total, batch: settlement, actorId: actor.userId }
    await inTransaction(deps.db, (tx) => recordTerminalTotal(tx, wish))
    return c.json(await toBody(deps, day), 200)
  })
  api.openapi(closeRoute, async (c) => {
    const actor = c.get('actor')
    assertMay(actor)
    const { day, reasons } = c.req.valid('json')
    const id = idFrom(c, actor, `day-close ${day}`)
    const closing = { id, day, reasons: reasons as Reasons, actorId: actor.userId }
    await inTransaction(deps.db, (tx) => closeDay(tx, { ...closing, now: deps.now() }))
    return c.json(await toBody(deps, day), 201)
  })
  return api
}
