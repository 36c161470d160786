/**
 * Lets the Temporal UI show payloads in clear: only to people of operations, who are signed in here, only from
 * the UI's own address. Every look is written down.
 */
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { z } from 'zod'
import { appendAudit } from '../db/audit.ts'
import { inTransaction } from '../db/connection.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayReadPayloads } from '../domain/policies.ts'
import type { ApiDeps, Env } from './deps.ts'
import { ownSite } from './fetch-metadata.ts'
import { varyBy } from './headers.ts'
import { parseInput, readJson } from './input.ts'
import { noteUnexpected, problemResponse, toBusinessError } from './problems.ts'
import { pageSession, signedIn } from './sessions.ts'

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
  const asked = deps.links.temporalUi ? [new URL(deps.links.temporalUi).origin] : []
  app.use(ownSite([deps.publicUrl, ...asked]))
  if (asked.length > 0) {
    const allowHeaders = ['content-type', 'x-namespace', 'authorization']
    app.use(cors({ origin: asked, credentials: true, allowMethods: ['POST'], allowHeaders }))
  }
  app.use(varyBy('Cookie'))
  app.use(pageSession(deps))
  app.post('/decode', async (c) => {
    const actor = signedIn(c)
    if (!mayReadPayloads(actor)) {
      throw new BusinessError('FORBIDDEN', 'Only operations may read workflow payloads.')
    }
    const { payloads } = parseInput(request, await readJson(c))
    // Written down before anything is shown: a look without a trace must not be possible.
    await inTransaction(deps.db, (tx) =>
      appendAudit(tx, {
        actor: actor.userId,
        action: 'payloads.decoded',
        entity: 'workflow',
        entityId: c.req.header('referer')?.slice(0, 200) ?? 'unknown',
        after: { count: payloads.length },
      }),
    )
    return c.json({ payloads: await decode(deps, payloads) })
  })
  return app
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
