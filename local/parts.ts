import { join } from 'node:path'
import { type Environment, childEnvironment } from '../config.ts'
import { prepareDatabaseUsers } from '../db/database-users.ts'
import { ROLES } from '../db/rights.ts'
import type { Engine } from './engine.ts'
import type { Home } from './home.ts'
import { prepareKafka, startKafka } from './kafka.ts'
import { type Plan, withoutOwn } from './plan.ts'
import type { Ports } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { runProgram, type Say } from './programs.ts'
import { PROJECT, startApi, startWorkers } from './servers.ts'
import { startSimulators, type Simulators } from './simulators.ts'
import type { Supervisor } from './supervise.ts'
import { prepareTemporal } from './temporal-program.ts'
import { startTemporal, type Temporal } from './temporal.ts'

/** What each part needs, and what it leaves for the others: addresses in `env`, itself in `running`. */
export type Stack = {
  plan: Plan
  home: Home
  ports: Ports
  supervisor: Supervisor
  env: Environment
  running: {
    postgres?: Engine
    temporal?: Temporal
    kafka?: Engine
    simulators?: Simulators
    kafkaProblem?: string | undefined
  }
}

/** Stopped from the highest to the lowest: first what uses the others. */
const TIER = { servers: 4, simulators: 3, middle: 2, database: 1 }
const OWN = 'your own'

export const runPostgres = async ({ plan, home, ports, supervisor, env, running }: Stack) => {
  if (plan.own.postgres) return OWN
  const { postgres: port } = ports
  const { signal } = supervisor
  const { databasePassword: password, migrationPassword: migrate, appPassword: app } = home.secrets
  const start = () => startPostgres({ dir: join(home.folder, 'postgres'), port, password, signal })
  const postgres = await supervisor.keep('PostgreSQL', TIER.database, start)
  await prepareDatabaseUsers(postgres.url, { migrate, app })
  env['DATABASE_URL'] = databaseUrlOf(postgres.url, ROLES.app, app)
  env['MIGRATION_DATABASE_URL'] = databaseUrlOf(postgres.url, ROLES.migrate, migrate)
  running.postgres = postgres
  return describe(postgres)
}

export const prepareTables = async ({ plan, supervisor, env }: Stack) => {
  const options = { cwd: PROJECT, env: childEnvironment(env), signal: supervisor.signal }
  await runProgram(process.execPath, ['--import', 'tsx', 'local/tables.ts'], options)
  return plan.sampleData ? 'up to date, with sample data' : 'up to date'
}

export const runTemporal = async (stack: Stack, say: Say) => {
  const { plan, home, ports, supervisor, env, running } = stack
  if (plan.own.temporal) return OWN
  const { signal } = supervisor
  const options = {
    dir: join(home.folder, 'temporal'),
    port: ports.temporal,
    uiPort: ports.temporalUi,
    cache: plan.cache,
    codecEndpoint: `${plan.publicUrl(ports)}/codec`,
    signal,
  }
  await prepareTemporal(plan.cache, { say, signal })
  const temporal = await supervisor.keep('Temporal', TIER.middle, () => startTemporal(options))
  const ui = { TEMPORAL_UI_UPSTREAM: temporal.uiUpstream, TEMPORAL_UI_URL: undefined }
  Object.assign(env, { TEMPORAL_ADDRESS: temporal.address, ...ui })
  running.temporal = temporal
  return describe(temporal)
}

/** Never fatal: without Kafka the events wait in the outbox. */
export const runKafka = async (stack: Stack, say: Say) => {
  const { plan, home, ports, supervisor, running } = stack
  if (plan.own.kafka) return OWN
  const off = 'off, events wait in the outbox'
  if (running.kafkaProblem) return off
  const { signal } = supervisor
  const options = {
    dir: join(home.folder, 'kafka'),
    port: ports.kafka,
    controllerPort: ports.kafkaController,
    cache: plan.cache,
    signal,
  }
  try {
    await prepareKafka(plan.cache, { say, signal })
    running.kafka = await supervisor.keep('Kafka', TIER.middle, () => startKafka(options))
    return describe(running.kafka)
  } catch (error) {
    signal.throwIfAborted()
    running.kafkaProblem = error instanceof Error ? error.message : String(error)
    return off
  }
}

export const runSimulators = async ({ plan, home, ports, supervisor, env, running }: Stack) => {
  const { daraja, smtp, sms, etims } = plan.own
  if (daraja && smtp && sms && etims) return OWN
  const { companyPin } = plan
  const simulators = await startSimulators({ home: home.folder, ports, companyPin })
  supervisor.onStop(TIER.simulators, simulators.stop)
  Object.assign(env, withoutOwn(simulators.env, plan.own))
  running.simulators = simulators
  return 'M-Pesa phones, eTIMS, mail and SMS inboxes'
}

export const runServers = async ({ plan, home, ports, supervisor, env }: Stack) => {
  const { signal } = supervisor
  // What works has no way to come as the owner of its tables.
  const known = childEnvironment({ ...env, ...WITHOUT_OWNER })
  const options = { env: known, home: home.folder, signal }
  const url = `http://${plan.reachableHost}:${ports.api}`
  await Promise.all([
    supervisor.keep('the workers', TIER.servers, () =>
      startWorkers({ ...options, cache: plan.cache }),
    ),
    supervisor.keep('the web server', TIER.servers, () => startApi({ ...options, url })),
  ])
  return plan.publicUrl(ports)
}

const WITHOUT_OWNER = { MIGRATION_DATABASE_URL: undefined, MIGRATION_DATABASE_URL_FILE: undefined }

/** The same database, as somebody else. */
const databaseUrlOf = (url: string, user: string, password: string): string =>
  Object.assign(new URL(url), { username: user, password }).href

const describe = ({ version, address }: Engine): string => `${version} on ${address}`
