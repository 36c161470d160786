/** Reading what clients send: zod's complaints become field problems in the user's words. */
import type { Context } from 'hono'
import type { z } from 'zod'
import { BusinessError, type FieldProblem } from '../domain/errors.ts'
import { fieldWords } from './field-words.ts'
import { assertLegibleJson, isJson } from './legible.ts'
import { unsupported } from './problems.ts'

export const fieldProblems = (error: z.ZodError): FieldProblem[] =>
  error.issues.map((issue) => ({ path: issue.path.join('.'), message: fieldWords(issue) }))

/** Throws INVALID_INPUT with every problem at once. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.infer<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = fieldProblems(parsed.error)
  throw new BusinessError('INVALID_INPUT', fields[0]?.message ?? 'Check what you sent.', { fields })
}

/** The JSON body; refuses other content types, so that no plain form can reach the API. */
export async function readJson(c: Context): Promise<unknown> {
  if (!isJson(c)) throw unsupported()
  await assertLegibleJson(c)
  return c.req.json()
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (text: string): boolean => UUID.test(text)

/** An id from a path; what is no id is simply not found. */
export function idParam(c: Context, name = 'id'): string {
  const id = c.req.param(name) ?? ''
  if (!isId(id)) throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  return id.toLowerCase()
}
