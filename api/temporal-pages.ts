/** What a request of Temporal's own pages says about itself. */
import type { Context } from 'hono'

const LONGEST_ID = 200

/** A browser says whose page asks; one that does not say must name our own address as where it comes from. */
export function isOwnPage(c: Context, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  return c.req.header('origin') === new URL(publicUrl).origin
}

/** An id as people know it; what is no part of an address is nothing. */
const clear = (text: string | undefined): string | null => {
  try {
    return text === undefined ? null : decodeURIComponent(text).slice(0, LONGEST_ID)
  } catch {
    return null
  }
}

/** Which namespace and which workflow an address of theirs is about. */
export function subjectOf(address: string): {
  namespace: string | null
  workflowId: string | null
} {
  const found = /\/namespaces\/([^/?#]+)(?:\/workflows\/([^/?#]+))?/.exec(address)
  return { namespace: clear(found?.[1]), workflowId: clear(found?.[2]) }
}
