import { createAdaptorServer } from '@hono/node-server'
import type { Hono, Env } from 'hono'
import { Server, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Listening = { port: number; url: string; stop: () => Promise<void> }

/** Everything local stays on this machine: no other computer may answer a prompt or read a mail. */
const HOST = '127.0.0.1'

/**
 * A page elsewhere may let its own name lead to this machine (DNS rebinding), and would then read mails and answer
 * prompts as if it were ours; but its browser still says that name. Any port, because tunnels have others.
 */
const OWN_NAMES = new Set([HOST, 'localhost', '[::1]'])

const isForeign = (request: Request): boolean => !OWN_NAMES.has(new URL(request.url).hostname)

const MISDIRECTED = 421
const refuseForeign = (): Response =>
  new Response(`This address answers only as ${[...OWN_NAMES].join(', ')}.\n`, {
    status: MISDIRECTED,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  })

/** Serves an app on this port (0 = any free one); rejects when the port is taken. */
export const listen = async <E extends Env>(app: Hono<E>, port: number): Promise<Listening> => {
  const server = createAdaptorServer({
    fetch: (request, env) => (isForeign(request) ? refuseForeign() : app.fetch(request, env)),
  })
  if (!(server instanceof Server)) throw new TypeError('a plain HTTP server was expected')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  const taken = (server.address() as AddressInfo).port
  return { port: taken, url: `http://${HOST}:${taken}`, stop: () => close(server) }
}

/** Live pages hold their connection for ever, so a polite close would never end. */
const close = (server: HttpServer): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })
