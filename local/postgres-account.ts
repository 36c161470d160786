import { readFileSync } from 'node:fs'
import { findOnPath, runProgram } from './programs.ts'

export type Account = {
  uid?: number
  gid?: number
  command: (
    program: string,
    args: string[],
  ) => { command: string; args: string[]; uid?: number; gid?: number }
}

/**
 * PostgreSQL refuses to run as root: it gets the account `postgres`. Where that account may not even
 * walk down to the folder (a root user's private one), setpriv leaves it that one right.
 */
export const chooseAccount = async (postgres: string, dir: string): Promise<Account> => {
  if (process.getuid?.() !== 0) return { command: (command, args) => ({ command, args }) }
  const [uid, gid] = await ensureAccount()
  const reachable = await runProgram(
    '/bin/sh',
    ['-c', `test -x "$0" && test -x "$1"`, postgres, dir],
    {
      uid,
      gid,
      cwd: '/',
    },
  ).then(
    () => true,
    () => false,
  )
  if (reachable) return { uid, gid, command: (command, args) => ({ command, args, uid, gid }) }
  const setpriv = findOnPath('setpriv')
  if (!setpriv)
    throw new Error(
      `The account "postgres" cannot reach ${dir}. Set GARI_HOME to a folder below a public one, ` +
        'run as another user than root, or set DATABASE_URL.',
    )
  const right = walkingRight()
  const drop = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--securebits=+no_setuid_fixup',
    ...['inh', 'ambient', 'bounding'].map(
      (set) => `--${set}-${set === 'bounding' ? 'set' : 'caps'}=-all,+${right}`,
    ),
  ]
  return {
    uid,
    gid,
    command: (program, args) => ({ command: setpriv, args: [...drop, '--', program, ...args] }),
  }
}

/** Containers often lack the narrower right. Bit 2 of the bounding set is dac_read_search. */
const walkingRight = (): string => {
  const bounding =
    /CapBnd:\s*([0-9a-f]+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return (Number.parseInt(bounding.slice(-2), 16) & 4) !== 0 ? 'dac_read_search' : 'dac_override'
}

const ensureAccount = async (): Promise<[number, number]> => {
  const ids = async (): Promise<[number, number]> => [
    Number(await runProgram('id', ['-u', 'postgres'])),
    Number(await runProgram('id', ['-g', 'postgres'])),
  ]
  return ids().catch(async () => {
    await runProgram('groupadd', ['-f', 'postgres'])
    await runProgram('useradd', ['-r', '-g', 'postgres', '-M', 'postgres'])
    return ids()
  })
}
