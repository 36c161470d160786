/** Writes docs/events: node local/run.mjs docs/generate.ts */
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventFiles } from './event-files.ts'

const folder = join(import.meta.dirname, 'events')
const files = eventFiles()
for (const name of await readdir(folder)) if (!files.has(name)) await rm(join(folder, name))
for (const [name, content] of files) await writeFile(join(folder, name), content)
process.stdout.write(`${files.size} files in docs/events\n`)
