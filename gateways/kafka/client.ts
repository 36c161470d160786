/** How kafkajs is asked, by whoever asks Kafka. */
import { Kafka, logLevel, type Admin, type KafkaConfig, type LogEntry } from 'kafkajs'
import type { Log } from '../log.ts'

export type KafkaOptions = {
  brokers: string[]
  ssl?: KafkaConfig['ssl'] | undefined
  sasl?: { mechanism: SaslMechanism; username: string; password: string } | undefined
  clientId: string
  log: Log
}
export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512'

const CONNECT_MS = 3_000
const REQUEST_MS = 10_000
/** A few seconds in all: the outbox and the subscriber try again by themselves, so nobody need wait longer here. */
const RETRY = { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 }

export const createClient = ({ brokers, ssl, sasl, clientId, log }: KafkaOptions): Kafka =>
  new Kafka({
    brokers,
    clientId,
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    retry: RETRY,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => passOn(log, entry),
    ...(ssl ? { ssl } : {}),
    ...(sasl ? { sasl: sasl as KafkaConfig['sasl'] & object } : {}),
  })

export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin({ retry: { ...RETRY, retries: 2 } })
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/**
 * kafkajs calls every broken connection an error and tells each step of a start; with Kafka away for a minute that is
 * hundreds of lines. Whoever called hears of a real failure by a rejection.
 */
const passOn = (log: Log, { level, namespace, log: entry }: LogEntry): void => {
  const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...detail } = entry
  const write = level <= logLevel.ERROR ? log.warn : log.debug
  write({ namespace, ...detail }, `kafkajs: ${message}`)
}
