/** Whatever is planted in a log entry, and wherever: nothing personal and nothing secret comes out. */
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createLog } from '../../gateways/log.ts'

function write(detail: object, message: string, bindings: object = {}): string {
  const lines: string[] = []
  const log = createLog({ level: 'info', name: 'test' }, { write: (line) => void lines.push(line) })
  log.child(bindings).info(detail, message)
  return lines.join('')
}

const digits = (count: number) =>
  fc.array(fc.nat(9), { minLength: count, maxLength: count }).map((all) => all.join(''))
/** What is planted, and the part of it that must not come out. */
type Planted = { text: string; secret: string }
const itself = (text: string): Planted => ({ text, secret: text })

const phone = fc
  .record({
    start: fc.constantFrom('+254', '254', '0', '+254 ', '00254'),
    first: fc.constantFrom('7', '1'),
    rest: digits(8),
    between: fc.constantFrom('', ' ', '-'),
  })
  .map(({ start, first, rest, between }) => {
    const middle = rest.slice(2, 5)
    const text = `${start}${first}${rest.slice(0, 2)}${between}${middle}${between}${rest.slice(5)}`
    return { text, secret: `${middle}${between}${rest.slice(5)}` }
  })
const email = fc
  .tuple(
    fc.stringMatching(/^[a-z][a-z.]{4,14}[a-z]$/),
    fc.constantFrom('example.com', 'mail.example.co.ke'),
  )
  .map(([local, domain]) => ({ text: `${local}@${domain}`, secret: `${local}@` }))
const licence = digits(7).map((number) => itself(`DL${number}`))
const bytes = fc.uint8Array({ minLength: 32, maxLength: 48 }).map((all) => Buffer.from(all))
const key = fc
  .tuple(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((all) => new Set(all).size > 12),
    fc.constantFrom('base64', 'base64url', 'hex'),
  )
  .map(([all, form]) => itself(Buffer.from(all).toString(form)))
const jwt = bytes.map((all) => {
  const head = Buffer.from('{"alg":"ES256"}').toString('base64url')
  const body = Buffer.from('{"sub":"somebody"}').toString('base64url')
  return { text: `${head}.${body}.${all.toString('base64url')}`, secret: body }
})
const apiKey = bytes.map((all) => itself(`gari_${all.toString('base64url')}`))
const planted: fc.Arbitrary<Planted> = fc.oneof(phone, email, licence, key, jwt, apiKey)

/** Where it may stand: within words, in lists, in objects, in names, in errors, in what a logger is bound to. */
const PLACES: Record<string, (text: string) => string> = {
  'the message': (text) => write({}, `not sent to ${text}, later`),
  'an address in the message': (text) => write({}, `GET /account?who=${text}&next=/`),
  'a value': (text) => write({ detail: `for ${text}.` }, 'x'),
  'a list in an object': (text) => write({ a: { b: [`<${text}>`] } }, 'x'),
  'JSON in a string': (text) => write({ body: JSON.stringify({ it: text }) }, 'x'),
  'a name': (text) => write({ counts: { [text]: 3 } }, 'x'),
  'an error': (text) => write({ error: new Error(`no route to ${text}`) }, 'x'),
  'an error as text': (text) => write({ error: String(new Error(`refused ${text}`)) }, 'x'),
  'what the logger is bound to': (text) => write({}, 'x', { who: text }),
}

describe.each(Object.keys(PLACES))('in %s', (place) => {
  it('nothing that is planted comes out', () => {
    fc.assert(
      fc.property(planted, ({ text, secret }) => {
        expect(PLACES[place]?.(text)).not.toContain(secret)
      }),
      { numRuns: 300 },
    )
  })
})

const NAMES = [
  'phone',
  'customerPhone',
  'contact_phone',
  'PhoneNumber',
  'email',
  'licence',
  'licence_number',
  'drivingLicense',
  'id_number',
  'passport_number',
  'refresh_token',
  'idToken',
  'API-Key',
  'X-Api-Key',
  'client_secret',
  'MASTER_KEY',
  'Set-Cookie',
  'Proxy-Authorization',
  'newPassword',
  'code',
  'pin',
]

describe('a value under a name that says what it is', () => {
  it.each(NAMES)('%s', (name) => {
    for (const value of ['short', 4711, ['short'], { in: 'short' }])
      expect(write({ a: { [name]: value } }, 'x', { [name]: value })).not.toMatch(/short|4711/)
  })
})

it('the password of an address, a certificate’s key and bytes do not come out either', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const line = write(
    {
      url: 'postgres://gari_app:hunter2@db.example:5432/gari',
      headers: 'authorization: Bearer abc.def',
      pem,
      raw: Buffer.from('hunter2'),
    },
    'driving licence no. 27894561 and licence: AB-123456 were shown',
  )
  expect(line).not.toMatch(/hunter2|abc\.def|27894561|AB-123456/)
  expect(line).not.toContain(pem.split('\n')[1])
  expect(line).toContain('postgres://gari_app:')
})

it('what is none of these stays: ids, numbers, plates, receipts, versions, files and hosts', () => {
  const hash = createHmac('sha256', randomBytes(1)).update('').digest('hex').slice(0, 40)
  const kept = [
    '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10',
    'RSV-26-000123',
    'KDA 123A',
    'UKL5ABC12D',
    '2026-11-21T09:15:30.000Z',
    'pg@8.23.1',
    '1234@worker-1',
    'role gari_migrate',
    'key-rotation:m2',
    `release ${hash}`,
    'KSh 1,250,000',
    'at start (/app/node_modules/@temporalio/client/lib/workflow-client.js:12:34)',
    'refund-patched-a-second-return-is-refused-by-the-clock',
    'the licence was shown',
  ]
  const line = write({ kept, amount: 150_000_00, port: 5432 }, kept.join('; '))
  for (const one of kept) expect(line.split(one)).toHaveLength(3)
  expect(line).toContain('"amount":15000000')
})
