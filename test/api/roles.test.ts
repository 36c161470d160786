/** Roles and people over REST and on pages: what administrators change holds from the next request on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { takeWaitingLinks } from '../../db/account-links.ts'
import { select } from '../../db/connection.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, readProblem, type TestApi } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
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

const emailOf = (who: string) => (who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`)

async function as(who: string): Promise<Record<string, string>> {
  if (!tokens.has(who)) {
    const answer = await api.post('/auth/login', { email: emailOf(who), password: SAMPLE_PASSWORD })
    tokens.set(who, ((await answer.json()) as { access_token: string }).access_token)
  }
  return { authorization: `Bearer ${tokens.get(who)}` }
}
const idOf = async (who: string): Promise<string> => {
  const [row] = await select<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [
    emailOf(who),
  ])
  return row?.id ?? ''
}
const send = async (method: string, path: string, body?: unknown, headers = {}) =>
  api.request(path, {
    method,
    headers: { 'content-type': 'application/json', ...(await as('admin')), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: emailOf(who), password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

describe('over REST', () => {
  it('a role is made, read, changed with its version, and taken away', async () => {
    const role = { name: 'night_desk', description: 'At night', parent: 'staff', permissions: [] }
    const made = await send('POST', '/roles', role)
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe('/api/v1/roles/night_desk')
    expect(await made.json()).toMatchObject({
      name: 'night_desk',
      permissions: [],
      inherited: expect.arrayContaining(['charges:read', 'own_payments:read']),
      system: false,
      people: 0,
    })
    const read = await api.get('/roles/night_desk', await as('admin'))
    const etag = read.headers.get('etag') ?? ''
    const facts = { description: 'At night', parent: 'staff', permissions: ['desk:read'] }
    const changed = await send('PUT', '/roles/night_desk', facts, { 'if-match': etag })
    expect(changed.status).toBe(200)
    expect(await changed.json()).toMatchObject({ permissions: ['desk:read'] })
    const late = await send('PUT', '/roles/night_desk', facts, { 'if-match': etag })
    expect([late.status, (await readProblem(late))['code']]).toEqual([412, 'CHANGED_MEANWHILE'])
    const blind = await send('PUT', '/roles/night_desk', facts)
    expect([blind.status, (await readProblem(blind))['code']]).toEqual([428, 'VERSION_REQUIRED'])
    expect((await send('DELETE', '/roles/night_desk')).status).toBe(204)
    expect((await send('DELETE', '/roles/night_desk')).status).toBe(404)
  })

  it('what is no permission, no parent or no name is refused beside its field', async () => {
    const refused = async (body: object) => {
      const answer = await send('POST', '/roles', { description: 'x', permissions: [], ...body })
      expect(answer.status).toBe(400)
      return ((await readProblem(answer))['fields'] as { path: string }[]).map(({ path }) => path)
    }
    expect(await refused({ name: 'Night Desk' })).toEqual(['name'])
    expect(await refused({ name: 'desk' })).toEqual(['name'])
    expect(await refused({ name: 'one', permissions: ['cars:steal'] })).toEqual(['permissions.0'])
    expect(await refused({ name: 'one', permissions: ['__proto__'] })).toEqual(['permissions.0'])
    expect(await refused({ name: 'one', parent: 'captain' })).toEqual(['parent'])
  })

  it('a role given holds from the next request on, and one taken back no longer', async () => {
    const id = await idOf('operations')
    const headers = await as('operations')
    const money = () => api.get('/unmatched-payments', headers).then(({ status }) => status)
    expect(await money()).toBe(403)
    const given = await send('PUT', `/users/${id}/roles/finance`, {
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    })
    expect(given.status).toBe(200)
    expect(await money()).toBe(200)
    expect((await send('DELETE', `/users/${id}/roles/finance`)).status).toBe(200)
    expect(await money()).toBe(403)
  })

  it('whoever is suspended is out at once, and in again when let in', async () => {
    const id = await idOf('finance')
    const headers = await as('finance')
    expect((await api.get('/auth/profile', headers)).status).toBe(200)
    const suspend = await send('PUT', `/users/${id}/status`, { status: 'suspended', why: 'left' })
    expect(await suspend.json()).toMatchObject({ status: 'suspended' })
    expect((await api.get('/auth/profile', headers)).status).toBe(401)
    expect(
      (await api.post('/auth/login', { email: emailOf('finance'), password: SAMPLE_PASSWORD }))
        .status,
    ).toBe(401)
    const active = await send('PUT', `/users/${id}/status`, { status: 'active', why: 'is back' })
    expect(active.status).toBe(200)
    // The old session stays ended.
    expect((await api.get('/auth/profile', headers)).status).toBe(401)
    tokens.delete('finance')
    expect((await api.get('/auth/profile', await as('finance'))).status).toBe(200)
  })

  it('people are found by name, e-mail, number and a whole phone, which is never shown in full, and by no part of it', async () => {
    const found = async (query: string) => {
      const answer = await api.get(`/users?${query}`, await as('admin'))
      const { items } = (await answer.json()) as { items: { email: string; phone: string }[] }
      return items
    }
    const phone = '+254722000005'
    const whole = [phone, `0${phone.slice(4)}`].map((one) => `q=${encodeURIComponent(one)}`)
    for (const part of ['000005', phone.slice(-8), phone.slice(-4)])
      expect(await found(`q=${part}`)).toEqual([])
    for (const query of ['q=Njoroge', 'q=admin@example.com', ...whole, 'role=admin']) {
      expect((await found(query)).map(({ email }) => email)).toEqual(['admin@example.com'])
    }
    const [row] = await found('q=Njoroge')
    expect(row?.phone).not.toContain('000005')
    expect(await found('q=Njoroge&kind=customer')).toEqual([])
    for (const end of ['000005', '22000005']) expect(await found(`q=${end}`)).toEqual([])
  })

  it('nobody else reads or changes anything of it', async () => {
    const id = await idOf('customer')
    for (const who of ['customer', 'desk', 'finance', 'operations']) {
      const headers = await as(who)
      for (const path of [
        '/users',
        `/users/${id}`,
        `/users/${id}/roles`,
        '/roles',
        '/permissions',
      ]) {
        expect([who, path, (await api.get(path, headers)).status]).toEqual([who, path, 403])
      }
    }
    const headers = await as('manager')
    expect((await api.get('/users', headers)).status).toBe(200)
    const body = { description: 'x', parent: null, permissions: [] }
    for (const [method, path, sent] of [
      ['PUT', `/users/${id}/status`, { status: 'inactive', why: 'x' }],
      ['PUT', `/users/${id}/roles/desk`, {}],
      ['DELETE', `/users/${id}/roles/desk`, undefined],
      ['POST', '/roles', { name: 'one', ...body }],
      ['PUT', '/roles/desk', body],
      ['DELETE', '/roles/desk', undefined],
    ] as const) {
      const answer = await send(method, path, sent, { ...headers, 'if-match': '"1"' })
      expect([method, path, answer.status]).toEqual([method, path, 403])
    }
  })
})

describe('somebody who works here', () => {
  it('is invited, chooses a password by the mailed link, and has what roles they are given', async () => {
    const email = 'baraka@example.com'
    const colleague = { email, first_name: 'Baraka', last_name: 'Mutua', phone: '' }
    const made = await send('POST', '/users', colleague)
    expect(made.status).toBe(201)
    const { id, kind, roles } = (await made.json()) as { id: string; kind: string; roles: string[] }
    expect([kind, roles]).toEqual(['employee', []])
    expect((await send('POST', '/users', colleague)).status).toBe(409)
    const [link] = (await takeWaitingLinks(db, 100)).filter((one) => one.email === email)
    expect(link?.purpose).toBe('invitation')
    const token = buildDeps(db).keyedHash(`account\n${link?.id}`).toString('base64url')
    const password = 'karibu kazini 2026'
    const chosen = await api.post('/auth/reset-password', { id: link?.id, token, password })
    expect(chosen.status).toBe(204)
    await send('PUT', `/users/${id}/roles/desk`, {})
    const { access_token } = (await (
      await api.post('/auth/login', { email, password })
    ).json()) as { access_token: string }
    const answer = await api.get('/tills', { authorization: `Bearer ${access_token}` })
    expect(answer.status).toBe(200)
  })
})

describe('the doors of the pages', () => {
  it.each([
    ['/admin/people', {}],
    ['/admin/people/:id/roles', { role: 'desk' }],
    ['/admin/people/:id/roles/remove', { role: 'desk' }],
    ['/admin/people/:id/status', { status: 'suspended', why: 'x' }],
    ['/admin/roles', { name: 'one', description: 'x' }],
    ['/admin/roles/desk', { description: 'x', version: '1' }],
    ['/admin/roles/desk/remove', {}],
  ])('POST %s is for administrators', async (path, fields) => {
    const address = path.replace(':id', await idOf('customer'))
    for (const who of ['customer', 'desk', 'finance', 'manager', 'operations']) {
      const visitor = await enter(who)
      expect([who, (await visitor.post(address, fields)).status]).toEqual([who, 403])
    }
  })

  it.each(['/admin/people', '/admin/people/:id', '/admin/roles', '/admin/roles/desk'])(
    '%s is for administrators and managers',
    async (path) => {
      const address = path.replace(':id', await idOf('customer'))
      for (const [who, status] of [
        ['admin', 200],
        ['manager', 200],
        ['finance', 403],
        ['operations', 403],
        ['customer', 403],
      ] as const)
        expect([who, (await (await enter(who)).get(address)).status]).toEqual([who, status])
    },
  )
})

describe('on pages', () => {
  it('an administrator begins at the people', async () => {
    const visitor = createVisitor(app)
    await visitor.token()
    const answer = await visitor.post('/sign-in', {
      email: 'admin@example.com',
      password: SAMPLE_PASSWORD,
    })
    expect(answer.headers.get('location')).toBe('/admin/people')
    const text = await (await visitor.get('/admin/people')).text()
    expect(text).toContain('Amina Hassan')
    expect(text).not.toContain('Wanjiku Kamau')
    const customers = await (await visitor.get('/admin/people?kind=customers')).text()
    expect(customers).toContain('Wanjiku Kamau')
  })

  it('a role is given until a day, and taken back', async () => {
    const visitor = await enter('admin')
    const path = `/admin/people/${await idOf('desk')}`
    await visitor.post(`${path}/roles`, { role: 'workshop', expires_at: '2027-03-01T10:00' })
    const shown = await (await visitor.get(path)).text()
    expect(shown).toContain('Mon 1 Mar 2027, 10:00')
    await visitor.post(`${path}/roles/remove`, { role: 'workshop' })
    expect(await (await visitor.get(path)).text()).not.toContain('Mon 1 Mar 2027')
  })

  it('what is refused is said on the page, with what was typed', async () => {
    const visitor = await enter('admin')
    const customer = `/admin/people/${await idOf('customer')}`
    const refused = await visitor.post(`${customer}/roles`, { role: 'finance', expires_at: '' })
    expect(refused.status).toBe(409)
    expect(await refused.text()).toContain('Only people who work here can have this role.')
    const wrong = await visitor.post(`${customer}/status`, { status: 'suspended', why: '' })
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('Say why.')
    const role = await visitor.post('/admin/roles', {
      name: 'Bad Name',
      description: 'Typed with care',
      parent: '',
    })
    expect(role.status).toBe(400)
    expect(await role.text()).toContain('Typed with care')
  })

  it('a role that cannot go is shown as it stands', async () => {
    const visitor = await enter('admin')
    const refused = await visitor.post('/admin/roles/desk/remove', {})
    expect(refused.status).toBe(409)
    expect(await refused.text()).toMatch(/value="desk:read" checked/)
  })

  it('boxes that are ticked are what the role allows', async () => {
    const visitor = await enter('admin')
    await visitor.post('/admin/roles', {
      name: 'cashier',
      description: 'Takes money',
      parent: 'staff',
      permissions: ['payments:create', 'tills:execute'],
    })
    const shown = await (await visitor.get('/admin/roles/cashier')).text()
    for (const name of ['payments:create', 'tills:execute']) {
      expect(shown).toMatch(new RegExp(`value="${name}" checked`))
    }
    expect(shown).not.toMatch(/value="ledger:read" checked/)
    expect(shown).toMatch(/value="charges:read" checked[^>]*disabled/)
  })
})
