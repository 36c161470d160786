/** Every part, its address, version and health. Addresses carry no credentials. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRoute, z } from '@hono/zod-openapi'
import { countOutbox } from '../db/outbox.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json } from './open-api.ts'

const body = z
  .object({
    status: z.enum(['up', 'degraded']),
    version: z.string(),
    started_at: z.string(),
    outbox_waiting: z.number().int().nullable(),
    parts: z.array(
      z.object({
        name: z.string(),
        address: z.string().nullable(),
        version: z.string().nullable(),
        health: z.enum(['up', 'down', 'off']),
        detail: z.string().nullable(),
      }),
    ),
  })
  .openapi('Status')

const route = createRoute({
  method: 'get',
  path: '/status',
  summary: 'Every part, its address, version and health',
  responses: { 200: json(body, 'The parts') },
})

const readVersion = (): string => {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

export function createStatusApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  const startedAt = toNairobiIso(deps.now())
  const version = readVersion()
  api.openapi(route, async (c) => {
    const parts = await deps.parts()
    const waiting = await countOutbox(deps.db).catch(() => null)
    const status = parts.some(({ health }) => health === 'down') ? 'degraded' : 'up'
    const answer = {
      status,
      version,
      started_at: startedAt,
      outbox_waiting: waiting,
      parts,
    } as const
    return c.json(answer, 200)
  })
  return api
}
