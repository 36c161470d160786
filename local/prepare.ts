import { loadToolPaths } from '../config.ts'
import { findChromium } from './chromium.ts'
import { prepareKafka } from './kafka.ts'
import type { Preparation } from './programs.ts'
import { runSteps } from './progress.ts'
import { isTemporalPrepared, prepareTemporal } from './temporal-program.ts'
import { prepareTestServer } from './test-server.ts'
import { prepareToxiproxy } from './toxiproxy-program.ts'

/** What tests need beside npm packages: fetched or built once, kept in the cache, named when missing. */
const { cache } = loadToolPaths()
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => ending.abort(new Error('stopped')))

const problems: string[] = []
const step = (title: string, prepare: (how: Preparation) => Promise<string>) => ({
  title,
  run: async (say: (line: string) => void) => {
    try {
      return await prepare({ say, signal: ending.signal })
    } catch (error) {
      problems.push(`${title}: ${error instanceof Error ? error.message : String(error)}`)
      return 'FAILED'
    }
  },
})
const firstTime = isTemporalPrepared(cache) ? '' : ' (first time: about four minutes)'

await runSteps([
  step(`Temporal${firstTime}`, (how) => prepareTemporal(cache, how)),
  step('Time-skipping test server', (how) => prepareTestServer(cache, how)),
  step('Kafka', async (how) => (await prepareKafka(cache, how)).jars),
  step('Toxiproxy', (how) => prepareToxiproxy(cache, how)),
  step('Chromium', findChromium),
])
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exit(problems.length > 0 ? 1 : 0)
