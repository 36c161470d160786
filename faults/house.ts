/**
 * The whole of Gari as it runs in production: each part a process of its own that can die alone, and ten connections
 * that can be spoiled.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { loadToolPaths, type Environment } from '../config.ts'
import { openHome, type Home } from '../local/home.ts'
import { SAMPLE_PASSWORD } from '../local/people-data.ts'
import { planStart } from '../local/plan.ts'
import { freePort, type Ports } from '../local/ports.ts'
import { PROJECT } from '../local/servers.ts'
import { startSimulators } from '../local/simulators.ts'
import { writeBundle } from './bundles.ts'
import { appUrlOf, HOST, startEngines, urlOf, type Site } from './engines.ts'
import { mountSmallDisk } from './small-disk.ts'
import { openLinks, throughLinks, type Link } from './links.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { createPayloadKeys, type PayloadKeys } from './payload-keys.ts'
import { createOurs, WORKER_NAMES, type Ours } from './processes.ts'
import type { Proxies, Proxy } from './proxies.ts'

export type House = Ours & {
  keeper: Keeper
  links: Record<Link, Proxy>
  proxies: Proxies
  baseUrl: string
  /** Not through any proxy: for those who look. */
  simulator: string
  authority: string
  /** Where every mail of ours ends. */
  mailbox: string
  /** Where every SMS of ours ends. */
  sms: string
  databaseUrl: string
  temporal: string
  kafka: string
  /** Of the sample staff. */
  password: string
  secrets: Home['secrets']
  payloadKeys: PayloadKeys
  folder: string
  /** Where PostgreSQL's tables lie, when the house was built for a full disk. */
  smallDisk: string | null
  /** What all our processes are told from now on, besides what they were told. */
  remember: (settings: Environment) => void
  /** A new web server on another port gets the visitors, then the old one is asked to end. */
  replaceApi: (over?: Environment) => Promise<void>
  /** Every part says of itself that it is up. */
  isWhole: () => Promise<boolean>
  stop: () => Promise<void>
}

/** What our processes said, of the last house that stood. */
const LOGS = join(PROJECT, 'test-output/logs/faults')
const READY_MS = 90_000
const STATUS_MS = 5_000
const LOOK_MS = 100

const drawPorts = async (): Promise<Ports> => ({
  api: await freePort(),
  postgres: await freePort(),
  temporal: await freePort(),
  temporalUi: await freePort(),
  kafka: await freePort(),
  kafkaController: await freePort(),
  daraja: await freePort(),
  mailbox: await freePort(),
  smtp: await freePort(),
  sms: await freePort(),
  etims: await freePort(),
})

export type Wish = {
  report: (line: string) => void
  smallDisk: boolean
  /** Called when the tables are there and nothing of ours runs yet. */
  witness: (databaseUrl: string) => Promise<void>
}

/** How each house that stands is ended. */
const standing = new Set<() => Promise<void>>()

/** For whoever is asked to end in the middle: nothing of ours goes on. */
export async function leaveHouses(): Promise<void> {
  await Promise.all([...standing].map((stop) => stop()))
}

export async function buildHouse({ report, smallDisk, witness }: Wish): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'gari-faults-'))
  const keeper = createKeeper(report)
  /** From the lowest to the highest. */
  const closers: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => cp(join(folder, 'logs'), LOGS, { recursive: true, force: true }),
  ]
  const stop = async () => {
    standing.delete(stop)
    await keeper.stopAll()
    for (const close of closers.toReversed()) await close()
  }
  standing.add(stop)
  try {
    const { cache } = loadToolPaths()
    const plan = planStart()
    const home = await openHome(folder)
    const ports = await drawPorts()
    const door = { port: await freePort(), advertised: await freePort() }
    const { databasePassword: password } = home.secrets
    const disk = smallDisk ? await mountSmallDisk(folder) : null
    if (disk) closers.push(disk.unmount)
    const smallDiskAt = disk?.path ?? null
    const site: Site = { folder, ports, door, cache, keeper, password, smallDisk: smallDiskAt }

    const { proxies, links } = await openLinks(site)
    closers.push(() => proxies.stop())
    const simulators = await startSimulators({ home: folder, ports, companyPin: plan.companyPin })
    closers.push(() => simulators.stop())
    const payloadKeys = createPayloadKeys(home.secrets.payloadKey)
    const all: Environment = {
      ...plan.baseEnvironment({ ...ports, api: links.front.port }, home),
      ...simulators.env,
      ...payloadKeys.settings(),
      ...throughLinks(links),
    }
    const towards = (who: 'api' | 'workers'): Environment => ({
      DATABASE_URL: appUrlOf(site, links[`${who}-postgres`].address),
      TEMPORAL_ADDRESS: links[`${who}-temporal`].address,
    })
    const api: Environment = { ...towards('api'), PORT: String(ports.api) }
    const bundle = await writeBundle(join(folder, 'stories.js'))
    const ours = createOurs({ folder, all, api, workers: towards('workers'), bundle })
    await startEngines(site, all)
    await startOurs(site, ours, witness)
    const baseUrl = `http://${links.front.address}`
    await until('all of Gari is up', () => areAllUp(baseUrl), READY_MS)
    return {
      ...ours,
      keeper,
      links,
      proxies,
      baseUrl,
      ...openDoors(site),
      password: SAMPLE_PASSWORD,
      secrets: home.secrets,
      payloadKeys,
      folder,
      smallDisk: smallDiskAt,
      replaceApi: (over = {}) => replaceApi({ keeper, front: links.front, api }, ours, over),
      remember: (settings) => void Object.assign(all, settings),
      isWhole: () => areAllUp(baseUrl),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const openDoors = (site: Site) => ({
  simulator: `http://${HOST}:${site.ports.daraja}`,
  authority: `http://${HOST}:${site.ports.etims}`,
  mailbox: `http://${HOST}:${site.ports.mailbox}`,
  sms: `http://${HOST}:${site.ports.sms}`,
  databaseUrl: urlOf(site, `${HOST}:${site.ports.postgres}`),
  temporal: `${HOST}:${site.ports.temporal}`,
  kafka: `${HOST}:${site.ports.kafka}`,
})

async function startOurs(site: Site, { runApi, runWorker }: Ours, witness: Wish['witness']) {
  const { keeper } = site
  await witness(openDoors(site).databaseUrl)
  await Promise.all([
    keeper.keep('api', runApi),
    ...WORKER_NAMES.map((name) => keeper.keep(name, () => runWorker(name))),
  ])
}

type Visitors = { keeper: Keeper; front: Proxy; api: Environment }

async function replaceApi(
  { keeper, front, api }: Visitors,
  { runApi }: Ours,
  over: Environment,
): Promise<void> {
  const port = String(await freePort())
  // From now on it is there, whoever starts it again.
  api['PORT'] = port
  await keeper.replace('api', async () => {
    const fresh = await runApi(over)
    try {
      await front.lead(`${HOST}:${port}`)
    } catch (error) {
      await fresh.kill9()
      throw error
    }
    return fresh
  })
}

export async function until(
  what: string,
  look: () => Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await look().catch(() => false))) {
    if (Date.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what}`)
    await rest(LOOK_MS)
  }
}

async function areAllUp(baseUrl: string): Promise<boolean> {
  const answer = await fetch(`${baseUrl}/api/v1/status`, { signal: AbortSignal.timeout(STATUS_MS) })
  const { parts } = (await answer.json()) as { parts: { health: string }[] }
  return parts.every(({ health }) => health !== 'down')
}
