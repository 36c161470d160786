import { ensureInstalled, PROJECT, run, runTypeScript, seconds } from './install.mjs'
import { execFile } from 'node:child_process'

// npm test: packages, the programs that tests need, then jest with all further arguments.
// --check runs format, lint, import rules and types too, one after the other beside the first tests,
// which mostly wait; all of them, also when one fails.
const args = process.argv.slice(2)
const jestArguments = args.filter((argument) => argument !== '--check')
const CHECKS = ['check:format', 'check:lint', 'check:rules', 'check:types']

await ensureInstalled()
const checks = args.includes('--check') ? countFailed() : 0
const prepared = await runTypeScript(['local/prepare.ts'])
if (prepared !== 0) process.exit(prepared)
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const code = await run(process.execPath, [
  ...jest,
  'node_modules/jest/bin/jest.js',
  ...jestArguments,
])
const failed = await checks
if (failed > 0) console.log(`${failed} of ${CHECKS.length} checks failed (see above).`)
process.exitCode = code || (failed > 0 ? 1 : 0)

async function countFailed() {
  let failed = 0
  for (const name of CHECKS) if (!(await check(name))) failed += 1
  return failed
}

function check(name) {
  const since = Date.now()
  const options = { cwd: PROJECT, maxBuffer: Infinity }
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', name], options, (error, stdout, stderr) => {
      console.log(`${name} ${error ? 'FAILED' : 'ok'} (${seconds(since)})`)
      if (error) console.log(`${stdout}${stderr}`.trimEnd() || error.message)
      resolve(!error)
    })
  })
}
