/**
 * Daraja's door. Nothing is signed, so the secret path names the payment and proves that the sender was told it.
 * The raw body is stored first; then we answer. The table is the queue: a worker hands it to the workflow, now or when
 * Temporal is back (workers/reports.ts). What is in the body is believed by nobody here.
 */
import { Hono } from 'hono'
import { CALLBACKS, isCallbackKind } from '../domain/callbacks.ts'
import { noteUnknownSource, refuseCallback, storeCallback } from './callback-keeping.ts'
import type { ApiDeps, Env } from './deps.ts'
import { sourceOf } from './source.ts'

const ACCEPTED = { ResultCode: 0, ResultDesc: 'Accepted' }
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function createCallbacks(deps: ApiDeps): Hono<Env> {
  const door = new Hono<Env>()
  door.post('/callbacks/:kind/:subject/:token', async (c) => {
    const { kind, subject: subjectId, token } = c.req.param()
    if (!isCallbackKind(kind)) return c.notFound()
    if (!UUID.test(subjectId) || !deps.callbackTokenFits(kind, subjectId, token)) {
      return refuseCallback(deps, c, kind, subjectId)
    }
    const message = { kind: CALLBACKS[kind].message, subjectId }
    const sourceIp = sourceOf(c, deps)
    await noteUnknownSource(deps, kind, sourceIp)
    await storeCallback(deps, { ...message, sourceIp }, await c.req.text())
    return c.json(ACCEPTED)
  })
  return door
}
