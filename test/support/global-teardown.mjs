/** Removes the run's folder, lets its PostgreSQL end and waits for it. */
import { once } from 'node:events'
import { rm } from 'node:fs/promises'

export default async function tearDown() {
  const folder = process.env.GARI_TEST_RUN
  if (folder) await rm(folder, { recursive: true, force: true })
  const child = globalThis.testPostgres
  if (!child || child.exitCode !== null) return
  child.stdin.end()
  await once(child, 'exit')
}
