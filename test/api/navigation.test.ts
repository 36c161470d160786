/** Ways that a page shows: whoever has any one permission is led only where they may enter. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { sha256 } from '../../api/tokens.ts'
import { createUser } from '../../db/accounts.ts'
import { inTransaction } from '../../db/connection.ts'
import { assignRole } from '../../db/role-assignments.ts'
import { createRole } from '../../db/roles.ts'
import { createSession } from '../../db/sessions.ts'
import { PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { buildDeps, ORIGIN } from '../support/api.ts'
import { nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
})
afterAll(() => db.drop())

/** The cookie of somebody whose one role allows these. */
async function enter(permissions: Permission[]): Promise<string> {
  const [name, token] = [`r${randomUUID().replaceAll('-', '')}`, `${randomUUID()}${'x'.repeat(7)}`]
  await inTransaction(db, async (tx) => {
    await createRole(tx, name, { description: 'Test', parent: null, permissions }, randomUUID())
    const { userId } = await createUser(tx, {
      kind: 'employee',
      email: `${randomUUID()}@example.com`,
      passwordHash: null,
      firstName: 'Baraka',
      lastName: 'Mutua',
      phone: nextPhone(),
    })
    await assignRole(tx, { userId, role: name, expiresAt: null }, 'test')
    const expiresAt = new Date(Date.now() + HOUR_MS)
    const session = { userId, kind: 'page' as const, csrf: 'token', expiresAt }
    await createSession(tx, { ...session, tokenHash: sha256(token) })
  })
  return `__Host-sid=${token}`
}

const ask = async (cookie: string, path: string) =>
  app.request(`${ORIGIN}${path}`, { headers: { cookie } })

const waysIn = (html: string): string[] =>
  [...html.matchAll(/<nav class="(?:site-nav|rooms)"[\s\S]*?<\/nav>/g)].flatMap(([nav]) =>
    [...nav.matchAll(/href="(\/(?:desk|finance|admin)[^"]*)"/g)].map(([, path = '']) => path),
  )

/** Every way that pages show from the first on, by looking at each that is shown. */
async function walk(cookie: string): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const next = ['/']
  for (let path = next.shift(); path !== undefined; path = next.shift()) {
    const answer = await ask(cookie, path)
    seen.set(path, answer.status)
    next.push(...waysIn(await answer.text()).filter((way) => !seen.has(way) && !next.includes(way)))
  }
  return seen
}

const HOUSE = (Object.keys(PERMISSIONS) as Permission[]).filter((name) => !name.startsWith('own_'))

it('somebody with any one permission is shown no way that ends at a closed door', async () => {
  for (const permission of HOUSE) {
    const closed = [...(await walk(await enter([permission])))].filter(
      ([, status]) => status !== 200,
    )
    expect([permission, closed]).toEqual([permission, []])
  }
})

it.each<[Permission[], string[]]>([
  [['audit:read'], ['/', '/admin/audit']],
  [['roles:read'], ['/', '/admin/roles']],
  [
    ['users:read', 'audit:read'],
    ['/', '/admin/people', '/admin/audit'],
  ],
  [['ledger:read'], ['/', '/finance/ledger']],
  [['companies:update'], ['/', '/finance/companies']],
  [['pricing_rules:read'], ['/', '/admin/prices']],
  [['tills:create'], ['/']],
])('%j leads to %j', async (permissions, ways) => {
  expect([...(await walk(await enter(permissions))).keys()]).toEqual(ways)
})

it('who may everything is shown every room', async () => {
  const ways = [...(await walk(await enter(HOUSE))).keys()]
  expect(ways).toHaveLength(1 + 3 + 10 + 5)
})
