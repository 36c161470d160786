import { ensureInstalled, runTypeScript } from './install.mjs'

// node local/run.mjs FILE arguments…: packages first, then the TypeScript file.
await ensureInstalled()
process.exitCode = await runTypeScript(process.argv.slice(2))
