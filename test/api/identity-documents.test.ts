/** Pictures of ids and licences: by the API and by the pages, from the phone that sends one to whoever decides about it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { receiveIdentity } from '../../db/identity-documents.ts'
import { readPicture } from '../../db/identity-pictures.ts'
import { liftLegalHold, setLegalHold } from '../../db/legal-holds.ts'
import { FAULT_WORDS, PICTURE_LIMITS } from '../../domain/identity-documents.ts'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import { createPictures } from '../../gateways/pictures.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  ORIGIN,
  readProblem,
  type TestApi,
} from '../support/api.ts'
import { bearerOf, signInAs, type Bearer } from '../support/bearers.ts'
import { nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { hostilePictures, photograph, PLANTED } from '../support/pictures.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let desk: Bearer
let picture: Buffer
let ahead = 0
const now = () => new Date(Date.now() + ahead)

beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db, { pictures: createPictures(), now })
  app = createApp(deps)
  api = createTestApi(deps, app)
  desk = await signInAs(api, 'desk')
  picture = await photograph()
})
afterAll(() => db.drop())

type Person = { token: string; id: string; bearer: Bearer }

async function register(): Promise<Person> {
  const account = buildRegistration({ email: `${randomUUID()}@example.com`, phone: nextPhone() })
  expect((await openAccount(db, api, account)).status).toBe(201)
  const { email, password } = account
  const answer = await api.post('/auth/login', { email, password })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const bearer = bearerOf(api, token)
  const { id } = await bearer.read<{ id: string }>(200, 'GET', '/auth/profile')
  return { token, id, bearer }
}

type Paper = { id: string; status: string; reason: string | null; valid_until: string | null }

function formOf(fields: Record<string, string>, bytes: Buffer | null = picture): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (bytes) form.set('picture', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'a.jpg')
  return form
}

const post = async (
  token: string,
  customerId: string,
  body: BodyInit,
  key: string = randomUUID(),
) =>
  api.request(`/customers/${customerId}/identity-documents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })

async function send({ token, id }: Person, kind = 'passport', more = {}): Promise<Paper> {
  const answer = await post(token, id, formOf({ kind, ...more }))
  if (answer.status !== 201) throw new Error(await answer.text())
  return (await answer.json()) as Paper
}

const listOf = async ({ id, bearer }: Person) =>
  (await bearer.read<{ items: Paper[] }>(200, 'GET', `/customers/${id}/identity-documents`)).items

const auditOf = (id: string) =>
  select<{ action: string; actor: string; after: Record<string, unknown> }>(
    db,
    `SELECT action, actor, after FROM audit_entries WHERE entity_id = $1 AND action LIKE 'identity_document.%' ORDER BY id`,
    [id],
  )

describe('a picture that its owner sends', () => {
  it('is kept drawn anew and sealed, and nothing of it or its camera stands in the tables', async () => {
    const person = await register()
    const { id } = await send(person)
    const kept = await readPicture(db, id)
    expect(kept?.subarray(0, 3)).toEqual(Buffer.of(0xff, 0xd8, 0xff))
    const row = await selectOne<{ sealed: Buffer }>(
      db.owner,
      'SELECT picture_sealed AS sealed FROM identity_pictures WHERE document_id = $1',
      [id],
    )
    expect(row?.sealed.includes(kept?.subarray(0, 40) ?? '')).toBe(false)
    for (const planted of Object.values(PLANTED)) {
      expect(kept?.includes(planted)).toBe(false)
      expect(row?.sealed.includes(planted)).toBe(false)
    }
  })

  it('cannot be read beside another row, nor when its owner’s key is destroyed', async () => {
    const person = await register()
    const [one, other] = [await send(person), await send(person, 'licence_back')]
    await select(
      db.owner,
      `UPDATE identity_pictures SET picture_sealed = (SELECT picture_sealed FROM identity_pictures WHERE document_id = $2)
       WHERE document_id = $1`,
      [one.id, other.id],
    )
    await expect(readPicture(db, one.id)).rejects.toThrow('changed or moved')
    await select(db.owner, 'DELETE FROM subject_keys WHERE subject_id = $1', [person.id])
    expect(await readPicture(db, other.id)).toBeNull()
  })

  it('is one, however often it is sent under one key, and another one under it is refused', async () => {
    const person = await register()
    const key = randomUUID()
    const again = async (kind: string) => post(person.token, person.id, formOf({ kind }), key)
    const [first, second] = [await again('passport'), await again('passport')]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(((await second.json()) as Paper).id).toBe(((await first.json()) as Paper).id)
    expect((await again('licence_back')).status).toBe(422)
    expect(await listOf(person)).toHaveLength(1)
  })

  it('takes the place of the one before, whose bytes go', async () => {
    const person = await register()
    const first = await send(person)
    const second = await send(person)
    expect((await listOf(person)).map(({ id, status }) => [id, status])).toEqual([
      [second.id, 'received'],
      [first.id, 'replaced'],
    ])
    expect(await readPicture(db, first.id)).toBeNull()
  })

  it('takes no bytes away that a hold of the law keeps, until it is lifted', async () => {
    const person = await register()
    const first = await send(person)
    const hold = { userId: person.id, why: 'A file of a court', actorId: 'test' }
    await inTransaction(db, (tx) => setLegalHold(tx, hold))
    await send(person)
    expect(await readPicture(db, first.id)).not.toBeNull()
    await inTransaction(db, (tx) => liftLegalHold(tx, hold))
    expect(await readPicture(db, first.id)).toBeNull()
  })

  const sending = (customerId: string, id: string, number: string) =>
    inTransaction(db, (tx) =>
      receiveIdentity(tx, {
        id,
        customerId,
        kind: 'licence_front',
        actorId: customerId,
        picture: { jpeg: picture, width: 10, height: 10 },
        licence: { number, expiresOn: null },
        now: now(),
      }),
    )

  it('of a licence is a change of the customer, and its repeat undoes no later one', async () => {
    const { id } = await register()
    const versionOf = async () =>
      (await selectOne<{ version: number }>(db, 'SELECT version FROM users WHERE id = $1', [id]))
        ?.version ?? 0
    const before = await versionOf()
    const first = randomUUID()
    await sending(id, first, 'DL-FIRST')
    await sending(id, randomUUID(), 'DL-LATER')
    await sending(id, first, 'DL-FIRST')
    const { licence } = await desk.read<{ licence: object }>(200, 'GET', `/customers/${id}`)
    expect(licence).toMatchObject({ number: 'DL-LATER' })
    expect(await versionOf()).toBe(before + 2)
  })

  it('of a colleague, who is no customer, is taken by nobody', async () => {
    const { id } = await desk.read<{ id: string }>(200, 'GET', '/auth/profile')
    await expect(sending(id, randomUUID(), 'DL-DESK')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of a licence brings its number and last day, sealed as all licences are', async () => {
    const person = await register()
    const more = { licence_number: 'DL 0099-XZ', licence_expires_on: '2031-05-06' }
    await send(person, 'licence_front', more)
    const customer = await desk.read<{ licence: object }>(200, 'GET', `/customers/${person.id}`)
    expect(customer.licence).toMatchObject({ number: 'DL 0099-XZ', expires_on: '2031-05-06' })
    const found = await selectOne<{ n: string }>(
      db.owner,
      "SELECT count(*) AS n FROM audit_entries WHERE (before::text || after::text || coalesce(why, '')) LIKE '%0099%'",
    )
    expect(Number(found?.n)).toBe(0)
  })
})

describe('what is no picture', () => {
  it('is told beside its field and never an error of ours', async () => {
    const person = await register()
    for (const { name, bytes, fault } of await hostilePictures()) {
      const answer = await post(person.token, person.id, formOf({ kind: 'passport' }, bytes))
      const { fields } = await readProblem(answer)
      expect([name, answer.status, fields]).toEqual([
        name,
        400,
        [{ path: 'picture', message: FAULT_WORDS[fault] }],
      ])
    }
    expect(await listOf(person)).toEqual([])
  })

  it('is a form that lacks something, has too much of it, or is none', async () => {
    const { token, id } = await register()
    const twice = formOf({ kind: 'passport' })
    twice.append('picture', new Blob(['x']), 'b.jpg')
    const elsewhere = formOf({ kind: 'passport' }, null)
    elsewhere.set('file', new Blob(['x']), 'a.jpg')
    const many = formOf({ kind: 'passport' })
    for (let n = 0; n < 20; n += 1) many.append('n', String(n))
    const wrong: [string, BodyInit, string][] = [
      ['no picture', formOf({ kind: 'passport' }, null), 'picture'],
      ['a text for it', formOf({ kind: 'passport', picture: 'x' }, null), 'picture'],
      ['two', twice, 'picture'],
      ['another field', elsewhere, 'picture'],
      ['no kind', formOf({}), 'kind'],
      ['another kind', formOf({ kind: 'library_card' }), 'kind'],
      ['a field of nobody’s', formOf({ kind: 'passport', status: 'accepted' }), ''],
      [
        'a number for a passport',
        formOf({ kind: 'passport', licence_number: 'A1' }),
        'licence_number',
      ],
      [
        'no day',
        formOf({ kind: 'licence_front', licence_number: 'A1', licence_expires_on: '2031-02-30' }),
        'licence_expires_on',
      ],
    ]
    for (const [name, body, path] of wrong) {
      const answer = await post(token, id, body)
      const { fields } = (await readProblem(answer)) as { fields: { path: string }[] }
      expect([name, answer.status, fields[0]?.path]).toEqual([name, 400, path])
    }
    expect((await post(token, id, many)).status).toBe(400)
    expect((await post(token, id, '{}')).status).toBe(415)
    const cut = await app.request(`${ORIGIN}/api/v1/customers/${id}/identity-documents`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': 'x',
        'content-type': 'multipart/form-data; boundary=b',
      },
      body: '--b\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n\r\nhalf',
    })
    expect(cut.status).toBe(400)
  })

  it('is read no further than the limit, whatever its length was said to be', async () => {
    const { token, id } = await register()
    let sent = 0
    const endless = new ReadableStream({
      pull: (to) => {
        sent += 65_536
        to.enqueue(new Uint8Array(65_536))
      },
    })
    const answer = await app.request(`${ORIGIN}/api/v1/customers/${id}/identity-documents`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': 'x',
        'content-type': 'multipart/form-data; boundary=b',
      },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(413)
    expect((await readProblem(answer))['detail']).toBe('Send at most 10 MB in one picture.')
    expect(sent).toBeLessThan(PICTURE_LIMITS.bytes * 1.1)
  })

  it('is not read at all of a stranger, nor of who may not send it there', async () => {
    const [person, other] = [await register(), await register()]
    for (const [headers, status] of [
      [{}, 401],
      [{ authorization: `Bearer ${other.token}` }, 404],
    ] as const) {
      let read = false
      const body = new ReadableStream(
        {
          pull: () => {
            read = true
          },
        },
        { highWaterMark: 0 },
      )
      const answer = await app.request(
        `${ORIGIN}/api/v1/customers/${person.id}/identity-documents`,
        {
          method: 'POST',
          headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
          body,
          duplex: 'half',
        } as RequestInit,
      )
      expect([answer.status, read]).toEqual([status, false])
    }
  })
})

const lookAt = async (bearer: Bearer, id: string) =>
  (
    await bearer.read<{ href: string }>(201, 'POST', `/identity-documents/${id}/links`)
  ).href.replace('/api/v1', '')

describe('the address of a picture', () => {
  it('shows it to the session that asked, for five minutes, and to nobody else', async () => {
    const [person, other] = [await register(), await register()]
    const { id } = await send(person)
    const href = await lookAt(person.bearer, id)
    const answer = await person.bearer.ask('GET', href)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/jpeg')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="passport.jpg"')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(await readPicture(db, id))
    expect((await api.get(href)).status).toBe(401)
    await other.bearer.refused(404, 'GET', href)
    await desk.refused(409, 'GET', href)
    const forged = href.replace(/until=\d+/, `until=${Date.now() + DAY_MS}`)
    await person.bearer.refused(409, 'GET', forged)
    ahead = 6 * MINUTE_MS
    await person.bearer.refused(409, 'GET', href)
    ahead = 0
  })

  it('is written down and counted for the house, and not for its owner', async () => {
    const person = await register()
    const { id } = await send(person)
    await lookAt(person.bearer, id)
    await lookAt(desk, id)
    const looks = (await auditOf(person.id)).filter(({ action }) => action.endsWith('revealed'))
    expect(looks).toHaveLength(1)
    expect(looks[0]?.after).toMatchObject({ documentId: id })
    expect(looks[0]?.actor).not.toBe(person.id)
    const strict = await signInAs(api, 'manager')
    let status = 201
    for (let n = 0; n < 70 && status === 201; n += 1)
      status = (await strict.ask('POST', `/identity-documents/${id}/links`)).status
    expect(status).toBe(429)
  })
})

const decide = (bearer: Bearer, id: string, what: string, body: object) =>
  bearer.ask('POST', `/identity-documents/${id}/${what}`, { body })

describe('a decision', () => {
  it('is made once, by somebody else, with the day of a paper that has one', async () => {
    const person = await register()
    const { id } = await send(person, 'licence_front')
    const refused = async (body: object) => (await decide(desk, id, 'acceptance', body)).status
    expect([await refused({}), await refused({ valid_until: '2020-01-01' })]).toEqual([400, 400])
    const accepted = await decide(desk, id, 'acceptance', { valid_until: '2099-01-31' })
    expect(await accepted.json()).toMatchObject({ status: 'accepted', valid_until: '2099-01-31' })
    expect((await decide(desk, id, 'refusal', { reason: 'over' })).status).toBe(409)
    expect((await auditOf(person.id)).map(({ action }) => action)).toEqual([
      'identity_document.received',
      'identity_document.accepted',
    ])
  })

  it('about a licence corrects the last day that its holder gave, and of another paper nothing', async () => {
    const person = await register()
    const more = { licence_number: 'DL-DAY', licence_expires_on: '2031-05-06' }
    const licence = await send(person, 'licence_front', more)
    const passport = await send(person)
    const lastDay = async () => {
      const path = `/customers/${person.id}`
      return (await desk.read<{ licence: { expires_on: string } }>(200, 'GET', path)).licence
        .expires_on
    }
    await decide(desk, passport.id, 'acceptance', { valid_until: '2040-01-01' })
    expect(await lastDay()).toBe('2031-05-06')
    await decide(desk, licence.id, 'acceptance', { valid_until: '2031-06-05' })
    expect(await lastDay()).toBe('2031-06-05')
  })

  it('against it tells its owner why, and another picture begins anew', async () => {
    const person = await register()
    const { id } = await send(person, 'national_id_front')
    await decide(desk, id, 'refusal', { reason: 'cut_off' })
    expect((await listOf(person))[0]).toMatchObject({ status: 'refused', reason: 'cut_off' })
    await send(person, 'national_id_front')
    expect((await listOf(person)).map(({ status }) => status)).toEqual(['received', 'replaced'])
  })

  it('is over when the paper’s last day is', async () => {
    const person = await register()
    const { id } = await send(person, 'passport')
    const until = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10)
    await decide(desk, id, 'acceptance', { valid_until: until })
    expect((await listOf(person))[0]?.status).toBe('accepted')
    const row = await select(
      db.owner,
      'UPDATE identity_documents SET valid_until = current_date - 2 WHERE id = $1 RETURNING id',
      [id],
    )
    expect(row).toHaveLength(1)
    expect((await listOf(person))[0]?.status).toBe('expired')
  })

  it('about oneself is for another', async () => {
    const me = await desk.read<{ id: string }>(200, 'GET', '/auth/profile')
    const guest = await register()
    const { id } = await send(guest)
    // Whoever works here has an account as a guest, too: by one phone they are one person.
    await select(
      db.owner,
      'UPDATE users SET phone_index = (SELECT phone_index FROM users WHERE id = $1) WHERE id = $2',
      [guest.id, me.id],
    )
    const refused = await desk.refused(409, 'POST', `/identity-documents/${id}/refusal`, {
      body: { reason: 'over' },
    })
    expect(refused.code).toBe('SECOND_PERSON')
  })

  it('of two at the same moment is one', async () => {
    const person = await register()
    const { id } = await send(person, 'licence_back')
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await decide(desk, id, 'acceptance', {})).status),
    )
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 409, 409])
  })
})
