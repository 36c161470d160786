/** Starts the run's PostgreSQL and makes its folder; hands both to the test files through the environment. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export default async function setUp() {
  const program = new URL('./postgres-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the tests' PostgreSQL ended with ${code}`)
    }),
  ])
  process.env.GARI_TEST_POSTGRES = first[0]
  process.env.GARI_TEST_RUN = await mkdtemp(join(tmpdir(), 'gari-test-run-'))
  globalThis.testPostgres = child
}
