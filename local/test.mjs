import { ensureInstalled, PROJECT, run, runTypeScript, seconds } from './install.mjs'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// npm test: packages, the programs that tests need, then jest with all further arguments. Without any, all tests: those
// that watch the clock of a whole Gari under load come last and alone. The last line has the runner's own counts.
// --check runs format, lint, import rules and types too, one after the other beside the first tests,
// which mostly wait; all of them, also when one fails.
const args = process.argv.slice(2)
const jestArguments = args.filter((argument) => argument !== '--check')
const CHECKS = ['check:format', 'check:lint', 'check:rules', 'check:types']
const ALONE = 'test/faults/together'

await ensureInstalled()
const checks = args.includes('--check') ? countFailed() : 0
const prepared = await runTypeScript(['local/prepare.ts'])
if (prepared !== 0) process.exit(prepared)
const folder = mkdtempSync(join(tmpdir(), 'gari-counts-'))
const counts = join(folder, 'counts')
const runs =
  jestArguments.length > 0
    ? [jestArguments]
    : [
        ['--testPathIgnorePatterns', '/node_modules/', ALONE],
        ['--runInBand', ALONE],
      ]
// Whoever is asked to end begins nothing more.
let isEnding = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => (isEnding = true))
let worst = 0
for (const these of runs) if (!isEnding) worst = (await jest(these)) || worst
const failed = await checks
if (failed > 0) console.log(`${failed} of ${CHECKS.length} checks failed (see above).`)
console.log(tell(readCounts()))
rmSync(folder, { recursive: true })
process.exitCode = isEnding ? 1 : worst || (failed > 0 ? 1 : 0)

function jest(these) {
  const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  return run(process.execPath, [...options, 'node_modules/jest/bin/jest.js', ...these], {
    env: { ...process.env, GARI_TEST_COUNTS: counts },
  })
}

// A runner that died has counted nothing; its exit code says so.
function readCounts() {
  if (!existsSync(counts)) return []
  return readFileSync(counts, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function tell(all) {
  const sum = (what) => all.reduce((total, one) => total + one[what], 0)
  const skipped = sum('skipped')
  const tail = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${sum('passed')} passed, ${sum('failed')} failed${tail}`
}

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
