/** For whoever watches the process: it lives; it can serve. Temporal away is shown, but pages still read. */
import { Hono } from 'hono'
import type { PartStatus } from '../domain/staff-pages.ts'
import type { ApiDeps, Env } from './deps.ts'

export function createHealth(deps: ApiDeps): Hono<Env> {
  const health = new Hono<Env>()
  health.get('/healthz', (c) => c.json({ status: 'alive' }))
  health.get('/readyz', async (c) => {
    try {
      const [{ version }, parts] = await Promise.all([
        deps.db.ping(),
        deps.parts().catch((): PartStatus[] => []),
      ])
      const temporal = parts.find(({ name }) => name === 'Temporal')?.health ?? 'unknown'
      return c.json({ status: 'ready', postgresql: version, temporal })
    } catch {
      c.header('Retry-After', '5')
      return c.json({ status: 'not ready', postgresql: 'down' }, 503)
    }
  })
  return health
}
