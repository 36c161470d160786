/** Writes docs/events, docs/exports and docs/openapi: node local/run.mjs docs/generate.ts */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventFiles } from './event-files.ts'
import { exportFiles } from './export-files.ts'
import { openApiFile } from './open-api-file.ts'

const folder = join(import.meta.dirname, 'events')
const files = eventFiles()
for (const name of await readdir(folder)) if (!files.has(name)) await rm(join(folder, name))
for (const [name, content] of files) await writeFile(join(folder, name), content)

const copies = join(import.meta.dirname, 'exports')
const copyFiles = exportFiles()
await mkdir(copies, { recursive: true })
for (const name of await readdir(copies)) if (!copyFiles.has(name)) await rm(join(copies, name))
for (const [name, content] of copyFiles) await writeFile(join(copies, name), content)

const openApi = join(import.meta.dirname, 'openapi')
await mkdir(openApi, { recursive: true })
await writeFile(join(openApi, 'gari.json'), await openApiFile())
process.stdout.write(
  `${files.size} files in docs/events, ${copyFiles.size} in docs/exports, the API in docs/openapi\n`,
)
