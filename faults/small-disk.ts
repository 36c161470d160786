/** A disk that can be filled without hurting anybody: some memory, mounted. Needs root on Linux. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from '../local/programs.ts'

/** Enough for an hour of faults, little enough to be filled within seconds. */
const SIZE = '768m'

export async function mountSmallDisk(
  folder: string,
): Promise<{ path: string; unmount: () => Promise<unknown> }> {
  const path = join(folder, 'small-disk')
  await mkdir(path)
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'gari', path])
  return { path, unmount: () => runProgram('umount', ['-l', path]) }
}
