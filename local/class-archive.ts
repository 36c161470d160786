/**
 * The classes of a Java program as this machine's Java has loaded and checked them once (application class-data sharing,
 * JEP 350): with them it starts in half the time.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cache.ts'
import { findJava } from './java.ts'
import { type Preparation, runProgram } from './programs.ts'

const ARCHIVE = 'classes.jsa'
const DONE = 'rehearsed'
/** An archive that does not fit is passed over; that is no news for the log of a program. */
const QUIET = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off']

/** Runs the program with these flags until it answers, and ends it. */
export type Rehearsal = (flags: string[]) => Promise<void>

/**
 * Java's flags that make it use the archive of this program; made at the first call, by a rehearsal. None where that
 * came to nothing, which is not tried again: the program starts as it always did.
 */
export const keepClasses = async (
  cache: string,
  name: string,
  rehearse: Rehearsal,
  { say, signal }: Preparation = {},
): Promise<string[]> => {
  const folder = await cachedFolder(
    cache,
    `${name}-classes-${await javaKey()}`,
    DONE,
    async (draft) => {
      say?.('one start for practice: later ones take half the time')
      const flags = [...QUIET, `-XX:ArchiveClassesAtExit=${join(draft, ARCHIVE)}`]
      const outcome = await rehearse(flags).then(
        () => 'whole',
        (error: unknown) => `failed: ${String(error)}`,
      )
      signal?.throwIfAborted()
      await writeFile(join(draft, DONE), `${outcome}\n`)
    },
  )
  const archive = join(folder, ARCHIVE)
  return existsSync(archive) ? [...QUIET, `-XX:SharedArchiveFile=${archive}`] : []
}

/** Another Java cannot read the archive: it makes its own. */
const javaKey = async (): Promise<string> => {
  const about = await runProgram(await findJava(), ['-version'])
  return createHash('sha256').update(about).digest('hex').slice(0, 12)
}
