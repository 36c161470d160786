import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const STALE_DRAFT_MS = 3 * 3_600_000

/**
 * A folder of the cache that is either whole or absent: it is built under another name and renamed.
 * Two builders at the same time do the work twice, and the second one's result is thrown away.
 */
export const cachedFolder = async (
  cache: string,
  name: string,
  proof: string,
  build: (draft: string) => Promise<void>,
): Promise<string> => {
  const folder = join(cache, name)
  const whole = () => existsSync(join(folder, proof))
  if (whole()) return folder
  await mkdir(cache, { recursive: true })
  await removeStaleDrafts(cache)
  const draft = await mkdtemp(join(cache, `.draft-${name}-`))
  try {
    await build(draft)
    await chmod(draft, 0o755)
    if (!whole()) {
      await rm(folder, { recursive: true, force: true })
      await rename(draft, folder)
    }
  } catch (error) {
    if (!whole()) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

/** Left by builders that were killed. */
const removeStaleDrafts = async (cache: string): Promise<void> => {
  const names = (await readdir(cache)).filter((name) => name.startsWith('.draft-'))
  for (const name of names) {
    const draft = join(cache, name)
    const found = await stat(draft).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > STALE_DRAFT_MS)
      await rm(draft, { recursive: true, force: true })
  }
}
