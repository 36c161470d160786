import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadToolPaths } from '../config.ts'
import { installDebians } from './debian.ts'
import { findOnPath, MissingProgram, type Preparation, runProgram } from './programs.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const HOW =
  'Browser tests need Chromium: apt-get install chromium, or npx playwright-core install chromium, ' +
  'or set CHROMIUM_PATH.'

/** Chromium for browser tests: CHROMIUM_PATH, PATH, Playwright's, Debian's; else an error. */
export const findChromium = async (how: Preparation = {}): Promise<string> => {
  const { chromium: chosen } = loadToolPaths()
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new MissingProgram(`CHROMIUM_PATH names ${chosen}, which does not exist.`)
  }
  const found = findOnPath(...NAMES) ?? (await findPlaywrights())
  if (found) return found
  const got = (await downloadPlaywrights(how)) ?? (await fromDebian(how))
  if (got) return got
  throw new MissingProgram(HOW)
}

const fromDebian = async (how: Preparation): Promise<string | undefined> =>
  (await installDebians('chromium', how)) ? findOnPath(...NAMES) : undefined

const findPlaywrights = async (): Promise<string | undefined> => {
  const { chromium } = await import('playwright-core')
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

/** A download that lacks the system's libraries does not start: then the next way is tried. */
const downloadPlaywrights = async ({ say, signal }: Preparation): Promise<string | undefined> => {
  const cli = join(import.meta.dirname, '../node_modules/playwright-core/cli.js')
  say?.('downloading Chromium')
  try {
    await runProgram(process.execPath, [cli, 'install', 'chromium'], { signal })
    const path = await findPlaywrights()
    if (path) await runProgram(path, ['--version'], { signal })
    return path
  } catch (error) {
    signal?.throwIfAborted()
    say?.(`no download: ${error instanceof Error ? error.message.slice(0, 80) : 'unknown'}`)
    return undefined
  }
}
