/** Connections to Temporal for senders (API, drains), with the same encryption as the workers' (temporal-workers.ts). */
import { fileURLToPath } from 'node:url'
import { Client, Connection, type ConnectionOptions } from '@temporalio/client'
import type { DataConverter, PayloadCodec } from '@temporalio/common'

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

export const connectionOptions = ({ address, connection = {}, ...own }: TemporalServer) => {
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
    connection: Connection.lazy(connectionOptions(options)),
    namespace: options.namespace,
    dataConverter: dataConverter(options.codec),
  })
}

const ASK_MS = 5_000

/** Rejects where the server does not answer, or does not know the namespace. */
export async function askTemporal(options: TemporalServer & { namespace: string }): Promise<void> {
  const connection = await Connection.connect({
    ...connectionOptions(options),
    connectTimeout: ASK_MS,
  })
  try {
    await connection.withDeadline(Date.now() + ASK_MS, () =>
      connection.workflowService.describeNamespace({ namespace: options.namespace }),
    )
  } finally {
    await connection.close()
  }
}
