/**
 * What Temporal's own pages may do in a browser that is signed in to ours. They are somebody else's code at our address, so they
 * reach nothing of ours but what is written here: no form, frame or window of ours, and no address but theirs and the codec's.
 */
import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Env } from './deps.ts'

export const TEMPORAL_PATH = '/temporal'

/** Downloads are histories that somebody saves; without windows of their own, links to other sites do not open. */
const SANDBOX = 'sandbox allow-scripts allow-same-origin allow-forms allow-downloads'

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

const digestOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Scripts that stand in the page itself run to the letter only, as styles of ours do. */
const scriptsIn = (page: string): string[] =>
  [...page.matchAll(INLINE_SCRIPT)].map(([, script = '']) => digestOf(script))

export function policyFor(publicUrl: string, page: string): string {
  const { origin } = new URL(publicUrl)
  const theirs = `${origin}${TEMPORAL_PATH}/`
  return [
    "default-src 'none'",
    `script-src ${[theirs, ...scriptsIn(page)].join(' ')}`,
    // Its editor writes its styles into the page while it runs.
    `style-src ${theirs} 'unsafe-inline'`,
    `img-src ${theirs} data:`,
    `font-src ${theirs} data:`,
    `manifest-src ${theirs}`,
    `media-src ${theirs}`,
    `connect-src ${theirs} ${origin}/codec/`,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    SANDBOX,
  ].join('; ')
}

/** Stands before the headers of all pages, so that it speaks after them. */
export const ownPolicy: MiddlewareHandler<Env> = async (c, next) => {
  await next()
  const policy = c.get('contentPolicy')
  if (policy) c.header('Content-Security-Policy', policy)
}
