/** What servers beside PostgreSQL keep on disk, read byte for byte, whatever their own programs would show of it. */
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** One file, or something that stands for one, in pieces. */
type Kept = { name: string; read: () => AsyncIterable<Buffer> }
export type Store = { name: string; files: () => Promise<Kept[]> }

/** Byte for byte a sign, so that what is not text is searched as well. */
const ENCODING = 'latin1'
const PIECE_BYTES = 4 * 1024 * 1024
/** What stands across the end of a piece is seen with the next one. Longer than anything that is looked for. */
const OVERLAP = 256

export const folderStore = (name: string, path: string): Store => ({
  name,
  files: async () =>
    (await readdir(path, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({
        name: file.slice(path.length + 1),
        read: () => createReadStream(file, { highWaterMark: PIECE_BYTES }),
      })),
})

/** A file that is taken away meanwhile is kept no longer. */
const isGone = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT'

async function findInFile(kept: Kept, find: (text: string) => string[]): Promise<Set<string>> {
  const found = new Set<string>()
  let end = ''
  for await (const piece of kept.read()) {
    const text = end + piece.toString(ENCODING)
    for (const one of find(text)) found.add(one)
    end = text.slice(-OVERLAP)
  }
  return found
}

/** Each thing that was found, with the file in which it stands. */
export async function findInStore(
  { name, files }: Store,
  find: (text: string) => string[],
): Promise<string[]> {
  const all: string[] = []
  for (const kept of await files()) {
    const found = await findInFile(kept, find).catch((error: unknown) => {
      if (isGone(error)) return []
      throw error
    })
    all.push(...[...found].map((one) => `${name}, ${kept.name}: ${one}`))
  }
  return all
}
