/**
 * Pictures that strangers send are never kept as they came: what they claim to be is looked at in their first bytes, and what can be seen is
 * drawn anew as a JPEG of ours. Places, comments, profiles and whatever hangs behind the picture stay behind.
 */
import sharp, { type Metadata } from 'sharp'
import {
  PICTURE_LIMITS,
  type PictureFault,
  type Pictures,
  type ReadPicture,
} from '../domain/identity-documents.ts'

// What cannot be asked for cannot be attacked: libvips knows dozens of forms, of which phones take three.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
})
// Other people's papers are not to lie about in memory, and pictures are never asked for twice.
sharp.cache(false)
// Several pictures at once are limited below; one is not to take all processors.
sharp.concurrency(1)

type Form = 'jpeg' | 'png' | 'webp'

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  Buffer.from(bytes.subarray(from, from + length)).toString('latin1')

/** https://www.iana.org/assignments/media-types and the forms' own first bytes. */
function formOf(bytes: Uint8Array): Form | PictureFault {
  if (bytes.length === 0) return 'empty'
  if (ascii(bytes, 0, 3) === '\u00ff\u00d8\u00ff') return 'jpeg'
  if (ascii(bytes, 0, 8) === '\u0089PNG\r\n\u001a\n') return 'png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return 'webp'
  if (/^ftyp(?:hei|hev|mif1|msf1)/.test(ascii(bytes, 4, 8))) return 'heic'
  return ascii(bytes, 0, 1_024).includes('%PDF-') ? 'pdf' : 'other_form'
}

const refused = (fault: PictureFault): ReadPicture => ({ kind: 'refused', fault })

/** libvips says why in words only. */
function faultOf(error: unknown): PictureFault {
  const words = error instanceof Error ? error.message : ''
  if (/exceeds pixel limit/i.test(words)) return 'too_many_pixels'
  return /timeout/i.test(words) ? 'too_slow' : 'broken'
}

/**
 * What has to be in memory at once before a first line can be drawn. A JPEG that comes line by line takes nearly nothing; one that comes in
 * several passes is held as numbers of two bytes; of the other forms any may have to be turned or put together, so all count whole.
 */
function heldBytes({ format, isProgressive, width, height, channels, depth }: Metadata): number {
  if (format === 'jpeg') return isProgressive ? width * height * channels * 2 : 0
  return width * height * channels * (depth === 'uchar' ? 1 : 2)
}

async function draw(bytes: Uint8Array, form: Form): Promise<ReadPicture> {
  const { pixels, wholeBytes, longestSide, shortestSide, jpegQuality, decodeSeconds } =
    PICTURE_LIMITS
  const options = {
    failOn: 'error',
    limitInputPixels: pixels,
    pages: 1,
    sequentialRead: true,
  } as const
  try {
    const found = await sharp(bytes, options).metadata()
    if (found.format !== form) return refused('broken')
    if (found.width * found.height > pixels) return refused('too_many_pixels')
    if (heldBytes(found) > wholeBytes) return refused('too_many_pixels')
    if (Math.max(found.width, found.height) < shortestSide) return refused('too_small')
    const { data, info } = await sharp(bytes, options)
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: jpegQuality })
      .timeout({ seconds: decodeSeconds })
      .toBuffer({ resolveWithObject: true })
    return { kind: 'picture', jpeg: data, width: info.width, height: info.height }
  } catch (error) {
    return refused(faultOf(error))
  }
}

/** So many at once; so many more wait for their turn; null for whoever comes on top of these. */
function createTurns(atOnce: number, mostWaiting: number) {
  const waiting: (() => void)[] = []
  let running = 0
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
  return async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) return null
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      leave()
    }
  }
}

export function createPictures(
  { atOnce, waiting } = {
    atOnce: PICTURE_LIMITS.decodesAtOnce as number,
    waiting: PICTURE_LIMITS.decodesWaiting as number,
  },
): Pictures {
  const inTurn = createTurns(atOnce, waiting)
  return {
    redraw: async (bytes) => {
      const form = formOf(bytes)
      if (form !== 'jpeg' && form !== 'png' && form !== 'webp') return refused(form)
      return (await inTurn(() => draw(bytes, form))) ?? { kind: 'busy' }
    },
  }
}
