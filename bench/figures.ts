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
  const section = `## ${title}\n\n${intro}\n${machine()}.\n\n${lines.join('\n')}\n`
  process.stdout.write(`${section}\n`)
  const { head, sections } = await readSections(file)
  const isNew = !sections.some(isTitled(title))
  const all = sections.map((one) => (isTitled(title)(one) ? section : one))
  const parts = [head, ...all, ...(isNew ? [section] : [])]
  await writeFile(join(DOCS, file), `${parts.map((one) => one.trimEnd()).join('\n\n')}\n`)
}

/** As it stands; empty where there is none. */
export async function readSection(title: string, file: string): Promise<string> {
  const { sections } = await readSections(file)
  return sections.find(isTitled(title)) ?? ''
}

const isTitled = (title: string) => (section: string) => section.startsWith(`## ${title}\n`)

async function readSections(file: string): Promise<{ head: string; sections: string[] }> {
  const text = await readFile(join(DOCS, file), 'utf8').catch(() => '# Performance\n')
  const [head = '', ...sections] = text.split(/^(?=## )/m)
  return { head, sections }
}
