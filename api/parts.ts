/** The health of every part, looked at when somebody asks, but not for everybody anew; each with a short deadline. */
import { connect } from 'node:net'
import type { Client } from '@temporalio/client'
import type { Database } from '../db/connection.ts'
import { listHeartbeats } from '../db/heartbeats.ts'
import type { PartStatus } from '../domain/staff-pages.ts'

const DEADLINE_MS = 1_500
const BEAT_LIFE_MS = 20_000
/** Strangers may ask as well, and each look asks Safaricom and the SMS provider. */
const KEPT_MS = 5_000

/** Answers no older than `ageMs`; who asks while a look is under way gets its answer. */
export type Parts = (ageMs?: number) => Promise<PartStatus[]>

export function rememberParts(look: () => Promise<PartStatus[]>, now = Date.now): Parts {
  let last: { parts: Promise<PartStatus[]>; since: number } | null = null
  let looking = false
  return (ageMs = KEPT_MS) => {
    if (last && (looking || now() - last.since < ageMs)) return last.parts
    looking = true
    const parts = look()
    last = { parts, since: now() }
    const end = (failed: boolean) => {
      looking = false
      if (failed) last = null
    }
    parts.then(
      () => end(false),
      () => end(true),
    )
    return parts
  }
}

/** `postgres://user:secret@host:1/x` -> `host:1`. */
const hostOf = (url: string | null): string | null => {
  if (!url) return null
  return URL.canParse(url) ? new URL(url).host : url
}

type Look = { version: string | null; detail?: string | null }

async function look(
  name: string,
  address: string | null,
  ask: () => Promise<Look>,
): Promise<PartStatus> {
  if (!address)
    return { name, address: null, version: null, health: 'off', detail: 'not configured' }
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer in time')), DEADLINE_MS).unref()
  })
  try {
    const { version, detail = null } = await Promise.race([ask(), late])
    return { name, address, version, health: 'up', detail }
  } catch {
    return { name, address, version: null, health: 'down', detail: 'does not answer' }
  }
}

const reach = (url: string) => async (): Promise<Look> => {
  await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'manual' })
  return { version: null }
}

/** For parts that speak no HTTP: somebody takes the connection at one of these `host:port`. */
const connectTo = (list: string | null) => async (): Promise<Look> => {
  const open = (address: string) =>
    new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(`tcp://${address.trim()}`)
      const socket = connect({ host: hostname, port: Number(port), timeout: DEADLINE_MS })
      socket.once('connect', () => resolve(void socket.destroy()))
      socket.once('timeout', () => reject(new Error('no answer in time')))
      socket.once('error', reject)
    })
  await Promise.any((list ?? '').split(',').map(open))
  return { version: null }
}

async function workers(db: Database, roles: readonly string[]): Promise<PartStatus[]> {
  const beats = await listHeartbeats(db).catch(() => [])
  const now = Date.now()
  return roles.map((role): PartStatus => {
    const alive = beats.filter(({ part, at }) => part === role && now - at.getTime() < BEAT_LIFE_MS)
    return {
      name: `worker: ${role}`,
      address: alive.map(({ instance }) => instance).join(', ') || null,
      version: alive[0]?.version ?? null,
      health: alive.length > 0 ? 'up' : 'down',
      detail: alive.length === 1 ? null : `${alive.length} processes`,
    }
  })
}

export type Addresses = {
  database: string
  temporal: string
  kafka: string | null
  daraja: string
  sms: string
  smtp: string
  roles: readonly string[]
}

export const createParts = (addresses: Addresses, db: Database, client: Client): Parts =>
  rememberParts(async () => {
    const parts = await Promise.all([
      look('PostgreSQL', hostOf(addresses.database), () => db.ping()),
      look('Temporal', addresses.temporal, async () => {
        const info = await client.connection.workflowService.getSystemInfo({})
        return { version: info.serverVersion ?? null }
      }),
      look('Kafka', addresses.kafka, connectTo(addresses.kafka)),
      look('Daraja', addresses.daraja, reach(addresses.daraja)),
      look('Mail', hostOf(addresses.smtp), connectTo(hostOf(addresses.smtp))),
      look('SMS', addresses.sms, reach(addresses.sms)),
    ])
    return [...parts, ...(await workers(db, addresses.roles))]
  })
