/** What any route may answer besides what its own description says, so that the document leaves nothing out. */

type Answer = { description: string; headers?: object; content?: object }
type Operation = {
  security?: unknown
  parameters?: unknown[]
  requestBody?: unknown
  responses: Record<string, Answer>
}
type Document = { paths?: object }

const PROBLEM = {
  content: {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  },
}
const text = { schema: { type: 'string' } }
const RETRY = { headers: { 'Retry-After': { ...text, description: 'In seconds' } } }

const problem = (description: string, more: object = {}): Answer => ({
  description,
  ...more,
  ...PROBLEM,
})

const commonTo = ({ security, parameters, requestBody }: Operation): Record<string, Answer> => ({
  ...(parameters || requestBody ? { 400: problem('Something to correct') } : {}),
  ...(security ? { 401: problem('No valid token'), 403: problem('Not yours to do') } : {}),
  ...(requestBody ? { 413: problem('More than 64 KB'), 415: problem('Not in this form') } : {}),
  429: problem('Too often; `RateLimit` says how much is left', RETRY),
  503: problem('A part of Gari is away; nothing was lost', RETRY),
})

/** The same document, with these answers wherever a route does not describe its own. */
export function withCommonAnswers<D extends Document>(document: D): D {
  const paths = Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>)
  const filled = paths.map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [
        method,
        { ...operation, responses: { ...commonTo(operation), ...operation.responses } },
      ]),
    ),
  ])
  return { ...document, paths: Object.fromEntries(filled) as D['paths'] }
}
