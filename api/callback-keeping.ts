/** What every door of Daraja does with what comes in: keep it word for word, or refuse it and write that down. */
import type { Context } from 'hono'
import type { CallbackKind } from '../domain/callbacks.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { inTransaction } from '../db/connection.ts'
import { storeMessage, type NewMessage } from '../db/provider-messages.ts'
import { recordSecurityEvent } from '../db/security.ts'
import type { ApiDeps } from './deps.ts'
import { isId } from './input.ts'
import { countOf, isWithin } from './limits.ts'
import { toBusinessError } from './problems.ts'
import { sourceOf } from './source.ts'

/** For a person to read. Without NUL, which PostgreSQL holds in no text. */
const unreadable = (text: string) => ({ unreadable: text.replaceAll('\u0000', '') })

export function readBody(text: string): object {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? body : unreadable(text)
  } catch {
    return unreadable(text)
  }
}

/** The body, not the database, is the reason. */
const UNFIT: readonly ErrorCode[] = ['UNEXPECTED', 'INVALID_INPUT']

/**
 * Daraja sends JSON; whatever else comes to a secret path is kept as text. Some JSON is none for PostgreSQL (an
 * escaped NUL, half a surrogate pair, a thousand brackets), so what it refuses as JSON is kept as text as well.
 */
export async function storeCallback(
  deps: ApiDeps,
  message: Omit<NewMessage, 'body'>,
  text: string,
) {
  try {
    return await storeMessage(deps.db, { ...message, body: readBody(text) })
  } catch (error) {
    if (!UNFIT.includes(toBusinessError(error).code)) throw error
    deps.log.warn({ kind: message.kind, error: String(error) }, 'a callback is kept as text')
    return storeMessage(deps.db, { ...message, body: unreadable(text) })
  }
}

/** Written down for people to read, but not as often as one stranger likes. */
export async function refuseCallback(deps: ApiDeps, c: Context, kind: string, subjectId: string) {
  const source = sourceOf(c, deps)
  if (await isWithin(deps, countOf('forgedPaths', source))) {
    deps.log.warn({ kind, source }, 'a callback came to a path that is not secret')
    const subject = isId(subjectId) ? subjectId : null
    await inTransaction(deps.db, (tx) =>
      recordSecurityEvent(tx, 'callback_forged_path', { kind, subject, source }),
    )
  }
  return c.json({ ResultCode: 1, ResultDesc: 'Not found' }, 404)
}

/**
 * The right secret path from an address that is not Safaricom's: perhaps a new address of theirs, perhaps a leak. It is
 * kept all the same, because money may be in it, and nothing in it is believed without a check; but people hear of it.
 */
export async function noteUnknownSource(deps: ApiDeps, kind: CallbackKind, source: string) {
  if (deps.isDarajaSource(source)) return
  if (!(await isWithin(deps, countOf('unknownSources', source)))) return
  deps.log.warn({ kind, source }, 'a callback came from an address that is not on the list')
  await recordSecurityEvent(deps.db, 'callback_unknown_source', { kind, source })
}
