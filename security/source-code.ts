/** What stands in the code itself: our own rules, by semgrep, and secrets in the files and their history, by gitleaks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { prepareGitleaks } from '../local/gitleaks-program.ts'
import { preparePythonTool } from '../local/python-tools.ts'
import { REPORTS, runTool, type Finding } from './finding.ts'
import type { How } from './schemathesis.ts'

const PROJECT = join(import.meta.dirname, '..')
const SEMGREP = { packageName: 'semgrep', version: '1.170.0', program: 'semgrep' }
const ROOMS = ['api', 'views', 'db', 'gateways', 'activities', 'workflows', 'workers', 'domain']

const rulesBroken = z.object({
  results: z.array(
    z.object({ check_id: z.string(), path: z.string(), start: z.object({ line: z.number() }) }),
  ),
  errors: z.array(z.object({ level: z.string(), message: z.string() })),
})

/** The registry of rules is out of reach, and ours know this house. */
export async function runSemgrep({ cache, say }: How): Promise<Finding[]> {
  const program = await preparePythonTool(cache, SEMGREP, { say })
  const file = join(REPORTS, 'semgrep.json')
  const { failed } = await runTool(
    'semgrep',
    program,
    [
      'scan',
      `--config=${join(import.meta.dirname, 'rules.yml')}`,
      '--metrics=off',
      '--disable-version-check',
      '--no-git-ignore',
      '--jobs=2',
      '--json',
      `--output=${file}`,
      ...ROOMS,
    ],
    { cwd: PROJECT },
  )
  if (failed) return [{ tool: 'semgrep', what: 'it did not end well (semgrep.log)' }]
  const { results, errors } = rulesBroken.parse(JSON.parse(await readFile(file, 'utf8')))
  const broken = errors.filter(({ level }) => level === 'error')
  say(`semgrep: ${results.length} found, ${broken.length} files not read`)
  return [
    ...results.map(({ check_id: id, path, start }) => ({
      tool: 'semgrep',
      what: `${id} at ${path}:${start.line}`,
    })),
    ...broken.map(({ message }) => ({ tool: 'semgrep', what: message })),
  ]
}

const leaks = z.array(z.object({ RuleID: z.string(), File: z.string(), StartLine: z.number() }))

/** Made-up secrets of tests and simulators are named in gitleaks.toml. */
export async function runGitleaks({ cache, say }: How): Promise<Finding[]> {
  const program = await prepareGitleaks(cache, { say })
  const findings: Finding[] = []
  for (const where of ['dir', 'git']) {
    const file = join(REPORTS, `gitleaks-${where}.json`)
    await runTool(
      `gitleaks-${where}`,
      program,
      [
        where,
        '.',
        `--config=${join(import.meta.dirname, 'gitleaks.toml')}`,
        '--report-format=json',
        `--report-path=${file}`,
        '--redact',
        '--no-banner',
      ],
      { cwd: PROJECT },
    )
    const found = leaks.parse(JSON.parse(await readFile(file, 'utf8')))
    say(`gitleaks ${where}: ${found.length} found`)
    findings.push(
      ...found.map(({ RuleID, File, StartLine }) => ({
        tool: 'gitleaks',
        what: `${RuleID} at ${File}:${StartLine}`,
      })),
    )
  }
  return findings
}
