import type { Hono } from 'hono'
import { listen, type Listening } from '../shell/listen.ts'
import { createDarajaSimulator, type SimulatorOptions } from './simulator.ts'

export type StartedSimulator = Listening & { app: Hono }

/** The simulator on a port of this machine; `stop` leaves a ledger the next start goes on with. */
export const startDarajaSimulator = async ({
  port,
  ...options
}: SimulatorOptions & { port: number }): Promise<StartedSimulator> => {
  const { app, stop } = createDarajaSimulator(options)
  const listening = await listen(app, port).catch((error: unknown) => {
    stop()
    throw error
  })
  return {
    ...listening,
    app,
    stop: async () => {
      await listening.stop()
      stop()
    },
  }
}
