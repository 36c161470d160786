/** The web server on a port, under a name: passkeys belong to one. */
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/deps.ts'
import { qrSvg } from '../../gateways/qr.ts'
import { freePort } from '../../local/ports.ts'
import { buildDeps } from '../support/api.ts'
import type { TestDatabase } from '../support/database.ts'

export type House = { url: string; close: () => Promise<void> }

export async function openHouse(db: TestDatabase, over: Partial<ApiDeps> = {}): Promise<House> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const app = createApp(buildDeps(db, { publicUrl: url, qrSvg, ...over }))
  const server = serve({ fetch: app.fetch, port, hostname: 'localhost' })
  await once(server, 'listening')
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url, close }
}
