/** An OpenAPI router whose input errors are ours, and the pieces that every route's description shares. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Env as HonoEnv } from 'hono'
import { BusinessError } from '../domain/errors.ts'
import { fieldProblems } from './input.ts'

export const createOpenApi = <E extends HonoEnv>() =>
  new OpenAPIHono<E>({
    defaultHook: (result) => {
      if (result.success) return
      const fields = fieldProblems(result.error)
      throw new BusinessError('INVALID_INPUT', fields[0]?.message ?? 'Check what you sent.', {
        fields,
      })
    },
  })

export type OpenApi<E extends HonoEnv> = OpenAPIHono<E>

/** RFC 9457, with our stable `code` and the fields to correct. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    request_id: z.string().optional(),
  })
  .openapi('Problem')

export const problems = (...statuses: [number, string][]) =>
  Object.fromEntries(
    statuses.map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: problem } } },
    ]),
  )

export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** The same as a table, for whoever asks with `format=csv` or by Accept. */
export const jsonOrCsv = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } },
})

/** A body that must be there. Where its fields depend on each other, it brings its own example. */
export const jsonBody = <S extends z.ZodType>(schema: S, example?: z.input<S>) => ({
  required: true,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
})

export const SECURED = [{ bearer: [] }]
/** For everybody; who signs in sees more. */
export const SECURED_OR_NOT = [{}, ...SECURED]
export const NOT_MODIFIED = { 304: { description: 'As you have it: If-None-Match named its ETag' } }
export const idPath = z.object({ id: z.string().openapi({ format: 'uuid' }) })
/** What a list does not know is refused: a filter that is misspelt would show everything. */
export const page = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

/** One page: `next` is the cursor of the one behind it, null for the last. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() })
