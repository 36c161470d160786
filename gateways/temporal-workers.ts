/** What only worker processes need of Temporal: its native part, which others do not load. */
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import type { Log } from './log.ts'
import { connectionOptions, type TemporalServer } from './temporal.ts'

/** Rejects when Temporal cannot be reached, because a worker without it has nothing to do. */
export const connectTemporalNative = (options: TemporalServer): Promise<NativeConnection> =>
  NativeConnection.connect(connectionOptions(options))

/**
 * The SDK prints failures in clear; through our log they lose phones and secrets. Call once in a worker process,
 * before anything else of Temporal.
 */
export const logTemporalThrough = (log: Log): void => {
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    const write = { TRACE: log.debug, DEBUG: log.debug, INFO: log.info, WARN: log.warn }
    const detail = { ...meta }
    if (level === 'ERROR') log.error(detail, message)
    else write[level](detail, message)
  })
  Runtime.install({ logger })
}
