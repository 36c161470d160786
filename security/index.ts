/**
 * `npm run security [-- schemathesis sqlmap wapiti semgrep gitleaks] [--seed 7] [--examples 100] [--as desk]`: tools that others use to break in,
 * against the code and a running Gari of its own. Ends with 1 where one finds something; what each said is in
 * test-output/security. The short form of it is part of the tests: test/api/bad-input.test.ts and web-safety.test.ts.
 */
import { parseArgs } from 'node:util'
import { loadToolPaths } from '../config.ts'
import { MissingProgram } from '../local/programs.ts'
import { startStack, type Stack } from '../test/support/stack.ts'
import type { Finding } from './finding.ts'
import { enterAll, type Person } from './people.ts'
import { runSchemathesis, type How } from './schemathesis.ts'
import { runGitleaks, runSemgrep } from './source-code.ts'
import { runSqlmap } from './sqlmap.ts'
import { runWapiti } from './wapiti.ts'

type OnCode = (how: How) => Promise<Finding[]>
type OnGari = (stack: Stack, people: readonly Person[], how: How) => Promise<Finding[]>

const ON_CODE: Record<string, OnCode> = { semgrep: runSemgrep, gitleaks: runGitleaks }
const ON_GARI: Record<string, OnGari> = {
  schemathesis: runSchemathesis,
  sqlmap: runSqlmap,
  wapiti: runWapiti,
}
const KNOWN = [...Object.keys(ON_CODE), ...Object.keys(ON_GARI)]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    examples: { type: 'string', default: '100' },
    as: { type: 'string' },
  },
})
const wanted = positionals.length > 0 ? positionals : KNOWN
const say = (line: string) => void process.stdout.write(`${line}\n`)
const how: How = {
  cache: loadToolPaths().cache,
  seed: Number(values.seed),
  examples: Number(values.examples),
  say,
}

/** A tool that cannot be had here is said, and counts as a finding: what was not looked at is not known to be safe. */
async function attempt(tool: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  say(`== ${tool}`)
  try {
    return await work()
  } catch (error) {
    const what = error instanceof MissingProgram ? error.message : String(error)
    return [{ tool, what: `not run: ${what}` }]
  }
}

async function againstGari(tools: string[]): Promise<Finding[]> {
  const stack = await startStack({ LOG_LEVEL: 'warn' }, 'security')
  try {
    const all = await enterAll(stack)
    const people = all.filter(({ name }) => values.as === undefined || name === values.as)
    const findings: Finding[] = []
    for (const tool of tools)
      findings.push(...(await attempt(tool, async () => ON_GARI[tool]?.(stack, people, how) ?? [])))
    return findings
  } finally {
    await stack.stop()
  }
}

for (const name of wanted)
  if (!KNOWN.includes(name)) throw new Error(`There is no ${name}; there is ${KNOWN.join(', ')}.`)
say(`seed ${how.seed}`)
const findings: Finding[] = []
for (const tool of wanted.filter((name) => name in ON_CODE))
  findings.push(...(await attempt(tool, async () => ON_CODE[tool]?.(how) ?? [])))
const others = wanted.filter((name) => name in ON_GARI)
if (others.length > 0) findings.push(...(await againstGari(others)))
for (const { tool, what } of findings) say(`${tool}: ${what}`)
say(findings.length === 0 ? 'Nothing was found.' : `${findings.length} found.`)
process.exitCode = findings.length === 0 ? 0 : 1
