/** Forms with a picture in them: whoever sends slowly, or in two readings, holds up nobody but themselves. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Hono } from 'hono'
import {
  createPictureDoor,
  pictureDoorOf,
  type PictureDoor,
  type PictureForm,
} from '../../api/picture-forms.ts'
import type { Actor } from '../../domain/accounts.ts'
import { toBusinessError } from '../../api/problems.ts'
import { buildDeps } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const SOON = { wholeMs: 60_000, silentMs: 60_000, atOnce: 3, forStaff: 1, ofOne: 2 }

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const buildActor = (kind: Actor['kind']): Actor => ({
  userId: randomUUID(),
  kind,
  roles: [kind === 'customer' ? 'customer' : 'desk'],
  permissions: [],
  firstName: 'Achieng',
  lastName: 'Otieno',
  email: null,
  phone: null,
  language: 'en',
})
const customer = () => buildActor('customer')
const colleague = () => buildActor('employee')

/** Answers the code of what was refused, or `read`. */
const createRoom = (limits: typeof SOON) => roomBehind(createPictureDoor(buildDeps(db), limits))

function roomBehind(door: PictureDoor) {
  return async (actor: Actor, body: BodyInit, boundary = 'boundary=b'): Promise<string> => {
    const room = new Hono()
    room.post('/', async (c) => {
      try {
        await door(c, actor, (form: PictureForm) => Promise.resolve(form))
        return c.text('read')
      } catch (error) {
        const { code, message } = toBusinessError(error)
        return c.text(`${code}: ${message}`)
      }
    })
    const headers = { 'content-type': `multipart/form-data; ${boundary}` }
    const answer = await room.request('/', {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    } as RequestInit)
    return answer.text()
  }
}

const WHOLE = [
  '--b',
  'Content-Disposition: form-data; name="picture"; filename="a.jpg"',
  'Content-Type: image/jpeg',
  '',
  'x',
  '--b--',
  '',
].join('\r\n')

/** Sends nothing until it is told to end. */
function createSlowBody() {
  let end: () => void = () => undefined
  let cancelled = false
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const body = new ReadableStream<Uint8Array>(
    {
      start: (to) => {
        end = () => to.close()
      },
      pull: () => begin(),
      cancel: () => {
        cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, begun, end: () => end(), wasCancelled: () => cancelled }
}

describe('a form with a picture', () => {
  it('of which nothing comes is given up, and its place is free again', async () => {
    const send = createRoom({ ...SOON, silentMs: 20 })
    const person = customer()
    const slow = [createSlowBody(), createSlowBody(), createSlowBody(), createSlowBody()]
    for (const { body, wasCancelled } of slow) {
      expect(await send(person, body)).toMatch('INVALID_INPUT: The picture came too slowly')
      expect(wasCancelled()).toBe(true)
    }
    expect(await send(person, WHOLE)).toBe('read')
  })

  it('that comes byte by byte is given up as well', async () => {
    const send = createRoom({ ...SOON, wholeMs: 60 })
    let open = true
    const trickle = new ReadableStream<Uint8Array>({
      pull: (to) =>
        new Promise((resolve) =>
          setTimeout(() => {
            if (open) to.enqueue(Uint8Array.of(45))
            resolve()
          }, 5),
        ),
      cancel: () => {
        open = false
      },
    })
    expect(await send(customer(), trickle)).toMatch('came too slowly')
  })

  it('of a colleague finds a place while customers hold all of theirs', async () => {
    const send = createRoom(SOON)
    const slow = [createSlowBody(), createSlowBody()]
    const held = slow.map(({ body }) => send(customer(), body))
    await Promise.all(slow.map(({ begun }) => begun))
    expect(await send(customer(), WHOLE)).toMatch('TEMPORARILY_UNAVAILABLE')
    expect(await send(colleague(), WHOLE)).toBe('read')
    for (const { end } of slow) end()
    expect(await Promise.all(held)).toEqual([
      expect.stringContaining('INVALID_INPUT'),
      expect.stringContaining('INVALID_INPUT'),
    ])
    expect(await send(customer(), WHOLE)).toBe('read')
  })

  it('takes the same places whether a page or a program sends it', async () => {
    const deps = buildDeps(db)
    const [page, program] = [roomBehind(pictureDoorOf(deps)), roomBehind(pictureDoorOf(deps))]
    const person = customer()
    const slow = [createSlowBody(), createSlowBody()]
    const held = [page(person, slow[0]?.body ?? ''), program(person, slow[1]?.body ?? '')]
    await Promise.all(slow.map(({ begun }) => begun))
    expect(await page(person, WHOLE)).toMatch('TEMPORARILY_UNAVAILABLE')
    for (const { end } of slow) end()
    await Promise.all(held)
    expect(await page(person, WHOLE)).toBe('read')
  })

  it.each(['boundary=a; boundary=b', 'boundary=b; boundary=a', 'boundary="b"; boundary=b'])(
    'that names two boundaries is refused: %s',
    async (boundaries) => {
      const send = createRoom(SOON)
      expect(await send(customer(), WHOLE)).toBe('read')
      expect(await send(customer(), WHOLE, boundaries)).toMatch('UNSUPPORTED_MEDIA_TYPE')
    },
  )
})
