import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import { openHome, PlainError, type Home } from './home.ts'
import { planStart, RECORDS } from './plan.ts'
import { choosePorts } from './ports.ts'
import { endOrphan } from './processes.ts'
import { MissingProgram } from './programs.ts'
import { startStack } from './stack.ts'
import { createSupervisor, type Supervisor } from './supervise.ts'
import { welcome } from './welcome.ts'

/**
 * `npm start`: the whole of Gari on one machine. Starts the embedded stack and our own processes,
 * keeps them alive, and stops them in order when it is told to.
 */
async function main(): Promise<void> {
  const plan = planStart()
  const home = await openHome(plan.home)
  const supervisor = createSupervisor(report)
  const end = stopOnSignals(supervisor, home)
  try {
    await endOrphans(plan.home)
    const ports = await choosePorts(plan.home, { host: plan.host, wanted: plan.port })
    const stack = await startStack({ plan, home, ports, supervisor })
    say(welcome(stack, secondsSinceStart()))
  } catch (error) {
    if (supervisor.signal.aborted) return
    say(`\n${explain(error)}`)
    await end(1)
  }
}

const ORPHAN_GRACE_MS = 20_000

/** Stops once, whoever asks first, and ends this process. */
const stopOnSignals = (supervisor: Supervisor, home: Home): ((code: number) => Promise<void>) => {
  let ending: Promise<void> | undefined
  const end = async (code: number) => {
    await home.markStopping()
    await supervisor.stopAll()
    await home.release()
    say('Stopped; nothing is left running.')
    process.exit(code)
  }
  const stop = () => {
    if (!ending) say('\nStopping…')
    ending ??= end(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // Our starter is gone without a word: nobody is left who could stop us.
  process.on('disconnect', stop)
  return (code) => (ending ??= end(code))
}

/** A supervisor that was killed leaves its children running, and their ports taken. */
const endOrphans = async (folder: string): Promise<void> => {
  for (const { name, file, signal } of RECORDS)
    if (await endOrphan(join(folder, file), signal, ORPHAN_GRACE_MS))
      report(`ended ${name}, left by a start that was killed`)
}

const explain = (error: unknown): string => {
  if (error instanceof ConfigError || error instanceof PlainError) return error.message
  if (error instanceof MissingProgram) return `Something is missing. ${error.message}`
  return error instanceof Error ? `Gari did not start. ${error.message}` : String(error)
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const report = (line: string): void => say(`${new Date().toLocaleTimeString('en-GB')} ${line}`)

const secondsSinceStart = (): number => {
  const since = process.argv.find((argument) => argument.startsWith('--since='))?.slice(8)
  return (Date.now() - Number(since ?? performance.timeOrigin)) / 1000
}

// A terminal that was closed must not end us before everything is stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
await main().catch((error: unknown) => {
  say(explain(error))
  process.exit(1)
})
