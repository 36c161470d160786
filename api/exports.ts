/** Copies of all that we hold about a customer, over REST: for themselves, and asked for by staff, who never get one. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { EXPORT_FORMATS, EXPORT_STATUSES, type ExportFormat } from '../domain/exports.ts'
import { exportRequest } from '../domain/schemas/exports.ts'
import { toNairobiIso } from '../domain/time.ts'
import { EXPORT_SECTIONS } from '../db/export-sections.ts'
import type { Export } from '../db/exports.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { findOwnExport, requestExport, sendExportFile, SIGN_IN_FOR_COPY } from './exporting.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { assertFresh } from './second-factor.ts'
import { bearerSession, signedInSession } from './sessions.ts'

const exportBody = z
  .object({
    id: z.string(),
    status: z.enum(EXPORT_STATUSES),
    done: z.number().int().openapi({ description: 'Kinds of data that are gathered' }),
    of: z.number().int().openapi({ description: 'Kinds of data that there are' }),
    asked_at: z.string(),
    ready_at: z.string().nullable(),
    expires_at: z.string().nullable().openapi({ description: 'Then the files are deleted' }),
  })
  .openapi('Export')

const toBody = (one: Export): z.infer<typeof exportBody> => ({
  id: one.id,
  status: one.status,
  done: one.sectionsDone,
  of: EXPORT_SECTIONS.length,
  asked_at: toNairobiIso(one.askedAt),
  ready_at: one.readyAt && toNairobiIso(one.readyAt),
  expires_at: one.expiresAt && toNairobiIso(one.expiresAt),
})

const exportPath = idPath.extend({ exportId: z.string().openapi({ format: 'uuid' }) })
const forWhom: [number, string] = [403, 'For the customer, just signed in, and staff who may ask']

const askRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/exports',
  summary: 'Ask for all that we hold about a customer, as JSON and PDF; only they can fetch it',
  description:
    'One at a time, three within a day. For oneself by a sign-in of the last quarter of an hour; staff say in `why` how they know who asks.',
  security: SECURED,
  request: { params: idPath, body: jsonBody(exportRequest) },
  responses: {
    202: json(exportBody, 'It is made; asked again meanwhile it is the same'),
    ...problems([400, 'Something to correct'], forWhom, [404, 'No such customer']),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/exports/{exportId}',
  summary: 'How far a copy is',
  security: SECURED,
  request: { params: exportPath },
  responses: {
    200: json(exportBody, 'How far it is'),
    ...problems(forWhom, [404, 'No such customer, or no such copy of theirs']),
  },
})
/** Which fields there are stands in docs/exports, by the version that the file says it has. */
const fileBody = z
  .looseObject({ format: z.string(), version: z.number().int(), sections: z.array(z.unknown()) })
  .openapi('ExportFile')
const CONTENT: Record<ExportFormat, Record<string, { schema: z.ZodType }>> = {
  json: { 'application/json': { schema: fileBody } },
  pdf: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
}

const fileRoute = <F extends ExportFormat>(format: F) =>
  createRoute({
    method: 'get',
    path: `/customers/{id}/exports/{exportId}/${format}` as const,
    summary:
      format === 'json'
        ? 'The copy for programs, in the form of docs/exports'
        : 'The copy for people, in their language',
    description: 'For its owner alone, by a sign-in of the last quarter of an hour.',
    security: SECURED,
    request: { params: exportPath },
    responses: {
      200: { description: 'The file', content: CONTENT[format] },
      ...problems(
        [403, 'Not by a key, nor by a sign-in of long ago'],
        [404, 'Not yours, or gone'],
        [409, 'Not ready yet'],
      ),
    },
  })

const isOwn = (actor: Actor, userId: string): boolean =>
  actor.userId === userId && actor.kind === 'customer'

export function createExportsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  for (const format of EXPORT_FORMATS)
    api.use(`/customers/:id/exports/:exportId/${format}`, signedInSession(deps))
  api.use('/customers/:id/exports', bearerSession(deps))
  api.use('/customers/:id/exports/:exportId', bearerSession(deps))
  api.openapi(askRoute, async (c) => {
    const [actor, userId] = [c.get('actor'), idParam(c)]
    const { why } = c.req.valid('json')
    if (isOwn(actor, userId)) assertFresh({ isFresh: c.get('isFresh') }, SIGN_IN_FOR_COPY)
    else assertCan(actor, 'exports:create')
    if (!isOwn(actor, userId) && !why) throw sayWhy()
    const wish = { userId, actorId: actor.userId, ...(why ? { why } : {}) }
    return c.json(toBody(await requestExport(deps, wish)), 202)
  })
  api.openapi(readRoute, async (c) => {
    const [actor, userId] = [c.get('actor'), idParam(c)]
    if (!isOwn(actor, userId)) assertCan(actor, 'exports:create')
    return c.json(toBody(await findOwnExport(deps, userId, idParam(c, 'exportId'))), 200)
  })
  for (const format of EXPORT_FORMATS)
    api.openapi(fileRoute(format), async (c) => {
      const actor = c.get('actor')
      const id = idParam(c, 'exportId')
      // Of another's address it is as if there were none.
      if (!isOwn(actor, idParam(c)))
        throw new BusinessError('NOT_FOUND', 'There is no such copy of yours.')
      const session = { isFresh: c.get('isFresh') }
      return sendExportFile(c, deps, { actor, session, id, format })
    })
  return api
}

const sayWhy = () => {
  const message = 'Say how you know that it is they who ask.'
  return new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'why', message }] })
}
