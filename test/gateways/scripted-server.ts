/** A real HTTP server on a free port whose next answers the test writes down. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  method: string
  path: string
  headers: IncomingMessage['headers']
  text: string
  json: Record<string, unknown>
}

export type Script = (
  request: Received,
  response: ServerResponse,
  nth: number,
) => void | Promise<void>

export type ScriptedServer = {
  url: string
  received: Received[]
  /** How many requests of this path came. */
  count(path: string): number
  /** Answers every request of this path from now on. */
  on(path: string, script: Script): void
  close(): Promise<void>
}

export const json =
  (status: number, body: unknown): Script =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

export const raw =
  (status: number, body: string, contentType = 'text/html'): Script =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body)
  }

/** The first answers one by one, the last one for ever. */
export const inTurn =
  (...scripts: Script[]): Script =>
  (request, response, nth) =>
    (scripts[nth] ?? scripts.at(-1))?.(request, response, nth)

/** Hangs up after the request was read. */
export const reset: Script = (_request, response) => {
  response.socket?.resetAndDestroy()
}
export const silence: Script = () => undefined

export async function startServer(): Promise<ScriptedServer> {
  const received: Received[] = []
  const scripts = new Map<string, { script: Script; asked: number }>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const path = (request.url ?? '').split('?')[0] ?? ''
      const one = { method: request.method ?? '', path, headers: request.headers, text }
      const isJson = request.headers['content-type'] === 'application/json'
      const full = { ...one, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} }
      received.push(full)
      const scripted = scripts.get(path)
      if (!scripted) return void response.writeHead(404).end()
      return void scripted.script(full, response, scripted.asked++)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    count: (path) => received.filter((one) => one.path === path).length,
    on: (path, script) => void scripts.set(path, { script, asked: 0 }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
