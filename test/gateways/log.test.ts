import { expect, test } from '@jest/globals'
import { createLog } from '../../gateways/log.ts'

const capture = () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', name: 'test' }, { write: (line) => void lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

test('secrets are hidden by their names, at every depth that is logged', () => {
  const { log, lines } = capture()
  const secrets = {
    phone: 'S',
    password: 'S',
    pin: 'S',
    authorization: 'S',
    cookie: 'S',
    apiKey: 'S',
    token: 'S',
    secret: 'S',
    code: 'S',
    'set-cookie': 'S',
  }
  log.info({ ...secrets, a: { ...secrets, b: { ...secrets, c: secrets } } }, 'x')
  log.child({ token: 'S', request: { token: 'S' } }).info({}, 'x')
  expect(lines.join('')).not.toContain('"S"')
  expect(lines[0]?.match(/\[hidden\]/g)).toHaveLength(40)
})

test('phones are hidden wherever they stand', () => {
  const { log, lines, last } = capture()
  log.info(
    { list: ['+254712345678', { to: '0712 345 678' }], party: 254712345678 },
    'to 0712345678',
  )
  log.child({ who: '+254110345678' }).warn({ id: 'ws_CO_21112026101531234712345678' }, 'x')
  log.error({ error: new Error('no route to +254712345678') }, 'x')
  expect(lines.join('')).not.toMatch(/345678|345 678/)
  expect(lines[0]).toContain('to 0712***678')
  expect(last()['error']).toMatchObject({ type: 'Error', message: 'no route to +254712***678' })
})

test('what is no phone stays: numbers, times, ids, errors’ codes', () => {
  const { log, last } = capture()
  const at = new Date('2026-11-21T09:15:30Z')
  const id = '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10'
  log.info(
    { amount: 150_000, at, id, error: Object.assign(new Error('x'), { code: '23P01' }) },
    'x',
  )
  expect(last()).toMatchObject({ level: 'info', name: 'test', amount: 150_000, id })
  expect(last()).toMatchObject({ at: at.toISOString(), error: { errorCode: '23P01' } })
})
