/** Schemathesis: the API against its own description, in all phases, as everybody. */
import { join } from 'node:path'
import { preparePythonTool } from '../local/python-tools.ts'
import type { Stack } from '../test/support/stack.ts'
import { REPORTS, runTool, type Finding } from './finding.ts'
import type { Person } from './people.ts'

const TOOL = { packageName: 'schemathesis', version: '4.32.5', program: 'schemathesis' }

/** What must hold of every answer. What a schema cannot say (a car is taken) is refused all the same, so that is no check. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
  'unsupported_method',
  'allow_header_conformance',
]

/** These end the session that all others need, or make their account wait; nobody, who has none, asks them. */
const OF_NOBODY =
  '^/auth/(login|logout|refresh|sessions|change-password|forgot-password|reset-password)'

/** What bearer.py signs in with. */
const signingIn = (base: string, { email, password }: { email: string; password: string }) => ({
  SCHEMATHESIS_HOOKS: 'bearer',
  PYTHONPATH: import.meta.dirname,
  PYTHONDONTWRITEBYTECODE: '1',
  GARI_API: base,
  GARI_EMAIL: email,
  GARI_PASSWORD: password,
})

export type How = { cache: string; seed: number; examples: number; say: (line: string) => void }

export async function runSchemathesis(
  stack: Stack,
  people: readonly Person[],
  { cache, seed, examples, say }: How,
): Promise<Finding[]> {
  const program = await preparePythonTool(cache, TOOL, { say })
  const findings: Finding[] = []
  for (const { name, account } of people) {
    const base = `${stack.baseUrl}/api/v1`
    const { failed, said } = await runTool(
      `schemathesis-${name}`,
      program,
      [
        'run',
        `${base}/openapi.json`,
        `--url=${base}`,
        '--phases=examples,coverage,fuzzing,stateful',
        `--checks=${CHECKS.join(',')}`,
        `--max-examples=${String(examples)}`,
        `--seed=${String(seed)}`,
        '--workers=2',
        '--request-timeout=30',
        '--generation-database=none',
        '--report=junit',
        `--report-junit-path=${join(REPORTS, `schemathesis-${name}.xml`)}`,
        ...(account ? ['--exclude-path-regex', OF_NOBODY] : []),
        '--continue-on-failure',
        '--no-color',
      ],
      { cwd: REPORTS, env: account ? signingIn(base, account) : {} },
    )
    say(`as ${name}: ${summaryOf(said)}`)
    if (failed) findings.push({ tool: 'schemathesis', what: `as ${name}: ${summaryOf(said)}` })
  }
  return findings
}

/** The last line, between signs of equality: so many cases, so many failures. */
const summaryOf = (said: string): string =>
  said
    .split('\n')
    .findLast((line) => /^=+ .+ =+$/.test(line))
    ?.replaceAll('=', '')
    .trim() ?? 'it did not end'
