/**
 * Forms with a picture in them. Who may send one is asked before anything of it is read; it is read no further than the limit, only so many
 * at once and only so long, so that nobody fills the memory or keeps others from sending with what they send slowly.
 */
import type { Context } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { PICTURE_LIMITS } from '../domain/identity-documents.ts'
import { isStaff } from '../domain/policies.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { ApiDeps } from './deps.ts'
import { limit } from './limits.ts'

/** The fields beside the picture, and what a form is wrapped in. */
const REST_BYTES = 16 * 1_024
const MOST_BYTES = PICTURE_LIMITS.bytes + REST_BYTES
const MOST_PARTS = 12
const FIELD = 'picture'

const MULTIPART =
  /^multipart\/form-data\s*;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))\s*$/i

/** Of a form that names exactly one: two readers might take two different ones of several. */
const boundaryOf = (contentType: string): string | null => {
  const [, quoted, plain] = MULTIPART.exec(contentType) ?? []
  return quoted ?? plain ?? null
}

/** What the door of the app leaves to these rooms to limit, because they ask first who it is. */
export const isPictureForm = (path: string, contentType: string): boolean =>
  /^\/(?:account\/identity|desk\/customers\/[^/]+\/identity|api\/v1\/customers\/[^/]+\/identity-documents)$/.test(
    path,
  ) && boundaryOf(contentType) !== null

export const tooLarge = () => {
  const message = `Send at most ${PICTURE_LIMITS.megabytes} MB in one picture.`
  return new BusinessError('BODY_TOO_LARGE', message, { fields: [{ path: FIELD, message }] })
}
const unreadable = () =>
  new BusinessError('INVALID_INPUT', 'This form could not be read. Send it again.')
const wrongPicture = (message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path: FIELD, message }] })

const tooSlow = () => wrongPicture('The picture came too slowly. Try again, or send a smaller one.')

/** How long one picture may take to come, and how long nothing of it. */
type Patience = { wholeMs: number; silentMs: number }

/** The next part of a body. Throws INVALID_INPUT where none comes in time; whatever comes later is not waited for. */
async function readNext(reader: ReadableStreamDefaultReader<Uint8Array>, withinMs: number) {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, withinMs))
  })
  const next = reader.read().catch(() => {
    throw unreadable()
  })
  return Promise.race([next, late]).finally(() => clearTimeout(timer))
}

/** Throws BODY_TOO_LARGE as soon as it is, INVALID_INPUT as soon as it is too slow. */
async function readWhole(c: Context, { wholeMs, silentMs }: Patience): Promise<Buffer> {
  if (Number(c.req.header('content-length') ?? 0) > MOST_BYTES) throw tooLarge()
  const reader = c.req.raw.body?.getReader()
  if (!reader) throw unreadable()
  const until = performance.now() + wholeMs
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await readNext(reader, Math.min(silentMs, until - performance.now()))
      if (done) return Buffer.concat(chunks)
      size += value.length
      if (size > MOST_BYTES) throw tooLarge()
      chunks.push(value)
    }
  } catch (error) {
    // Not waited for: whoever sends nothing would hold this up as well.
    void reader.cancel().catch(() => undefined)
    throw error
  }
}

/** A form of a hundred thousand empty fields is small, and long to read. */
function assertFewParts(bytes: Buffer, boundary: string): void {
  const mark = `--${boundary}`
  let parts = 0
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) {
    parts += 1
    if (parts > MOST_PARTS) throw unreadable()
  }
}

export type PictureForm = { fields: Record<string, string>; picture: Uint8Array }

async function partsOf(form: FormData): Promise<PictureForm> {
  const fields = new Map<string, string>()
  let picture: Uint8Array | null = null
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      if (name === FIELD) throw wrongPicture('Choose a picture first.')
      if (fields.has(name)) throw unreadable()
      fields.set(name, value)
    } else {
      if (name !== FIELD) throw wrongPicture(`Send the picture in the field ${FIELD}.`)
      if (picture) throw wrongPicture('Send one picture at a time.')
      picture = new Uint8Array(await value.arrayBuffer())
    }
  }
  if (!picture) throw wrongPicture('Choose a picture first.')
  if (picture.length > PICTURE_LIMITS.bytes) throw tooLarge()
  return { fields: Object.fromEntries(fields), picture }
}

async function readPictureForm(c: Context, patience: Patience): Promise<PictureForm> {
  const boundary = boundaryOf(c.req.header('content-type') ?? '')
  if (!boundary)
    throw new BusinessError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send a form (multipart/form-data) with the picture in it.',
    )
  const bytes = await readWhole(c, patience)
  assertFewParts(bytes, boundary)
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
  })
    .formData()
    .catch(() => {
      throw unreadable()
    })
  return partsOf(form)
}

const LIMITS = {
  /** Ten megabytes over a slow link; most pictures are a third of it. */
  wholeMs: 3 * MINUTE_MS,
  silentMs: MINUTE_MS / 4,
  atOnce: 24,
  /** Of these, those that customers never take: whoever stands at the counter is not held up by who sends from outside. */
  forStaff: 8,
  ofOne: 2,
}

const busy = () =>
  new BusinessError(
    'TEMPORARILY_UNAVAILABLE',
    'Many people are sending pictures just now. Try again in a minute.',
  )

/** Reads a form and does something with it, for so many people at once as this process has room for. */
export type PictureDoor = <T>(
  c: Context,
  actor: Actor,
  work: (form: PictureForm) => Promise<T>,
) => Promise<T>

/** Throws TOO_MANY_REQUESTS, TEMPORARILY_UNAVAILABLE, and whatever is wrong with the form. */
export function createPictureDoor(deps: ApiDeps, limits = LIMITS): PictureDoor {
  const inside = new Map<string, number>()
  let all = 0
  return async (c, actor, work) => {
    const { userId } = actor
    const ofHouse = isStaff(actor)
    await limit(deps, ofHouse ? 'picturesByStaff' : 'pictures', userId)
    const own = inside.get(userId) ?? 0
    const places = limits.atOnce - (ofHouse ? 0 : limits.forStaff)
    if (all >= places || own >= limits.ofOne) throw busy()
    all += 1
    inside.set(userId, own + 1)
    try {
      return await work(await readPictureForm(c, limits))
    } finally {
      all -= 1
      const left = (inside.get(userId) ?? 1) - 1
      if (left > 0) inside.set(userId, left)
      else inside.delete(userId)
    }
  }
}

const doors = new WeakMap<ApiDeps, PictureDoor>()

/** The one of this process: pages and programs send through the same. */
export function pictureDoorOf(deps: ApiDeps): PictureDoor {
  const door = doors.get(deps) ?? createPictureDoor(deps)
  doors.set(deps, door)
  return door
}
