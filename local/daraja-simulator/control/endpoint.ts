import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { readMsisdn } from '../handsets.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One thing the control API can do. The list of them is the routes and their description at once. */
export type Endpoint = {
  methods: Method[]
  path: string
  what: string
  body?: z.ZodType
  answer: (c: Context) => Response | Promise<Response>
}

export const plain = (
  methods: Method | Method[],
  path: string,
  what: string,
  answer: Endpoint['answer'],
): Endpoint => ({ methods: [methods].flat(), path, what, answer })

/** With a JSON body that is checked before `answer` sees it. */
export const taking = <Body>(
  methods: Method | Method[],
  path: string,
  what: string,
  body: z.ZodType<Body>,
  answer: (c: Context, body: Body) => Response | Promise<Response>,
): Endpoint => ({
  ...plain(methods, path, what, async (c) => answer(c, await readBody(c, body))),
  body,
})

/** A JSON body that fits, or 415 and 422 with every problem. Also keeps other sites' forms out. */
const readBody = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  if (!/^application\/json\b/i.test(c.req.header('Content-Type') ?? ''))
    throw new HTTPException(415, { message: 'send application/json' })
  const body: unknown = await c.req.json().catch((cause: unknown) => {
    throw new HTTPException(400, { message: 'this is not JSON', cause })
  })
  return checked(schema, body)
}

export const checked = <T>(schema: z.ZodType<T>, given: unknown): T => {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new HTTPException(422, { message: z.prettifyError(parsed.error) })
}

export const pathMsisdn = (text: string | undefined): string => {
  const msisdn = readMsisdn(text ?? '')
  if (msisdn) return msisdn
  throw new HTTPException(404, { message: 'not a Kenyan mobile number' })
}
