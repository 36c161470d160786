/**
 * Lets the Temporal UI show payloads in clear: only to people of operations, who are signed in here, only from the UI, which is a
 * page of ours (temporal-door.ts) or at the one other address that is set. Every look is written down.
 */
import { createHash } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import { z } from 'zod'
import { appendAudit } from '../db/audit.ts'
import { inTransaction } from '../db/connection.ts'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayReadPayloads } from '../domain/policies.ts'
import type { ApiDeps, Env } from './deps.ts'
import { ownSite } from './fetch-metadata.ts'
import { varyBy } from './headers.ts'
import { parseInput, readJson } from './input.ts'
import { limit } from './limits.ts'
import { noteUnexpected, problemResponse, toBusinessError } from './problems.ts'
import { pageSession, signedIn } from './sessions.ts'
import { isOwnPage, subjectOf } from './temporal-pages.ts'

const MAXIMUM_PAYLOADS = 200
const payload = z.object({
  metadata: z.record(z.string(), z.base64()),
  data: z.base64().optional(),
})
const request = z.object({ payloads: z.array(payload).max(MAXIMUM_PAYLOADS) })

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const text = (value: Uint8Array) => Buffer.from(value).toString('base64')
const mapValues = <A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

type Decoded = { metadata?: Record<string, Uint8Array> | null; data?: Uint8Array | null }

export function createCodecEndpoint(deps: ApiDeps): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((thrown, c) => {
    noteUnexpected(c, deps.log, thrown)
    return problemResponse(c, toBusinessError(thrown))
  })
  const elsewhere = uiElsewhere(deps)
  app.use(ownSite([deps.publicUrl, ...(elsewhere ? [elsewhere] : [])]))
  if (elsewhere) {
    const allowHeaders = ['content-type', 'x-namespace', 'authorization']
    app.use(cors({ origin: elsewhere, credentials: true, allowMethods: ['POST'], allowHeaders }))
  }
  app.use(varyBy('Cookie'))
  app.use(pageSession(deps))
  app.post('/decode', async (c) => {
    const actor = signedIn(c)
    if (!mayReadPayloads(actor)) {
      throw new BusinessError('FORBIDDEN', 'Only operations may read workflow payloads.')
    }
    if (!isOwnPage(c, deps.publicUrl) && c.req.header('origin') !== elsewhere)
      throw new BusinessError('CSRF_REFUSED', 'Only the pages of Temporal may ask for payloads.')
    await limit(deps, 'decodes', actor.userId)
    const { payloads } = parseInput(request, await readJson(c))
    // Written down before anything is shown: a look without a trace must not be possible.
    await noteLook(c, deps, actor, payloads)
    return c.json({ payloads: await decode(deps, payloads) })
  })
  return app
}

/** Null where the UI is a page of ours. */
function uiElsewhere({ links, publicUrl }: ApiDeps): string | null {
  const origin = links.temporalUi ? new URL(links.temporalUi).origin : null
  return origin === new URL(publicUrl).origin ? null : origin
}

const LONGEST_NAMESPACE = 100

const FINGERPRINT_LETTERS = 16

/** Each payload was sealed with a nonce of its own, so this names one place in one history and tells nothing of what it says. */
const fingerprintOf = ({ data }: z.infer<typeof payload>): string =>
  createHash('sha256')
    .update(bytes(data ?? ''))
    .digest('hex')
    .slice(0, FINGERPRINT_LETTERS)

/**
 * What was shown is proven by the payloads alone. Which workflow they are of the page that asks says, and whoever asks can make it
 * say another: that is written down as claimed, and nothing goes by it.
 */
async function noteLook(
  c: Context<Env>,
  deps: ApiDeps,
  actor: Actor,
  payloads: z.infer<typeof payload>[],
): Promise<void> {
  const { namespace, workflowId } = subjectOf(c.req.header('referer') ?? '')
  const said = c.req.header('x-namespace')?.slice(0, LONGEST_NAMESPACE)
  await inTransaction(deps.db, (tx) =>
    appendAudit(tx, {
      actor: actor.userId,
      action: 'payloads.decoded',
      entity: 'workflow',
      entityId: 'not proven',
      after: {
        payloads: payloads.map(fingerprintOf),
        claimed: { workflow: workflowId, namespace: namespace ?? said ?? null },
      },
    }),
  )
}

async function decode(deps: ApiDeps, payloads: z.infer<typeof payload>[]) {
  const encoded = payloads.map(({ metadata, data }) => ({
    metadata: mapValues(metadata, bytes),
    data: bytes(data ?? ''),
  }))
  const decoded = await deps.decodePayloads(encoded).catch((error: unknown) => {
    deps.log.warn({ error: String(error) }, 'payloads could not be decoded')
    throw new BusinessError('INVALID_INPUT', 'These payloads were not written with our keys.')
  })
  return (decoded as Decoded[]).map(({ metadata, data }) => ({
    metadata: mapValues(metadata ?? {}, text),
    data: text(data ?? new Uint8Array()),
  }))
}
