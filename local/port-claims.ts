import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the instances of this machine tell each other which ports they are about to use. */
export const CLAIMS = join(tmpdir(), 'gari-ports')
/** By then the port is taken for real, or its owner has given up. */
const CLAIM_MS = 120_000

/**
 * False when another living instance chose this port a moment ago and does not listen yet. A folder that we may
 * not write into hinders nobody: then the port itself decides, as without claims.
 */
export const claimPort = async (port: number, pid = process.pid): Promise<boolean> => {
  const file = join(CLAIMS, String(port))
  try {
    await mkdir(CLAIMS, { recursive: true })
    if (await isForeign(file, pid)) return false
    await rm(file, { force: true })
    await writeFile(file, String(pid), { flag: 'wx' })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST'
  }
}

const isForeign = async (file: string, pid: number): Promise<boolean> => {
  const found = await stat(file).catch(() => null)
  if (!found || Date.now() - found.mtimeMs > CLAIM_MS) return false
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  return owner !== pid && isAlive(owner)
}

const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
