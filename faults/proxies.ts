/** Connections that can be slowed, cut and frozen: Toxiproxy stands in them. */
import { join } from 'node:path'
import { waitForAnswer } from '../local/engine.ts'
import { launch } from '../local/processes.ts'

/** One of Toxiproxy's: https://github.com/Shopify/toxiproxy/tree/v2.12.0#toxics */
export type Toxic = {
  type: 'latency' | 'timeout' | 'reset_peer' | 'bandwidth' | 'limit_data' | 'slow_close'
  /** What flows from the server to the client, unless said otherwise. */
  stream?: 'upstream' | 'downstream'
  /** Of the connections, from 0 to 1. */
  toxicity?: number
  attributes: Record<string, number>
}

export type Proxy = {
  /** host:port that clients use. */
  address: string
  port: number
  /** From the next bytes on, until `heal`. */
  spoil: (toxic: Toxic) => Promise<void>
  /** Nobody gets through, and who is connected is thrown out. */
  cut: () => Promise<void>
  heal: () => Promise<void>
  /** Where new connections go; those that stand keep going where they went. */
  lead: (upstream: string) => Promise<void>
}

export type Proxies = {
  open: (name: string, port: number, upstream: string) => Promise<Proxy>
  healAll: () => Promise<void>
  stop: () => Promise<void>
}

const START_MS = 10_000
const STOP_MS = 3_000
const HEAL_TRIES = 5

export async function startProxies(options: {
  program: string
  port: number
  dir: string
}): Promise<Proxies> {
  const { program, port, dir } = options
  const host = '127.0.0.1'
  const running = await launch({
    command: program,
    args: ['-host', host, '-port', String(port)],
    logFile: join(dir, 'toxiproxy.log'),
    recordFile: join(dir, 'toxiproxy.json'),
  })
  const ask = createAsk(`http://${host}:${port}`)
  const logFile = join(dir, 'toxiproxy.log')
  await waitForAnswer({ name: 'Toxiproxy', running, logFile, timeoutMs: START_MS }, () =>
    ask('GET', '/version'),
  )
  const all: Proxy[] = []
  return {
    open: async (name, at, upstream) => {
      await ask('POST', '/proxies', { name, listen: `${host}:${at}`, upstream, enabled: true })
      const proxy = createProxy(ask, name, at)
      all.push(proxy)
      return proxy
    },
    healAll: async () => {
      await Promise.all(all.map((proxy) => proxy.heal()))
    },
    stop: () => running.stop('SIGTERM', STOP_MS),
  }
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>

const createAsk =
  (base: string): Ask =>
  async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      // Without one Toxiproxy takes a browser's request for a forged one.
      headers: { 'user-agent': 'gari-faults', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`Toxiproxy ${path}: ${answer.status} ${await answer.text()}`)
    const text = await answer.text()
    return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
  }

function createProxy(ask: Ask, name: string, port: number): Proxy {
  const path = `/proxies/${name}`
  const set = (fields: object) => ask('POST', path, fields)
  const spoiledBy = async () => (await ask('GET', `${path}/toxics`)) as { name: string }[]
  return {
    address: `127.0.0.1:${port}`,
    port,
    spoil: async ({ stream = 'downstream', toxicity = 1, ...toxic }) => {
      await ask('POST', `${path}/toxics`, { ...toxic, stream, toxicity })
    },
    cut: async () => void (await set({ enabled: false })),
    heal: async () => {
      // It spends up to 5 s on each piece of what nobody takes any more, and answers 503 after 25 s; asked again, it is done.
      for (let tries = 0; (await spoiledBy()).length > 0 && tries < HEAL_TRIES; tries += 1)
        for (const { name: toxic } of await spoiledBy())
          await ask('DELETE', `${path}/toxics/${toxic}`).catch(() => undefined)
      const left = await spoiledBy()
      if (left.length > 0) throw new Error(`${name} cannot be healed of ${left[0]?.name}`)
      await set({ enabled: true })
    },
    lead: async (upstream) => void (await set({ upstream })),
  }
}
