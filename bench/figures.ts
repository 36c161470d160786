/** Keeps what one bench has measured in docs/performance.md, with what others made of the cores meanwhile. */
import { cpus } from 'node:os'
import { keepSection } from '../docs/sections.ts'
import { circumstances } from '../faults/circumstances.ts'
import { watchCores } from './processes.ts'

let cores: ReturnType<typeof watchCores> | undefined

/** From here on the cores are watched for the next section, where the system tells of them (Linux). */
export function beginSection(): void {
  cores = process.platform === 'linux' ? watchCores() : undefined
}

const othersUsed = (): string =>
  cores ? `Others used ${cores().others.toFixed(1)} of ${cpus().length} cores meanwhile.` : ''

/** `more` says what this bench alone needs, such as a browser. */
export const keepFigures = (
  title: string,
  intro: string,
  lines: string[],
  ...more: string[]
): Promise<void> =>
  keepSection('performance.md', {
    title,
    intro,
    where: [circumstances(), ...more, othersUsed()].filter(Boolean).join(' '),
    lines,
  })
