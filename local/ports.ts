import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { PlainError, readJson, replaceFile } from './home.ts'
import { claimPort } from './port-claims.ts'

/** Where each part listens unless the port is taken. */
const PREFERRED = {
  api: 3000,
  postgres: 5433,
  temporal: 7243,
  temporalUi: 8243,
  kafka: 9094,
  kafkaController: 9095,
  daraja: 4010,
  mailbox: 4020,
  smtp: 4025,
  sms: 4030,
  etims: 4040,
}
export type Ports = Record<keyof typeof PREFERRED, number>

const LOOPBACK = '127.0.0.1'
const NEXT_PORTS = 200
const rememberedSchema = z.partialRecord(z.string(), z.number().int())

/**
 * The ports of this data folder: those of last time, so that links and bookmarks stay good, else the
 * preferred ones, else the next free ones. A port that the user asked for never moves.
 */
export const choosePorts = async (
  folder: string,
  api: { host: string; wanted: number | undefined },
): Promise<Ports> => {
  const file = join(folder, 'ports.json')
  const remembered = (await readJson(file, rememberedSchema)) ?? {}
  const taken = new Set<number>()
  const ports: Ports = { ...PREFERRED }
  if (api.wanted !== undefined) taken.add(await insistOn(api.wanted, api.host))
  for (const name of Object.keys(PREFERRED) as (keyof Ports)[]) {
    const host = name === 'api' ? api.host : LOOPBACK
    const wanted = [remembered[name] ?? PREFERRED[name], PREFERRED[name]]
    ports[name] =
      name === 'api' && api.wanted !== undefined ? api.wanted : await firstFree(wanted, host, taken)
    taken.add(ports[name])
  }
  await replaceFile(file, ports)
  return ports
}

const insistOn = async (port: number, host: string): Promise<number> => {
  if (await isFree(port, host)) return port
  throw new PlainError(
    `Port ${port} is already used by another program. Stop it, or choose another one: ` +
      `PORT=${port + 1} npm start`,
  )
}

const firstFree = async (wanted: number[], host: string, taken: Set<number>): Promise<number> => {
  const last = wanted.at(-1) ?? 0
  const next = Array.from({ length: NEXT_PORTS }, (_, step) => last + 1 + step)
  const preferred = new Set<number>(Object.values(PREFERRED))
  const candidates = [...wanted, ...next.filter((port) => !preferred.has(port))]
  for (const port of candidates)
    if (!taken.has(port) && port < 65_536 && (await isFree(port, host)) && (await claimPort(port)))
      return port
  throw new PlainError(`No free port near ${last}.`)
}

/** Asks on every address too: a server on [::] or 0.0.0.0 would answer in our place. */
const isFree = async (port: number, host: string): Promise<boolean> =>
  (await canListen(port, host)) && (await canListen(port))

const canListen = (port: number, host?: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL'),
    )
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** Below the ports that Linux, macOS and Windows hand out to connections (from 32768 at the lowest). */
const LISTENERS = { first: 12_000, count: 20_000 }
const TRIES = 100

/**
 * A port that nobody uses right now; for parts that live as long as one test run. Not the one the system would
 * choose: that may become a connection's own port before the part listens on it.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = LISTENERS.first + randomInt(LISTENERS.count)
    if (await isFree(port, LOOPBACK)) return port
  }
  throw new PlainError('No free port between 12000 and 32000.')
}
