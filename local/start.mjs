import { ensureInstalled, runTypeScript } from './install.mjs'

// npm start: packages first, then the supervisor, which has them all. The channel between the two
// tells the supervisor when this process is gone, so that nothing runs on without an owner.
const SHELL_WATCH_MS = 250
const since = Date.now()
await ensureInstalled()
stopWithShell()
process.exitCode = await runTypeScript(['local/index.ts', `--since=${since}`], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
})

/** npm passes a SIGTERM only to its shell, which dies of it without a word to us. */
function stopWithShell() {
  if (!process.env.npm_lifecycle_event) return
  const shell = process.ppid
  const watch = () => process.ppid !== shell && process.kill(process.pid, 'SIGTERM')
  setInterval(watch, SHELL_WATCH_MS).unref()
}
