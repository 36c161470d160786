import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { cachedFolder } from './cache.ts'
import { keepClasses } from './class-archive.ts'
import { waitForAnswer } from './engine.ts'
import { copyJars, findJava } from './java.ts'
import { freePort } from './ports.ts'
import { launch } from './processes.ts'
import { findOnPath, type Preparation } from './programs.ts'
import { downloadBySdk } from './sdk-download.ts'

const VERSION = '1.31.0'
const PROGRAM = 'temporal-test-server'
const ARTIFACT = { groupId: 'io.temporal', artifactId: PROGRAM, version: VERSION }
const START_LIMIT_MS = 60_000
const STOP_GRACE_MS = 15_000

/** Temporal's time-skipping server: on PATH, in our cache, downloaded, or from Maven Central. */
export const prepareTestServer = async (cache: string, how: Preparation = {}): Promise<string> => {
  const installed = findOnPath(PROGRAM)
  if (installed) return installed
  const name = `test-server-${VERSION}`
  const folder = await cachedFolder(cache, name, PROGRAM, async (draft) => {
    const program = join(draft, PROGRAM)
    const downloaded = await downloadBySdk('time-skipping', 'default', draft, how)
    if (downloaded) await copyFile(downloaded, program)
    else await fetchJars(draft, program, how)
    await chmod(program, 0o755)
  })
  const program = join(folder, PROGRAM)
  if (!existsSync(join(folder, JARS))) return program
  const classes = await keepClasses(cache, name, (flags) => rehearse(folder, flags, how), how)
  await putScript(program, classes)
  return program
}

const JARS = 'jars'

const fetchJars = async (draft: string, program: string, how: Preparation): Promise<void> => {
  await findJava()
  await mkdir(join(draft, JARS))
  await copyJars(join(draft, JARS), ARTIFACT, how)
  await writeFile(program, scriptWith([]))
}

const MAIN = 'io.temporal.testserver.TestServer'
const JVM = ['-XX:TieredStopAtLevel=1', '-cp']
const scriptWith = (flags: string[]): string => {
  const quoted = flags.map((flag) => `'${flag}'`)
  return `#!/bin/sh\nexec java ${[...quoted, ...JVM].join(' ')} "$(dirname "$0")/${JARS}/*" ${MAIN} "$@"\n`
}

/** Whole at every moment: another run may be starting it. */
const putScript = async (program: string, flags: string[]): Promise<void> => {
  const script = scriptWith(flags)
  if ((await readFile(program, 'utf8')) === script) return
  const draft = `${program}.${process.pid}`
  await writeFile(draft, script)
  await chmod(draft, 0o755)
  await rename(draft, program)
}

const rehearse = async (folder: string, flags: string[], { signal }: Preparation) => {
  const dir = await mkdtemp(join(tmpdir(), 'gari-test-server-'))
  const port = await freePort()
  const logFile = join(dir, 'server.log')
  try {
    const running = await launch({
      command: await findJava(),
      args: [...flags, ...JVM, join(folder, JARS, '*'), MAIN, String(port)],
      logFile,
      recordFile: join(dir, 'process.json'),
    })
    const wait = { name: 'The test server', running, logFile, timeoutMs: START_LIMIT_MS, signal }
    const address = `127.0.0.1:${port}`
    const connection = await waitForAnswer(wait, () =>
      Connection.connect({ address, connectTimeout: 1_000 }),
    )
    await connection.close()
    await running.stop('SIGTERM', STOP_GRACE_MS)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
