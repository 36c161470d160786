import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

/**
 * Browsers name the page a POST comes from; another site's is refused, whatever its content type.
 * Hono's csrf looks at form bodies only and refuses scripts, which name no page.
 */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header('Origin')
  const own = new URL(c.req.url).origin
  if (c.req.method !== 'GET' && origin !== undefined && origin !== own)
    throw new HTTPException(403, { message: 'this form belongs to another site' })
  await next()
}
