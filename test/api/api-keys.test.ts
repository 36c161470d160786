/** Keys for programs: what they open, for how long, and that they never do more than their owner may at that moment. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { sha256 } from '../../api/tokens.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { setPassword } from '../../db/passwords.ts'
import { changeStatus } from '../../db/people.ts'
import { hashPassword } from '../../gateways/passwords.ts'
import { API_KEY_LIMITS, permissionsOfKey } from '../../domain/api-keys.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, readProblem, type TestApi } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
const tokens = new Map<string, string>()

beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db)
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

const emailOf = (who: string) => `${who}@example.com`
async function as(who: string): Promise<Record<string, string>> {
  if (!tokens.has(who)) {
    const answer = await api.post('/auth/login', { email: emailOf(who), password: SAMPLE_PASSWORD })
    tokens.set(who, ((await answer.json()) as { access_token: string }).access_token)
  }
  return { authorization: `Bearer ${tokens.get(who)}` }
}

type Made = { id: string; key: string; name: string; beginning: string }
type Shown = Omit<Made, 'key'> & {
  scopes: string[]
  last_used_at: string | null
  uses: { day: string; uses: number }[]
}
let names = 0
const wish = (over: object = {}) => ({
  name: `Key ${(names += 1)}`,
  scopes: ['roles:read'],
  ...over,
})
const ask = async (who: string, over: object = {}) =>
  api.post('/auth/api-keys', wish(over), await as(who))
async function make(who: string, over: object = {}): Promise<Made> {
  const answer = await ask(who, over)
  expect(answer.status).toBe(201)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return (await answer.json()) as Made
}
const listOf = async (who: string): Promise<Shown[]> => {
  const answer = await api.get('/auth/api-keys', await as(who))
  return ((await answer.json()) as { items: Shown[] }).items
}
const bearer = ({ key }: Made) => ({ authorization: `Bearer ${key}` })
const rolesBy = async (made: Made) => (await api.get('/roles', bearer(made))).status
const revoke = async (who: string, id: string) =>
  (await api.request(`/auth/api-keys/${id}`, { method: 'DELETE', headers: await as(who) })).status

describe('a key', () => {
  it('is said once, kept as a hash, and listed by its first letters', async () => {
    const made = await make('admin', { name: 'Export' })
    expect(made.key).toMatch(/^gari_[\w-]{43}$/)
    const [listed] = await listOf('admin')
    expect(listed).toMatchObject({
      id: made.id,
      name: 'Export',
      beginning: made.key.slice(0, 10),
      scopes: ['roles:read'],
      last_used_at: null,
      uses: [],
    })
    expect(JSON.stringify(listed)).not.toContain(made.key)
    const rows = await select<{ row: string; hash: Buffer }>(
      db,
      'SELECT k::text AS row, key_hash AS hash FROM api_keys k WHERE id = $1',
      [made.id],
    )
    expect(rows[0]?.hash.equals(sha256(made.key))).toBe(true)
    expect(rows[0]?.row).not.toContain(made.key.slice(11))
  })

  it('opens what its scopes say until it is taken back, and then nothing', async () => {
    const made = await make('admin')
    expect(await rolesBy(made)).toBe(200)
    const beyond = await api.get('/users', bearer(made))
    expect([beyond.status, (await readProblem(beyond))['code']]).toEqual([403, 'FORBIDDEN'])
    expect(await revoke('manager', made.id)).toBe(404)
    expect(await rolesBy(made)).toBe(200)
    expect(await revoke('admin', made.id)).toBe(204)
    expect(await revoke('admin', made.id)).toBe(404)
    expect(await rolesBy(made)).toBe(401)
    expect((await listOf('admin')).map(({ id }) => id)).not.toContain(made.id)
  })

  it('is over when it said it would be', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
    const made = await make('admin', { expires_at: inAnHour })
    expect(await rolesBy(made)).toBe(200)
    await select(db, "UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1", [
      made.id,
    ])
    expect(await rolesBy(made)).toBe(401)
  })

  it.each([
    ['of another letter', (key: string) => `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ['without its end', (key: string) => key.slice(0, -1)],
    ['without its beginning', (key: string) => key.slice(5)],
    ['by its hash', (key: string) => `gari_${sha256(key).toString('base64url')}`],
  ])('is nothing %s', async (_, changed) => {
    const made = await make('admin')
    expect(await rolesBy({ ...made, key: changed(made.key) })).toBe(401)
  })

  it('is counted at every use, and its last use is written at most once a minute', async () => {
    const made = await make('admin')
    const listed = async () => (await listOf('admin')).find(({ id }) => id === made.id)
    await Promise.all(Array.from({ length: 5 }, () => rolesBy(made)))
    const once = await listed()
    expect(once?.uses).toEqual([{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), uses: 5 }])
    const back = async (by: string) => {
      await select(db, 'UPDATE api_keys SET last_used_at = now() - $2::interval WHERE id = $1', [
        made.id,
        by,
      ])
      await rolesBy(made)
      const fresh = "api_keys WHERE id = $1 AND last_used_at > now() - interval '20 seconds'"
      return count(db, fresh, [made.id])
    }
    expect(await back('30 seconds')).toBe(0)
    expect(await back('2 minutes')).toBe(1)
    expect((await listed())?.uses[0]?.uses).toBe(7)
  })
})

describe('the owner of a key', () => {
  const take = (role: string, permission: string) =>
    select(db, 'DELETE FROM role_permissions WHERE role = $1 AND permission = $2', [
      role,
      permission,
    ])
  const give = (role: string, permission: string) =>
    select(
      db,
      "INSERT INTO role_permissions (role, permission, granted_by) VALUES ($1, $2, 'test')",
      [role, permission],
    )

  it('loses a permission, and so does the key, at once, and it comes back with it', async () => {
    const made = await make('manager')
    expect(await rolesBy(made)).toBe(200)
    await take('manager', 'roles:read')
    expect(await rolesBy(made)).toBe(403)
    await give('manager', 'roles:read')
    expect(await rolesBy(made)).toBe(200)
    await take('manager', 'api_keys:create')
    expect(await rolesBy(made)).toBe(401)
    await give('manager', 'api_keys:create')
  })

  it('gets another permission, and the key does not', async () => {
    const made = await make('finance', { scopes: ['ledger:read'] })
    await give('finance', 'roles:read')
    expect((await api.get('/roles', await as('finance'))).status).toBe(200)
    expect(await rolesBy(made)).toBe(403)
    await take('finance', 'roles:read')
  })

  it('is suspended, and the key opens nothing', async () => {
    const made = await make('operations', { scopes: ['workflows:read'] })
    const status = async () => (await api.get('/reservations', bearer(made))).status
    expect(await status()).toBe(403)
    const set = (to: string) =>
      select(db, 'UPDATE users SET status = $2 WHERE email = $1', [emailOf('operations'), to])
    await set('suspended')
    expect(await status()).toBe(401)
    await set('active')
  })

  it('chooses another password and keeps them; resets a forgotten one, or is shut out, and all are over', async () => {
    const idOf = async (who: string) =>
      (await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [emailOf(who)]))
        ?.id ?? ''
    const [userId, actorId] = [await idOf('operations'), await idOf('admin')]
    const passwordHash = await hashPassword(SAMPLE_PASSWORD)
    const change = { userId, passwordHash, keep: null, noticeUntil: new Date() }
    const become = (how: 'changed' | 'reset') =>
      inTransaction(db, (tx) => setPassword(tx, { ...change, how }))
    const opens = async (made: Made) => (await api.get('/reservations', bearer(made))).status
    const first = await make('operations', { scopes: ['workflows:read'] })
    await become('changed')
    expect(await opens(first)).toBe(403)
    await become('reset')
    expect(await opens(first)).toBe(401)
    tokens.delete('operations')
    const second = await make('operations', { scopes: ['workflows:read'] })
    for (const status of ['suspended', 'active'] as const)
      await inTransaction(db, (tx) => changeStatus(tx, userId, { status, why: 'a test', actorId }))
    expect(await opens(second)).toBe(401)
    tokens.delete('operations')
  })

  it('signs out and changes the password, and programs go on', async () => {
    const made = await make('admin')
    await api.post('/auth/logout', {}, await as('admin'))
    tokens.delete('admin')
    expect(await rolesBy(made)).toBe(200)
  })

  it('cannot hand over what is not theirs, nor the making of keys', async () => {
    for (const scopes of [
      ['ledger:read'],
      ['api_keys:create'],
      ['roles:read', 'no_such:thing'],
      [],
      'roles:read',
    ]) {
      const answer = await ask('admin', { scopes })
      expect(answer.status).toBe(400)
      expect((await readProblem(answer))['fields']).toMatchObject([{ path: 'scopes' }])
    }
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
    [{ name: '<b>' }, 'name'],
    [{ expires_at: 'tomorrow' }, 'expires_at'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ expires_at: '2190-01-01T00:00:00Z' }, 'expires_at'],
    [{ user_id: 'another' }, ''],
  ])('is told what to correct: %j', async (over, path) => {
    const answer = await ask('admin', over)
    expect(answer.status).toBe(400)
    expect((await readProblem(answer))['fields']).toMatchObject([{ path }])
  })

  it('has no two of one name, whatever its letters, until one is taken back', async () => {
    const made = await make('finance', { name: 'Books', scopes: ['ledger:read'] })
    const again = { name: 'BOOKS', scopes: ['ledger:read'] }
    const answer = await ask('finance', again)
    expect((await readProblem(answer))['fields']).toMatchObject([{ path: 'name' }])
    await revoke('finance', made.id)
    await make('finance', again)
  })

  it('has so many at most, also when asked at once', async () => {
    const scopes = ['own_reservations:read']
    const before = (await listOf('operations')).length
    const tries = Array.from({ length: API_KEY_LIMITS.perPerson + 3 }, () =>
      ask('operations', { scopes }),
    )
    const made = (await Promise.all(tries)).filter(({ status }) => status === 201)
    expect(made.length).toBe(API_KEY_LIMITS.perPerson - before)
    expect((await listOf('operations')).length).toBe(API_KEY_LIMITS.perPerson)
  })

  it('is the one who acts, and the audit says by which key; nobody’s key is in it', async () => {
    const made = await make('finance', { scopes: ['tills:create'] })
    const till = { place: 'NBO-JKIA', name: 'By a key' }
    const headers = { ...bearer(made), 'idempotency-key': randomUUID() }
    const answer = await api.post('/tills', till, headers)
    expect(answer.status).toBe(200)
    const { id } = (await answer.json()) as { id: string }
    const entries = await select<{ action: string; actor: string; origin: string; whole: string }>(
      db,
      `SELECT action, u.email AS actor, origin, a::text AS whole
       FROM audit_entries a LEFT JOIN users u ON u.id::text = a.actor
       WHERE entity_id IN ($1, $2) ORDER BY a.id`,
      [made.id, id],
    )
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['api_key.made', emailOf('finance')],
      ['till.created', emailOf('finance')],
    ])
    expect(entries[0]?.origin).not.toContain('key')
    expect(entries[1]?.origin).toMatch(new RegExp(`request \\S+ key ${made.id}$`))
    expect(entries.map(({ whole }) => whole).join()).not.toContain(made.key.slice(5))
  })
})

it('gives nobody rights, nor an account: whoever has a copy would make themselves one', async () => {
  for (const scope of ['users:create', 'users:update', 'roles:update', 'role_assignments:create'])
    expect((await ask('admin', { scopes: [scope] })).status).toBe(400)
  const before = ['users:create', 'users:read'] as const
  expect(permissionsOfKey(before, ['api_keys:create', ...before])).toEqual(['users:read'])
})

it('does nothing that its owner may not, whatever its scopes', () => {
  const owner = ['api_keys:create', 'roles:read', 'users:read'] as const
  expect(permissionsOfKey(['roles:read', 'ledger:read', 'api_keys:create'], owner)).toEqual([
    'roles:read',
  ])
  expect(permissionsOfKey(['roles:read'], ['roles:read'])).toEqual([])
})

describe('on the page', () => {
  const enter = async (who: string) => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email: emailOf(who), password: SAMPLE_PASSWORD })
    return visitor
  }
  const PATH = '/account/api-keys'

  it('a key is made, shown once, and taken back', async () => {
    const visitor = await enter('manager')
    expect(await (await visitor.get('/account/security')).text()).toContain(`href="${PATH}"`)
    await visitor.token(PATH)
    const form = { name: 'Till export', days: '30', scopes: ['roles:read', 'users:read'] }
    const answer = await visitor.post(PATH, form)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const [key = ''] = /gari_[\w-]{43}/.exec(await answer.text()) ?? []
    const made = { id: '', key, name: '', beginning: '' }
    expect(await rolesBy(made)).toBe(200)
    const again = await (await visitor.get(PATH)).text()
    expect(again).toContain('Till export')
    expect(again).not.toContain(key)
    // A page that is loaded again asks for the same once more, and no second key comes of it.
    const twice = await visitor.post(PATH, form)
    expect(twice.status).toBe(400)
    expect(await twice.text()).toContain('You have a key of this name.')
    const [, id = ''] = /name="key" value="([^"]+)"/.exec(again) ?? []
    expect((await visitor.post(`${PATH}/revoke`, { key: id })).status).toBe(303)
    expect(await rolesBy(made)).toBe(401)
  })

  it('what was typed stays when something is to be corrected', async () => {
    const visitor = await enter('manager')
    await visitor.token(PATH)
    const answer = await visitor.post(PATH, { name: 'Half done', days: '365' })
    expect(answer.status).toBe(400)
    const html = await answer.text()
    expect(html).toContain('Say what it may do.')
    expect(html).toContain('value="Half done"')
    expect(html).toMatch(/<option value="365" selected/)
  })

  it('is for whom it is meant, and by their own form only', async () => {
    const desk = await enter('desk')
    expect((await desk.get(PATH)).status).toBe(403)
    expect(await (await desk.get('/account/security')).text()).not.toContain(PATH)
    const visitor = await enter('manager')
    await visitor.token(PATH)
    const forged = { _csrf: 'x', name: 'Forged', days: '30', scopes: ['roles:read'] }
    expect((await visitor.post(PATH, forged)).status).toBe(403)
    const theirs = await make('admin')
    expect((await visitor.post(`${PATH}/revoke`, { key: theirs.id })).status).toBe(303)
    expect(await rolesBy(theirs)).toBe(200)
  })
})
