import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { isRunning, recordOf } from './processes.ts'

/** The data folder: one Gari at a time uses it; its secrets are made once and stay in it. */
export type Home = {
  folder: string
  secrets: z.infer<typeof secretsSchema>
  /** Tells a next start that this one is on its way out. */
  markStopping: () => Promise<void>
  release: () => Promise<void>
}

/** Something the person at the keyboard can mend; shown without a stack. */
export class PlainError extends Error {}

const secretsSchema = z.object({
  payloadKey: z.string(),
  sealingKey: z.string(),
  masterKey: z.string(),
  tokenKey: z.string(),
  callbackSecret: z.string(),
  /** Of whoever owns the server, of the migrations, and of Gari at work. */
  databasePassword: z.string(),
  migrationPassword: z.string(),
  appPassword: z.string(),
})
const lockSchema = z.object({
  pid: z.number(),
  startedAt: z.string(),
  stopping: z.boolean(),
})
type Lock = z.infer<typeof lockSchema>

const PREDECESSOR_LIMIT_MS = 40_000
const POLL_MS = 100

export const openHome = async (folder: string): Promise<Home> => {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'lock.json')
  const own = { ...recordOf(process.pid), stopping: false }
  await takeLock(file, own, folder)
  return {
    folder,
    secrets: await loadSecrets(join(folder, 'secrets.json')),
    markStopping: () => replaceFile(file, { ...own, stopping: true }),
    release: () => rm(file, { force: true }),
  }
}

/** Written whole under another name first, so that nobody ever reads half a file. */
export const replaceFile = async (file: string, content: unknown, mode = 0o644): Promise<void> => {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, JSON.stringify(content, null, 2), { mode })
  await rename(draft, file)
}

/** Undefined where the file is absent or is not what it should be. */
export const readJson = async <T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> => {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

const takeLock = async (file: string, own: Lock, folder: string): Promise<void> => {
  const deadline = Date.now() + PREDECESSOR_LIMIT_MS
  while (!(await createLock(file, own))) {
    const holder = await readJson(file, lockSchema)
    if (!holder || !isRunning(holder)) await rm(file, { force: true })
    else if (!holder.stopping || Date.now() > deadline)
      throw new PlainError(
        `Gari is already running from ${folder} (process ${holder.pid}). Stop that one first, or ` +
          'set PORT and GARI_HOME to start a second one beside it.',
      )
    else await sleep(POLL_MS)
  }
}

/** Linking a whole file in place either works for one of two starters or fails. */
const createLock = async (file: string, own: Lock): Promise<boolean> => {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, JSON.stringify(own))
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** A file that cannot be read is an error: new keys would make the stored payloads unreadable. */
const loadSecrets = async (file: string): Promise<Home['secrets']> => {
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const known = found === undefined ? {} : secretsSchema.partial().parse(JSON.parse(found))
  const secrets = { ...newSecrets(), ...known }
  // A release may need one more than the release that made the file.
  if (Object.keys(known).length < Object.keys(secrets).length)
    await replaceFile(file, secrets, 0o600)
  return secrets
}

const newSecrets = (): Home['secrets'] => ({
  payloadKey: randomBytes(32).toString('base64'),
  sealingKey: randomBytes(32).toString('base64'),
  masterKey: randomBytes(32).toString('base64'),
  tokenKey: randomBytes(32).toString('base64'),
  // The prefix lets a production configuration refuse a secret of a local start.
  callbackSecret: `local-${randomBytes(32).toString('hex')}`,
  databasePassword: randomBytes(18).toString('base64url'),
  migrationPassword: randomBytes(18).toString('base64url'),
  appPassword: randomBytes(18).toString('base64url'),
})
