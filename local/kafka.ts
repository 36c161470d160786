import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { cachedFolder } from './cache.ts'
import { keepClasses } from './class-archive.ts'
import { type Engine, waitForAnswer } from './engine.ts'
import { copyJars, findJava, findMaven } from './java.ts'
import { freePort } from './ports.ts'
import { endOrphan, launch } from './processes.ts'
import { MissingProgram, type Preparation, runProgram } from './programs.ts'

/** Apache Kafka, one node that is broker and controller (KRaft), from Maven Central. */
export type KafkaOptions = {
  /** Holds `data`, the log and the process record. */
  dir: string
  port: number
  controllerPort: number
  /** A second door: where it listens, and the port at which clients of this door find it (a proxy's). */
  outside?: { port: number; advertised: number }
  cache: string
  signal?: AbortSignal | undefined
}

export const KAFKA_VERSION = '4.1.0'
const ARTIFACT = { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version: KAFKA_VERSION }
const START_LIMIT_MS = 90_000
const STOP_GRACE_MS = 15_000
const JVM = ['-Xmx384m', '-Xms128m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

type Prepared = { jars: string; classes: string[] }

/** Kafka's jars and the classes in them that a start needs, as flags of Java; fetched and made once. */
export const prepareKafka = async (cache: string, how: Preparation = {}): Promise<Prepared> => {
  await findJava()
  const name = `kafka-${KAFKA_VERSION}`
  const jars = await cachedFolder(
    cache,
    name,
    `${ARTIFACT.artifactId}-${KAFKA_VERSION}.jar`,
    (draft) => copyJars(draft, ARTIFACT, how),
  )
  const rehearse = (flags: string[]) => rehearseKafka({ jars, flags, cache, ...how })
  return { jars, classes: await keepClasses(cache, name, rehearse, how) }
}

type Rehearsed = Preparation & { jars: string; flags: string[]; cache: string }

const rehearseKafka = async ({ jars, flags, cache, signal }: Rehearsed): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'gari-kafka-'))
  try {
    const [port, controllerPort] = [await freePort(), await freePort()]
    const options = { dir, port, controllerPort, cache, signal }
    const kafka = await runKafka(options, { jars, classes: [] }, flags)
    await kafka.stop()
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** What is missing for Kafka on this machine, in plain words; undefined where nothing is. */
export const whyNoKafka = async (cache: string): Promise<string | undefined> => {
  try {
    await findJava()
    if (!existsSync(join(cache, `kafka-${KAFKA_VERSION}`))) findMaven('Kafka')
    return undefined
  } catch (error) {
    if (error instanceof MissingProgram) return error.message
    throw error
  }
}

export const startKafka = async (options: KafkaOptions): Promise<Engine> => {
  const { cache, signal } = options
  const orphan = endOrphan(recordOf(options), 'SIGTERM', STOP_GRACE_MS)
  const [prepared] = await Promise.all([prepareKafka(cache, signal ? { signal } : {}), orphan])
  return runKafka(options, prepared)
}

const recordOf = ({ dir }: KafkaOptions): string => join(resolve(dir), 'process.json')

/** `flags` are for the broker alone. */
const runKafka = async (
  options: KafkaOptions,
  { jars, classes }: Prepared,
  flags: string[] = [],
): Promise<Engine> => {
  const { port, signal } = options
  const dir = resolve(options.dir)
  const recordFile = recordOf(options)
  const logFile = join(dir, 'server.log')
  const java = await findJava()
  const properties = await writeProperties(dir, options)
  const run = [...classes, ...JVM, '-cp', join(jars, '*')]
  if (!existsSync(join(dir, 'data', 'meta.properties')))
    await format(java, [...run, 'kafka.tools.StorageTool', 'format'], dir, properties)
  const args = [...flags, ...run, 'kafka.Kafka', properties]
  const running = await launch({ command: java, args, logFile, recordFile, cwd: dir })
  const address = `127.0.0.1:${port}`
  const wait = { name: 'Kafka', running, logFile, timeoutMs: START_LIMIT_MS, signal }
  await waitForAnswer(wait, () => askForBrokers(address))
  return {
    address,
    version: KAFKA_VERSION,
    pid: running.pid,
    exited: running.exited,
    stop: () => running.stop('SIGTERM', STOP_GRACE_MS),
    kill9: running.kill9,
  }
}

const format = async (java: string, tool: string[], dir: string, properties: string) => {
  // What a killed format left is not a log: nothing was ever written to it.
  await rm(join(dir, 'data'), { recursive: true, force: true })
  const random = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  // One in 64 begins with a dash, which Kafka's own tool takes for an option.
  const id = random.replace(/^-/, 'g')
  await runProgram(java, [...tool, '-t', id, '-c', properties], { cwd: dir })
}

const askForBrokers = async (address: string): Promise<void> => {
  const retry = { retries: 0 }
  const options = { brokers: [address], logLevel: logLevel.NOTHING, connectionTimeout: 1000, retry }
  const admin = new Kafka({ ...options, clientId: 'gari-start' }).admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    if (brokers.length === 0) throw new Error('no broker yet')
  } finally {
    await admin.disconnect()
  }
}

const writeProperties = async (dir: string, options: KafkaOptions) => {
  const { port, controllerPort, outside } = options
  const file = join(dir, 'server.properties')
  const own = `PLAINTEXT://127.0.0.1:${port}`
  const listeners = [own, ...(outside ? [`OUTSIDE://127.0.0.1:${outside.port}`] : [])]
  const advertised = [own, ...(outside ? [`OUTSIDE://127.0.0.1:${outside.advertised}`] : [])]
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': advertised.join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTSIDE:PLAINTEXT',
    'log.dirs': join(dir, 'data'),
    'num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.num.partitions': 5,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed may come back only when its old session is over.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  }
  await mkdir(dir, { recursive: true })
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(file, lines.join(''))
  return file
}
