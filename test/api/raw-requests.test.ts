/** What a proxy in front could be led to misread is refused by the server itself, written byte by byte. */
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { buildDeps } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let server: Server
beforeAll(async () => {
  db = await createTestDatabase()
  server = createAdaptorServer({ fetch: createApp(buildDeps(db)).fetch }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await db.drop()
})

/** Everything that comes back until the server has nothing more to say. */
async function send(...lines: string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  socket.on('error', () => {})
  socket.write(lines.join('\r\n'), 'latin1')
  await once(socket, 'close')
  return heard
}

const LOGIN = 'POST /api/v1/auth/login HTTP/1.1'
const HOST = 'Host: gari.test'
const JSON_TYPE = 'Content-Type: application/json'
const statusOf = (heard: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1])
const answersIn = (heard: string) => heard.match(/^HTTP\/1\.1 /gm)?.length ?? 0

describe('a request that two servers would read differently', () => {
  it.each([
    ['a length beside chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 40']],
    ['a length that is none', ['Content-Length: 4x']],
    ['an encoding that is none', ['Transfer-Encoding: xchunked']],
    ['a header behind a blank', ['Content-Length : 4']],
    ['a header of two lines', ['X-Long: a', ' b: c', 'Content-Length: +4']],
  ])('is refused, and what hides behind it is not answered: %s', async (_, headers) => {
    const hidden = ['GET /healthz HTTP/1.1', HOST, '', '']
    const heard = await send(LOGIN, HOST, JSON_TYPE, ...headers, '', '0', '', ...hidden)
    expect(statusOf(heard)).toBe(400)
    expect(answersIn(heard)).toBe(1)
  })

  it('is refused without a host', async () => {
    expect(statusOf(await send('GET / HTTP/1.1', 'Connection: close', '', ''))).toBe(400)
  })

  it('is refused with more headers than anybody needs', async () => {
    const long = `X-Long: ${'x'.repeat(20_000)}`
    expect(statusOf(await send('GET / HTTP/1.1', HOST, long, '', ''))).toBe(431)
  })
})

it('echoes nothing to TRACE', async () => {
  const heard = await send(
    'TRACE /api/v1/locations HTTP/1.1',
    HOST,
    'X-Secret: told',
    'Connection: close',
    '',
    '',
  )
  expect(statusOf(heard)).toBe(405)
  expect(heard).not.toContain('told')
})
