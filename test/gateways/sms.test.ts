import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createSms } from '../../gateways/sms.ts'
import {
  json,
  raw,
  reset,
  silence,
  startServer,
  type Script,
  type ScriptedServer,
} from './scripted-server.ts'

const PATH = '/version1/messaging'
const message = { to: '+254712345678', text: 'Umelipa KSh 1,500', key: 'n-1' }
const answered = (...codes: unknown[]) =>
  json(201, {
    SMSMessageData: {
      Message: 'Sent to 1/1 Total Cost: KES 0.8000',
      Recipients: codes.map((statusCode) => ({ statusCode, number: '+254712345678' })),
    },
  })

let server: ScriptedServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())
const build = (more = {}) =>
  createSms({ baseUrl: server.url, username: 'gari', apiKey: 'key', timeoutMs: 2_000, ...more })

test('goes out as a form with the key in a header', async () => {
  server.on(PATH, answered(101))
  expect(await build({ sender: 'GARI' }).send(message)).toBe('sent')
  const [sent] = server.received
  expect(sent?.headers).toMatchObject({
    apikey: 'key',
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  })
  expect(Object.fromEntries(new URLSearchParams(sent?.text))).toEqual({
    username: 'gari',
    to: message.to,
    message: message.text,
    from: 'GARI',
  })
})

test.each<[string, Script, string]>([
  ['queued', answered(102), 'sent'],
  ['an invalid number', answered(403), 'refused'],
  ['no credit', answered(405), 'refused'],
  ['nobody', answered(), 'refused'],
  ['wrong credentials', raw(401, 'The supplied authentication is invalid'), 'refused'],
  ['its own fault', answered(500), 'unknown'],
  ['an outage', raw(503, ''), 'unknown'],
  ['garbage', raw(201, '<xml/>'), 'unknown'],
  ['a reset', reset, 'unknown'],
])('answered with %s', async (_name, script, outcome) => {
  server.on(PATH, script)
  expect(await build().send(message)).toBe(outcome)
  expect(server.count(PATH)).toBe(1)
})

test('silence is unknown', async () => {
  server.on(PATH, silence)
  expect(await build({ timeoutMs: 1_000 }).send(message)).toBe('unknown')
})

test('rejects, to be tried again, when there is no connection at all', async () => {
  const gone = await startServer()
  await gone.close()
  await expect(build({ baseUrl: gone.url }).send(message)).rejects.toThrow('cannot be reached')
})
