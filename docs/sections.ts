/** Writes one section of a file in docs, such as docs/performance.md, and leaves the others as they stand. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Section = {
  title: string
  intro: string
  /** On what, with which versions, from which commit and when it was measured. */
  where: string
  lines: string[]
}

export async function keepSection(
  file: string,
  { title, intro, where, lines }: Section,
): Promise<void> {
  const section = `## ${title}\n\n${intro}\n${where}\n\n${lines.join('\n')}\n`
  process.stdout.write(`${section}\n`)
  const { head, sections } = await readSections(file)
  const isNew = !sections.some(isTitled(title))
  const all = sections.map((one) => (isTitled(title)(one) ? section : one))
  const parts = [head, ...all, ...(isNew ? [section] : [])]
  const text = parts.map((one) => one.trimEnd()).join('\n\n')
  await writeFile(join(import.meta.dirname, file), `${text}\n`)
}

/** A whole file, where a run says everything anew. */
export async function keepFile(
  file: string,
  { title, intro, where, lines }: Section,
): Promise<void> {
  const text = [`# ${title}`, '', intro, where, '', ...lines].join('\n')
  await writeFile(join(import.meta.dirname, file), `${text.trimEnd()}\n`)
}

/** As it stands; empty where there is none. */
export async function readSection(title: string, file: string): Promise<string> {
  const { sections } = await readSections(file)
  return sections.find(isTitled(title)) ?? ''
}

const isTitled = (title: string) => (section: string) => section.startsWith(`## ${title}\n`)

async function readSections(file: string): Promise<{ head: string; sections: string[] }> {
  const text = await readFile(join(import.meta.dirname, file), 'utf8').catch(
    () => '# Performance\n',
  )
  const [head = '', ...sections] = text.split(/^(?=## )/m)
  return { head, sections }
}
