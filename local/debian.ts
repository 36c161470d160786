import { childEnvironment } from '../config.ts'
import { findOnPath, type Preparation, runProgram } from './programs.ts'

/** Where we are root on Debian or one of its kin: installs the package and answers true; false elsewhere. */
export const installDebians = async (
  name: string,
  { say, signal }: Preparation,
): Promise<boolean> => {
  const apt = findOnPath('apt-get')
  if (process.getuid?.() !== 0 || !apt) return false
  const env = childEnvironment({ DEBIAN_FRONTEND: 'noninteractive' })
  say?.(`apt-get install ${name}`)
  await runProgram(apt, ['update', '-q'], { env, signal })
  const install = ['install', '-y', '-q', '--no-install-recommends', name]
  await runProgram(apt, install, { env, signal })
  return true
}
