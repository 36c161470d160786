/** What strangers send as pictures: what comes out is ours, and whatever is wrong is said and never thrown. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import sharp from 'sharp'
import { PICTURE_LIMITS } from '../../domain/identity-documents.ts'
import { createPictures } from '../../gateways/pictures.ts'
import { hostilePictures, photograph, plain, PLANTED, toPng, toWebp } from '../support/pictures.ts'

const pictures = createPictures()
const redraw = (bytes: Uint8Array) => pictures.redraw(bytes)

const drawn = async (bytes: Uint8Array) => {
  const read = await redraw(bytes)
  if (read.kind !== 'picture') throw new Error(JSON.stringify(read))
  return read
}

describe('a picture', () => {
  it('loses the place where it was taken, its comments, its profile and what hangs behind it', async () => {
    const sent = await photograph()
    expect(sent.toString('latin1')).toContain(PLANTED.comment)
    const { exif } = await sharp(sent).metadata()
    expect(exif?.toString('latin1')).toContain(PLANTED.owner)
    const { jpeg } = await drawn(sent)
    const kept = Buffer.from(jpeg)
    for (const planted of Object.values(PLANTED))
      expect(kept.toString('latin1')).not.toContain(planted)
    const found = await sharp(kept).metadata()
    expect(found.format).toBe('jpeg')
    expect([found.exif, found.icc, found.iptc, found.xmp, found.orientation]).toEqual(
      Array.from({ length: 5 }),
    )
  })

  it('stands as it was held, and is no larger than we keep', async () => {
    const { width, height } = await drawn(await photograph({ width: 3_000, height: 1_500 }))
    // It was taken with the phone on its side.
    expect({ width, height }).toEqual({ width: 1_000, height: PICTURE_LIMITS.longestSide })
  })

  it('may be a PNG or a WebP; what was see-through becomes white', async () => {
    const { jpeg } = await drawn(await toPng())
    const { data } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
    expect([...data.subarray(0, 3)]).toEqual([255, 255, 255])
    expect((await drawn(await toWebp())).width).toBe(800)
  })
})

describe('what is no picture for us', () => {
  it('is refused for what it is', async () => {
    const told: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const { name, bytes, fault } of await hostilePictures()) {
      told[name] = await redraw(bytes)
      expected[name] = { kind: 'refused', fault }
    }
    expect(told).toEqual(expected)
  })

  it('whatever its bytes are, is an answer and no error', async () => {
    const whole = await photograph({ width: 500, height: 400 })
    const beginnings = [whole, await toPng(), await toWebp()].map((bytes) => bytes.subarray(0, 64))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc
        .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 2_000 }))
        .map(([head, rest]) => Buffer.concat([head, rest])),
      fc
        .tuple(fc.nat({ max: whole.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 40 }))
        .map(([at, rest]) => {
          const changed = Buffer.from(whole)
          changed.set(rest.subarray(0, changed.length - at), at)
          return changed
        }),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const read = await redraw(sent)
        if (read.kind === 'picture') return (await sharp(read.jpeg).metadata()).exif === undefined
        return read.kind === 'refused'
      }),
      { numRuns: 150 },
    )
  })

  it('is told from what has to wait: so many are read at once, and so many wait', async () => {
    const one = createPictures({ atOnce: 1, waiting: 1 })
    const picture = await photograph({ width: 600, height: 400 })
    const answers = await Promise.all([1, 2, 3].map(() => one.redraw(picture)))
    expect(answers.map(({ kind }) => kind)).toEqual(['picture', 'picture', 'busy'])
    expect((await one.redraw(picture)).kind).toBe('picture')
  })
})

describe('the memory that a picture takes', () => {
  /** In a process of its own, as nobody can say of this one which test made it grow. */
  async function drawAlone(bytes: Buffer) {
    const program = join(import.meta.dirname, 'drawing-process.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.stdin.end(bytes)
    return (await json(child.stdout)) as { answer: string; grownBytes: number }
  }
  /** What is held, what is drawn from it, and what the reader needs beside. */
  const MOST_GROWN = 2.5 * PICTURE_LIMITS.wholeBytes

  const LARGE = { width: 6_000, height: 5_500 }
  it.each([
    ['a deep PNG in passes', { form: 'png', passes: true, deep: true }],
    ['a deep PNG that is turned', { form: 'png', deep: true, turned: true }],
    ['a WebP', { form: 'webp' }],
    ['a JPEG in passes', { form: 'jpeg', passes: true }],
  ] as const)('is asked before it is opened: %s', async (_name, form) => {
    const read = await redraw(await plain(LARGE, form))
    expect(read).toEqual({ kind: 'refused', fault: 'too_many_pixels' })
  })

  const TWELVE = { width: 4_000, height: 3_000 }
  it.each([
    [
      'a photograph of 48 megapixels',
      { width: 8_000, height: 6_000 },
      { form: 'jpeg', turned: true },
    ],
    ['a JPEG of 12 in passes', TWELVE, { form: 'jpeg', passes: true }],
    ['a deep PNG of 12', TWELVE, { form: 'png', passes: true, deep: true, turned: true }],
    ['a WebP of 24', { width: 6_000, height: 4_000 }, { form: 'webp', turned: true }],
  ] as const)('stays within its limit for %s', async (_name, size, form) => {
    const drawn = await drawAlone(await plain(size, form))
    expect(drawn.answer).toBe('picture')
    expect(drawn.grownBytes).toBeLessThan(MOST_GROWN)
  })
})
