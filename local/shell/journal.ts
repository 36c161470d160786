import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** One JSON entry a line. What `append` returned from survives kill -9 of this process. */
export type Journal<Entry> = { append: (entry: Entry) => void; close: () => void }

/**
 * Opens a journal and returns what it already holds, oldest first. A last line without its newline
 * is a write that was cut off before anybody acted on it, so it is taken out of the file. A broken
 * line anywhere else means that somebody edited the file: better no start than a wrong ledger.
 */
export const openJournal = <Entry>(file: string): { entries: Entry[]; journal: Journal<Entry> } => {
  mkdirSync(dirname(file), { recursive: true })
  const entries = existsSync(file) ? readEntries<Entry>(file) : []
  const descriptor = openSync(file, 'a', 0o600)
  return {
    entries,
    journal: {
      append: (entry) => appendFileSync(descriptor, `${JSON.stringify(entry)}\n`),
      close: () => closeSync(descriptor),
    },
  }
}

const NEWLINE = 0x0a

const readEntries = <Entry>(file: string): Entry[] => {
  const bytes = readFileSync(file)
  const wholeLength = bytes.lastIndexOf(NEWLINE) + 1
  if (wholeLength < bytes.length) truncateSync(file, wholeLength)
  const lines = bytes.subarray(0, wholeLength).toString('utf8').split('\n')
  return lines.flatMap((line, index) =>
    line === '' ? [] : [parseLine(line, file, index) as Entry],
  )
}

const parseLine = (line: string, file: string, index: number): unknown => {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new Error(`${file}, line ${index + 1} is not JSON; move the file away to start afresh`, {
      cause,
    })
  }
}
