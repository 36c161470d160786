/**
 * Every part, its version and health, for everybody; addresses, names of processes and what waits only for
 * operations and managers, and beside a stack that is not production for who sits at the same machine.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { countOutbox } from '../db/outbox.ts'
import { maySeeWorkflows } from '../domain/policies.ts'
import type { PartStatus } from '../domain/staff-pages.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json } from './open-api.ts'
import { findBearer } from './sessions.ts'
import { isLocal } from './source.ts'

const body = z
  .object({
    status: z.enum(['up', 'degraded']),
    version: z.string(),
    started_at: z.string(),
    outbox_waiting: z.number().int().nullable().openapi({ description: 'Operations, managers' }),
    parts: z.array(
      z.object({
        name: z.string(),
        address: z.string().nullable().openapi({ description: 'Operations, managers' }),
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
  summary: 'Every part, its version and health; for operations and managers its address as well',
  responses: { 200: json(body, 'The parts') },
})

const readVersion = (): string => {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

const withoutAddress = (part: PartStatus): PartStatus => ({ ...part, address: null })

async function mayKnowAll(c: Context<ApiEnv>, deps: ApiDeps): Promise<boolean> {
  if (!deps.production && isLocal(c, deps)) return true
  const bearer = await findBearer(c, deps).catch(() => null)
  return bearer !== null && maySeeWorkflows(bearer.actor)
}

export function createStatusApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  const startedAt = toNairobiIso(deps.now())
  const version = readVersion()
  api.openapi(route, async (c) => {
    const all = await mayKnowAll(c, deps)
    const parts = all ? await deps.parts(0) : (await deps.parts()).map(withoutAddress)
    const waiting = all ? await countOutbox(deps.db).catch(() => null) : null
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
