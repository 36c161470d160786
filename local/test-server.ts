import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cache.ts'
import { copyJars, findJava } from './java.ts'
import { findOnPath, type Preparation } from './programs.ts'
import { downloadBySdk } from './sdk-download.ts'

const VERSION = '1.31.0'
const PROGRAM = 'temporal-test-server'
const ARTIFACT = { groupId: 'io.temporal', artifactId: PROGRAM, version: VERSION }

/** Temporal's time-skipping server: on PATH, in our cache, downloaded, or from Maven Central. */
export const prepareTestServer = async (cache: string, how: Preparation = {}): Promise<string> => {
  const installed = findOnPath(PROGRAM)
  if (installed) return installed
  const folder = await cachedFolder(cache, `test-server-${VERSION}`, PROGRAM, async (draft) => {
    const program = join(draft, PROGRAM)
    const downloaded = await downloadBySdk('time-skipping', 'default', draft, how)
    if (downloaded) await copyFile(downloaded, program)
    else await fetchJars(draft, program, how)
    await chmod(program, 0o755)
  })
  return join(folder, PROGRAM)
}

const fetchJars = async (draft: string, program: string, how: Preparation): Promise<void> => {
  await findJava()
  await mkdir(join(draft, 'jars'))
  await copyJars(join(draft, 'jars'), ARTIFACT, how)
  const main = 'io.temporal.testserver.TestServer'
  const java = 'exec java -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/jars/*"'
  await writeFile(program, `#!/bin/sh\n${java} ${main} "$@"\n`)
}
