/** What we hold about people and what will go when, for managers, operations and administrators. */
import { Hono } from 'hono'
import { can } from '../../domain/policies.ts'
import { REGISTER, type KindOfData } from '../../domain/retention.ts'
import { lastRetention } from '../../db/retention.ts'
import { RetentionView } from '../../views/retention.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const KINDS = Object.keys(REGISTER) as KindOfData[]

export function createRetentionPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/admin/retention', async (c) => {
    staff(c, (actor) => can(actor, 'retention:read'))
    const runs = new Map((await lastRetention(deps.db)).map((run) => [run.kind, run]))
    const rows = KINDS.map((kind) => ({ kind, ...REGISTER[kind], run: runs.get(kind) ?? null }))
    const page = { rows, now: deps.now() }
    return c.html(<RetentionView viewer={await viewerOf(c, deps)} page={page} />)
  })
  return pages
}
