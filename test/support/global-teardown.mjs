/** Lets the run's PostgreSQL end and waits for it. */
import { once } from 'node:events'

export default async function tearDown() {
  const child = globalThis.testPostgres
  if (!child || child.exitCode !== null) return
  child.stdin.end()
  await once(child, 'exit')
}
