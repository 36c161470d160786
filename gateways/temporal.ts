/** Connections to Temporal, for senders (API, drains) and for workers, with the same encryption on both ends. */
import { fileURLToPath } from 'node:url'
import { Client, Connection, type ConnectionOptions } from '@temporalio/client'
import type { DataConverter, PayloadCodec } from '@temporalio/common'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import type { Log } from './log.ts'

/** Members both kinds of connection know. Without `tls` an API key still means TLS. */
export type TemporalServer = {
  address: string
  tls?: ConnectionOptions['tls'] | undefined
  apiKey?: string | undefined
  /** What a Temporal profile or TEMPORAL_* variables say (@temporalio/envconfig): certificates, key, metadata. */
  connection?: Pick<ConnectionOptions, 'address' | 'tls' | 'metadata'> & {
    apiKey?: string | undefined
  }
}

/** Beside this module, as source and as built. Bundles need it too (`failureConverterPath`). */
export const failureConverterPath = fileURLToPath(
  new URL(import.meta.url.replace(/temporal(\.\w+)$/, 'failure-converter$1')),
)

/** For workers, clients, replays and bundles alike: what one writes the others must read. */
export const dataConverter = (codec: PayloadCodec): DataConverter => ({
  payloadCodecs: [codec],
  failureConverterPath,
})

const optionsOf = ({ address, connection = {}, ...own }: TemporalServer) => {
  const apiKey = own.apiKey ?? connection.apiKey
  const tls = own.tls ?? connection.tls ?? (apiKey ? true : undefined)
  return {
    address,
    ...(tls ? { tls } : {}),
    ...(apiKey ? { apiKey } : {}),
    ...(connection.metadata ? { metadata: connection.metadata } : {}),
  }
}

/** Connects at the first call, so that pages work while Temporal is away. Close by `client.connection.close()`. */
export async function connectTemporalClient(
  options: TemporalServer & { namespace: string; codec: PayloadCodec },
): Promise<Client> {
  return new Client({
    connection: Connection.lazy(optionsOf(options)),
    namespace: options.namespace,
    dataConverter: dataConverter(options.codec),
  })
}

/** For workers. Rejects when Temporal cannot be reached, because a worker without it has nothing to do. */
export const connectTemporalNative = (options: TemporalServer): Promise<NativeConnection> =>
  NativeConnection.connect(optionsOf(options))

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
