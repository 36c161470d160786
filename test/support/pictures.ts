/** Photographs as phones take them, and files that only say that they are some. */
import { deflateSync, crc32 } from 'node:zlib'
import sharp from 'sharp'
import type { PictureFault } from '../../domain/identity-documents.ts'

/** Where it was taken and by whom, as a camera writes it. */
export const PLANTED = {
  owner: 'Planted Owner Zawadi',
  comment: '<script>planted()</script>',
  behind: 'planted behind the picture',
} as const

/** A card of a few colours with lines on it, so that it has something to compress. */
const card = (width: number, height: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#dfe9d8"/>
     <rect x="5%" y="15%" width="28%" height="60%" fill="#8aa37b"/><rect x="40%" y="20%" width="50%" height="6%" fill="#333"/>
     <rect x="40%" y="36%" width="42%" height="6%" fill="#555"/><rect x="40%" y="52%" width="46%" height="6%" fill="#555"/></svg>`,
  )

type Size = { width: number; height: number }

/** In the raw, as the gateway lets nobody load a drawing. */
function pixels({ width, height }: Size): Buffer {
  const bytes = Buffer.alloc(width * height * 3, 0xdf)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if ((x * 12) % width < width / 3 && (y * 7) % height < height / 2)
        bytes.fill(0x55, (y * width + x) * 3, (y * width + x) * 3 + 3)
  return bytes
}

const picture = (size: Size) => sharp(pixels(size), { raw: { ...size, channels: 3 } })

/** Behind the first two bytes: a comment, as JPEG has them. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(comment.length + 2)
  const segment = Buffer.concat([Buffer.of(0xff, 0xfe), length, Buffer.from(comment)])
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])
}

export async function photograph(size: Size = { width: 1_200, height: 800 }): Promise<Buffer> {
  const taken = await picture(size)
    .withExif({
      IFD0: { Artist: PLANTED.owner, Orientation: '6' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '1/1 17/1 11/1', GPSLongitude: '36/1 49/1 2/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  return Buffer.concat([withComment(taken, PLANTED.comment), Buffer.from(PLANTED.behind)])
}

export const toPng = (): Promise<Buffer> =>
  sharp({ create: { width: 800, height: 500, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer()
export const toWebp = (): Promise<Buffer> => picture({ width: 800, height: 500 }).webp().toBuffer()

type Form = { form: 'png' | 'jpeg' | 'webp'; passes?: boolean; deep?: boolean; turned?: boolean }

/** One plain colour: little to send, and as much to open as any picture of its size. */
export function plain(size: Size, { form, passes = false, deep = false, turned = false }: Form) {
  const made = sharp({
    create: { ...size, channels: form === 'jpeg' ? 3 : 4, background: '#5a781e80' },
  })
  if (turned) made.withMetadata({ orientation: 6 })
  if (form === 'png') made.toColourspace(deep ? 'rgb16' : 'srgb').png({ progressive: passes })
  else if (form === 'jpeg') made.jpeg({ progressive: passes, chromaSubsampling: '4:4:4' })
  else made.webp({ lossless: true, effort: 0 })
  return made.toBuffer()
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** Some hundred bytes that ask for gigabytes. */
function bomb(side: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([1, 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export async function hostilePictures(): Promise<
  { name: string; bytes: Buffer; fault: PictureFault }[]
> {
  const whole = await photograph()
  const heic = Buffer.concat([Buffer.from('\0\0\0\u0018ftypheic', 'latin1'), Buffer.alloc(400)])
  const gif = Buffer.from('GIF89a/*<svg onload=alert(1)>*/=1;//\u0001\0\u0001\0;', 'latin1')
  return [
    { name: 'zero bytes', bytes: Buffer.alloc(0), fault: 'empty' },
    { name: 'HEIC', bytes: heic, fault: 'heic' },
    { name: 'PDF', bytes: Buffer.from('%PDF-1.7\n%âãÏÓ'), fault: 'pdf' },
    { name: 'PDF behind blanks', bytes: Buffer.from(`${' '.repeat(400)}%PDF-1.4`), fault: 'pdf' },
    { name: 'SVG', bytes: card(900, 600), fault: 'other_form' },
    { name: 'GIF and script in one', bytes: gif, fault: 'other_form' },
    { name: 'HTML', bytes: Buffer.from('<!doctype html><h1>Hi</h1>'), fault: 'other_form' },
    { name: 'TIFF', bytes: Buffer.from('II*\0'.padEnd(600, '\0'), 'latin1'), fault: 'other_form' },
    { name: 'BMP', bytes: Buffer.from('BM'.padEnd(600, '\0'), 'latin1'), fault: 'other_form' },
    {
      name: 'a program',
      bytes: Buffer.from('\u007fELF'.padEnd(600, '\0'), 'latin1'),
      fault: 'other_form',
    },
    { name: 'half a JPEG', bytes: whole.subarray(0, whole.length / 2), fault: 'broken' },
    { name: 'the head of a JPEG', bytes: whole.subarray(0, 3), fault: 'broken' },
    {
      name: 'a head, and HTML behind it',
      bytes: Buffer.concat([whole.subarray(0, 4), Buffer.from('<html><script>1</script>')]),
      fault: 'broken',
    },
    { name: 'a bomb', bytes: bomb(50_000), fault: 'too_many_pixels' },
    {
      name: 'an icon',
      bytes: await picture({ width: 64, height: 64 }).jpeg().toBuffer(),
      fault: 'too_small',
    },
  ]
}
