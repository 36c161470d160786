import { whyNoKafka } from './kafka.ts'
import {
  prepareTables,
  runKafka,
  runPostgres,
  runServers,
  runSimulators,
  runTemporal,
  type Stack,
} from './parts.ts'
import type { Say } from './programs.ts'
import { runSteps } from './progress.ts'
import { isTemporalPrepared } from './temporal-program.ts'

/**
 * Starts everything side by side; what needs another part waits for it. The servers wait for a
 * migrated database, Temporal and the simulators, never for Kafka.
 */
export const startStack = async (given: Omit<Stack, 'env' | 'running'>): Promise<Stack> => {
  const { plan, ports, home } = given
  const kafkaProblem = plan.own.kafka ? undefined : await whyNoKafka(plan.cache)
  const stack: Stack = {
    ...given,
    env: plan.baseEnvironment(ports, home),
    running: { kafkaProblem },
  }
  // Told before it answers: the relay tries again until it does.
  if (!plan.own.kafka && !kafkaProblem) stack.env['KAFKA_BROKERS'] = `127.0.0.1:${ports.kafka}`

  const postgres = once(() => runPostgres(stack))
  const tables = once(async (say) => {
    await postgres(say)
    return prepareTables(stack)
  })
  const temporal = once((say) => runTemporal(stack, say))
  const simulators = once(() => runSimulators(stack))
  const servers = once(async (say) => {
    await Promise.all([tables(say), temporal(say), simulators(say)])
    return runServers(stack)
  })
  const firstBuild = plan.own.temporal || isTemporalPrepared(plan.cache) ? '' : FIRST_BUILD
  await runSteps([
    { title: 'PostgreSQL', run: postgres },
    { title: 'Tables', run: tables },
    { title: `Temporal${firstBuild}`, run: temporal },
    { title: 'Kafka', run: (say) => runKafka(stack, say) },
    { title: 'Simulators', run: simulators },
    { title: 'Web server and workers', run: servers },
  ])
  return stack
}

const FIRST_BUILD = ' (first time: a download, or a build of about four minutes)'

type Run = (say: Say) => Promise<string>

/** Two steps that wait for a third share its one run. */
const once = (run: Run): Run => {
  let result: Promise<string> | undefined
  return (say) => (result ??= run(say))
}
