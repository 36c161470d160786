import { loadClientConnectConfig } from '@temporalio/envconfig'
import type { Environment } from './config-settings.ts'

export type Connection = ReturnType<typeof loadClientConnectConfig>

/** A profile file counts only when asked for: the embedded server must not inherit its keys. */
export const readTemporal = (env: Environment): { connection: Connection; problem: string[] } => {
  const named = !!env['TEMPORAL_PROFILE'] || !!env['TEMPORAL_CONFIG_FILE']
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '')
  const overrideEnvVars = Object.fromEntries(given) as Record<string, string>
  try {
    const options = { overrideEnvVars, disableFile: !named }
    return { connection: loadClientConnectConfig(options), problem: [] }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { connection: { connectionOptions: {} }, problem: [`TEMPORAL_* settings: ${reason}`] }
  }
}
