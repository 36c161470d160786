import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The first step of every command: plain Node without packages, because there may be none yet.
export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..')
const STILL_EVERY_MS = 15_000

/** Checks Node and installs the packages when they are missing or not those of the lock file. */
export async function ensureInstalled() {
  checkNode()
  const lock = join(PROJECT, 'package-lock.json')
  const stamp = join(PROJECT, 'node_modules', '.gari-lock')
  // The native parts belong to one platform and one Node ABI.
  const { platform, arch, versions } = process
  const content = [readFileSync(lock), platform, arch, versions.modules]
  const wanted = content
    .reduce((hash, part) => hash.update(part), createHash('sha256'))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  if (existsSync(stamp) || !isInstalledBy(lock)) await installPackages()
  writeFileSync(stamp, wanted)
}

/** Runs a program of ours with this terminal; resolves with its exit code, 1 where a signal ended it. */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: PROJECT, stdio: 'inherit', ...options })
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  }).finally(() => signals.forEach((signal) => process.off(signal, forward)))
}

/** Runs a TypeScript file; no build step, whatever it imports is translated as it is read. */
export const runTypeScript = (args, options) =>
  run(process.execPath, ['--import', 'tsx', ...args], options)

export const seconds = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))
  const wanted = engines.node.replace('>=', '').split('.').map(Number)
  const found = process.versions.node.split('.').map(Number)
  const newer = found[0] - wanted[0] || found[1] - (wanted[1] ?? 0)
  if (newer >= 0) return
  console.error(
    `Gari needs Node ${engines.node}, this is ${process.version}. Get it from https://nodejs.org ` +
      'or with a version manager (nvm install 22), then run the command again.',
  )
  process.exit(1)
}

/** Packages that a plain `npm ci` put there count as well. */
function isInstalledBy(lock) {
  const installed = join(PROJECT, 'node_modules', '.package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs
}

async function installPackages() {
  const since = Date.now()
  console.log('Installing packages (npm ci, usually about a minute)…')
  const still = setInterval(
    () => console.log(`… still installing (${seconds(since)})`),
    STILL_EVERY_MS,
  )
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  clearInterval(still)
  if (code !== 0) {
    console.error('npm ci failed; its message stands above. Mend it and run the command again.')
    process.exit(code)
  }
  console.log(`Packages installed in ${seconds(since)}.`)
}
