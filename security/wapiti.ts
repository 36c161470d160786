/** Wapiti: walks the pages as a browser's user would, and tries what it knows on every form and link. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { preparePythonTool } from '../local/python-tools.ts'
import type { Stack } from '../test/support/stack.ts'
import { REPORTS, runTool, type Finding } from './finding.ts'
import type { Person } from './people.ts'
import type { How } from './schemathesis.ts'

const TOOL = { packageName: 'wapiti3', version: '3.2.3', program: 'wapiti' }
/** Those that ask nobody but us. */
const MODULES = 'sql,xss,permanentxss,exec,file,redirect,crlf,cookieflags,http_headers,csp'
const LONGEST_SECONDS = 600

const report = z.object({
  vulnerabilities: z.record(z.string(), z.array(z.object({ path: z.string(), info: z.string() }))),
})

export async function runWapiti(
  stack: Stack,
  people: readonly Person[],
  { cache, say }: How,
): Promise<Finding[]> {
  const program = await preparePythonTool(cache, TOOL, { say })
  const findings: Finding[] = []
  for (const { name, cookie } of people) {
    const file = join(REPORTS, `wapiti-${name}.json`)
    await runTool(`wapiti-${name}`, program, [
      `--url=${stack.baseUrl}/`,
      '--scope=domain',
      `--module=${MODULES}`,
      `--exclude=${stack.baseUrl}/sign-out`,
      `--exclude=${stack.baseUrl}/static/*`,
      `--max-scan-time=${String(LONGEST_SECONDS)}`,
      '--tasks=4',
      '--format=json',
      `--output=${file}`,
      ...(cookie ? ['--header', `Cookie: ${cookie}`] : []),
      '--flush-session',
      '--no-bugreport',
    ])
    const { vulnerabilities } = report.parse(JSON.parse(await readFile(file, 'utf8')))
    const found = Object.entries(vulnerabilities).flatMap(([kind, all]) =>
      all.map(({ path, info }) => ({ tool: 'wapiti', what: `${kind} at ${path}: ${info}` })),
    )
    say(`as ${name}: ${found.length} found`)
    findings.push(...found)
  }
  return findings
}
