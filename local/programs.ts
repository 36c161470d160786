import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Environment, childEnvironment, loadToolPaths } from '../config.ts'

/** Says where a long step stands. */
export type Say = (line: string) => void
export type Preparation = { say?: Say; signal?: AbortSignal }

/** Something that must be installed first; the message says what for and how to get it. */
export class MissingProgram extends Error {}

type Run = Preparation & {
  cwd?: string
  env?: Environment
  uid?: number
  gid?: number
  onLine?: (line: string) => void
}

const KEPT_LINES = 40

/** Runs a program to its end and returns its output; fails with its last lines. */
export const runProgram = async (
  command: string,
  args: string[],
  { cwd, env, uid, gid, onLine, signal }: Run = {},
): Promise<string> => {
  signal?.throwIfAborted()
  const child = spawn(command, args, {
    cwd,
    env: env ?? childEnvironment(),
    // A group of its own: compilers and forked helpers end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid }),
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      onLine?.(line)
    })
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  signal?.addEventListener('abort', end, { once: true })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    signal?.throwIfAborted()
    if (code !== 0) throw new Error(`${command} failed:\n${lines.slice(-KEPT_LINES).join('\n')}`)
    return lines.join('\n')
  } finally {
    signal?.removeEventListener('abort', end)
  }
}

export const findOnPath = (...names: string[]): string | undefined =>
  names
    .flatMap((name) => loadToolPaths().path.map((folder) => join(folder, name)))
    .find(isExecutable)

export const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
