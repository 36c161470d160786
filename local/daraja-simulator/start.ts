import type { Hono } from 'hono'
import type { Listening } from '../shell/listen.ts'
import { openDoor } from './door.ts'
import { createDarajaSimulator, type SimulatorOptions } from './simulator.ts'

export type StartedSimulator = Listening & {
  app: Hono
  /** What the merchant encrypts the operator's password with. */
  certificateFile: string
}

/** The simulator on a port of this machine; `stop` leaves a ledger the next start goes on with. */
export const startDarajaSimulator = async ({
  port,
  ...options
}: SimulatorOptions & { port: number }): Promise<StartedSimulator> => {
  const { app, simulator, stop } = createDarajaSimulator(options)
  const door = await openDoor(app, port, options.clock).catch((error: unknown) => {
    stop()
    throw error
  })
  simulator.door.closeFor = door.closeFor
  return {
    url: door.url,
    port: door.port,
    app,
    certificateFile: simulator.keys.certificateFile,
    stop: async () => {
      await door.stop()
      stop()
    },
  }
}
