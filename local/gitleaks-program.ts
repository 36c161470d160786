import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from '../config.ts'
import { cachedFolder } from './cache.ts'
import { findOnPath, MissingProgram, type Preparation, runProgram } from './programs.ts'

const VERSION = '8.30.1'
const MODULE = `github.com/zricethezav/gitleaks/v8@v${VERSION}`
const NAME = 'gitleaks'

/** Gitleaks, which knows what secrets look like: in our cache, or built once with Go (about a minute). */
export const prepareGitleaks = async (
  cache: string,
  { say, signal }: Preparation = {},
): Promise<string> => {
  const folder = await cachedFolder(cache, `${NAME}-${VERSION}`, NAME, async (draft) => {
    const go = findOnPath('go')
    if (!go) throw new MissingProgram('Gitleaks is built with Go (https://go.dev/dl).')
    say?.('building with Go')
    const env = childEnvironment({ GOBIN: join(draft, 'built') })
    await runProgram(go, ['install', '-ldflags', '-s -w', MODULE], { cwd: draft, env, signal })
    await rename(join(draft, 'built', NAME), join(draft, NAME))
  })
  return join(folder, NAME)
}
