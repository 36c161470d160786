/** Java programs start from the classes that one start for practice has kept. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { childEnvironment, loadToolPaths } from '../../config.ts'
import { keepClasses } from '../../local/class-archive.ts'
import { waitForAnswer } from '../../local/engine.ts'
import { freePort } from '../../local/ports.ts'
import { launch } from '../../local/processes.ts'
import { prepareTestServer } from '../../local/test-server.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gari-classes-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Writes what Java would write. */
const dump = (flags: string[]) => {
  const file = flags.join(' ').split('-XX:ArchiveClassesAtExit=')[1] ?? ''
  writeFileSync(file, 'classes')
  return Promise.resolve()
}

describe('the classes of a program', () => {
  it('are kept by one rehearsal and used from then on', async () => {
    let rehearsals = 0
    const rehearse = (flags: string[]) => {
      rehearsals += 1
      return dump(flags)
    }
    const flags = await keepClasses(folder, 'once', rehearse)
    expect(await keepClasses(folder, 'once', rehearse)).toEqual(flags)
    expect(rehearsals).toBe(1)
    const [, file = ''] = flags.join(' ').split('-XX:SharedArchiveFile=')
    expect(readFileSync(file, 'utf8')).toBe('classes')
  })

  it('are done without when the rehearsal fails, which is not tried at every start', async () => {
    const fails = () => Promise.reject(new Error('this Java cannot'))
    expect(await keepClasses(folder, 'never', fails)).toEqual([])
    expect(await keepClasses(folder, 'never', dump)).toEqual([])
  })

  it('are rehearsed again after somebody stopped the first start', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'))
    await expect(keepClasses(folder, 'later', dump, { signal: stopped })).rejects.toThrow('stopped')
    expect(await keepClasses(folder, 'later', dump)).toHaveLength(3)
  })
})

it('the time-skipping server takes nearly all of its classes from there', async () => {
  const program = await prepareTestServer(loadToolPaths().cache)
  // Native programs, downloaded or installed, have no classes to keep.
  const isJava = readFileSync(program).subarray(0, 2).toString() === '#!'
  const loaded = join(folder, 'loaded.log')
  const port = await freePort()
  const logFile = join(folder, 'server.log')
  const running = await launch({
    command: program,
    args: [String(port)],
    env: { ...childEnvironment(), JDK_JAVA_OPTIONS: `-Xlog:class+load:file=${loaded}` },
    logFile,
    recordFile: join(folder, 'server.json'),
  })
  const wait = { name: 'The test server', running, logFile, timeoutMs: 30_000 }
  const connection = await waitForAnswer(wait, () =>
    Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: 1_000 }),
  )
  await connection.close()
  await running.stop('SIGTERM', 5_000)
  expect(existsSync(loaded)).toBe(isJava)
  const lines = isJava ? readFileSync(loaded, 'utf8').trim().split('\n') : ['shared objects file']
  const kept = lines.filter((line) => line.includes('shared objects file'))
  expect(kept.length / lines.length).toBeGreaterThan(0.9)
})
