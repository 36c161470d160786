/** What a tool says is wrong, and the whole of what it said in a file. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from '../config.ts'
import { runProgram, type Say } from '../local/programs.ts'

export const REPORTS = join(import.meta.dirname, '../test-output/security')

export type Finding = { tool: string; what: string }

/** Runs a tool to its end, whatever it thinks; what it said stands in `name`.log. */
export async function runTool(
  name: string,
  command: string,
  args: string[],
  { onLine, cwd, env = {} }: { onLine?: Say; cwd?: string; env?: Record<string, string> } = {},
): Promise<{ failed: boolean; said: string }> {
  await mkdir(REPORTS, { recursive: true })
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    onLine?.(line)
  }
  const failed = await runProgram(command, args, {
    onLine: keep,
    env: { ...childEnvironment(), ...env },
    ...(cwd ? { cwd } : {}),
  }).then(
    () => false,
    () => true,
  )
  const said = lines.join('\n')
  await writeFile(join(REPORTS, `${name}.log`), said)
  return { failed, said }
}
