/** Who changed what: for those who look after accounts, and for managers. */
import { Hono } from 'hono'
import { can } from '../../domain/policies.ts'
import type { AuditForm } from '../../domain/audit-pages.ts'
import { findHead } from '../../db/audit-chain.ts'
import { lastCheck } from '../../db/audit-checks.ts'
import { listAudit, type AuditFilter } from '../../db/audit-reads.ts'
import { parseTime } from '../../domain/time.ts'
import { AuditView } from '../../views/audit.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 50
const LONGEST = 100

const formOf = (query: Record<string, string>): AuditForm => {
  const text = (name: string): string => (query[name] ?? '').trim().slice(0, LONGEST)
  return {
    who: text('who'),
    about: text('about'),
    action: text('action'),
    from: text('from'),
    to: text('to'),
  }
}

/** What is no day and no id narrows nothing. */
export function auditFilterOf(form: AuditForm, cursor: string | undefined): AuditFilter {
  const [from, to] = [form.from, form.to].map((day) => parseTime(`${day}T00:00`))
  return {
    limit: PAGE_SIZE,
    ...(form.who ? { who: form.who } : {}),
    ...(form.about ? { about: form.about } : {}),
    ...(form.action ? { action: form.action.toLowerCase() } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(cursor && /^\d{1,18}$/.test(cursor) ? { before: cursor } : {}),
  }
}

export function createAuditPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/admin/audit', async (c) => {
    staff(c, (actor) => can(actor, 'audit:read'))
    const form = formOf(c.req.query())
    const [{ items, next }, head, last] = await Promise.all([
      listAudit(deps.db, auditFilterOf(form, c.req.query('cursor'))),
      findHead(deps.db),
      lastCheck(deps.db),
    ])
    const page = { form, rows: items, next, head, lastCheck: last, now: deps.now() }
    return c.html(<AuditView viewer={await viewerOf(c, deps)} page={page} />)
  })
  return pages
}
