/** The simulated revenue authority as a program of its own, for docker-compose.yml; elsewhere `npm start` runs it. */
import { serve } from '@hono/node-server'
import { loadSettings } from '../../config.ts'
import { createEtimsSimulator, ETIMS_SANDBOX } from './simulator.ts'

/** Within its container, whose port is published on this machine only. */
const PORT = 4040
const device = { ...ETIMS_SANDBOX, pin: loadSettings().COMPANY_PIN }
const server = serve({ fetch: createEtimsSimulator({ device }).app.fetch, port: PORT })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => server.close(() => process.exit(0)))
