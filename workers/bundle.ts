/**
 * Builds the workflow bundle beforehand, for the image: workers start a second earlier and need no compiler. It holds for
 * one version of Temporal's SDK only, so it is made where the packages are installed.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleStories } from '../gateways/workflow-bundle.ts'

/** Where workers/stories.ts looks for it. */
const BUNDLE = fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url))
const BYTES_PER_KB = 1024

const { code } = await bundleStories({
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
})
await mkdir(dirname(BUNDLE), { recursive: true })
await writeFile(BUNDLE, code)
process.stdout.write(`${BUNDLE}: ${Math.round(code.length / BYTES_PER_KB)} KB\n`)
