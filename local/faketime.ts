import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installDebians } from './debian.ts'
import { MissingProgram, type Preparation } from './programs.ts'

const LIBRARIES = '/usr/lib'
/** The one for programs with threads; each architecture has a folder of its own. */
const NAME = 'faketime/libfaketimeMT.so.1'

/** The library that shifts a process's clock when it is preloaded. */
export const findFaketime = async (how: Preparation = {}): Promise<string> => {
  const found = find() ?? ((await installDebians('faketime', how)) ? find() : undefined)
  if (found) return found
  throw new MissingProgram('Wrong clocks are played by faketime: apt-get install faketime.')
}

const find = (): string | undefined =>
  existsSync(LIBRARIES)
    ? readdirSync(LIBRARIES)
        .map((architecture) => join(LIBRARIES, architecture, NAME))
        .find((path) => existsSync(path))
    : undefined
