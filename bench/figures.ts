/** Writes one section of docs/performance.md, or another file there, and leaves the others as they stand. */
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

const DOCS = join(import.meta.dirname, '../docs')
const GIB = 1024 ** 3

export const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / GIB)} GiB, Node ${process.version}`

export async function keepFigures(
  title: string,
  intro: string,
  lines: string[],
  file = 'performance.md',
): Promise<void> {
  const path = join(DOCS, file)
  const section = `## ${title}\n\n${intro}\n${machine()}.\n\n${lines.join('\n')}\n`
  process.stdout.write(`${section}\n`)
  const text = await readFile(path, 'utf8').catch(() => '# Performance\n')
  const [head = '', ...sections] = text.split(/^(?=## )/m)
  const kept = sections.filter((one) => !one.startsWith(`## ${title}\n`))
  await writeFile(path, [head.trimEnd(), ...kept.map((one) => one.trimEnd()), section].join('\n\n'))
}
