import { ensureInstalled, PROJECT, run, runTypeScript, seconds } from './install.mjs'
import { spawnSync } from 'node:child_process'

// npm test: packages, the programs that tests need, then jest with all further arguments.
// --check runs format, lint, import rules and types first; all of them, also when one fails.
const args = process.argv.slice(2)
const jestArguments = args.filter((argument) => argument !== '--check')
const CHECKS = ['check:format', 'check:lint', 'check:rules', 'check:types']

await ensureInstalled()
let failed = 0
if (args.includes('--check')) failed = CHECKS.filter((name) => !check(name)).length
const prepared = await runTypeScript(['local/prepare.ts'])
if (prepared !== 0) process.exit(prepared)
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const code = await run(process.execPath, [
  ...jest,
  'node_modules/jest/bin/jest.js',
  ...jestArguments,
])
if (failed > 0) console.log(`${failed} of ${CHECKS.length} checks failed (see above).`)
process.exitCode = code || (failed > 0 ? 1 : 0)

function check(name) {
  const since = Date.now()
  const options = { cwd: PROJECT, encoding: 'utf8' }
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', name], options)
  console.log(`${name} ${status === 0 ? 'ok' : 'FAILED'} (${seconds(since)})`)
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd())
  return status === 0
}
