/** Nobody writes over what somebody else has changed meanwhile: reads carry a version, changes bring it back (RFC 9110, 13.1.1). */
import type { Context } from 'hono'
import { z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'

export const versionHeader = z.object({
  'if-match': z
    .string()
    .optional()
    .openapi({ description: 'The ETag of what you have read, such as `"3"`' }),
})

export const tagOf = (version: number): string => `"${version}"`

/** Throws VERSION_REQUIRED without If-Match, and CHANGED_MEANWHILE for what is no version of ours. */
export function versionOf(c: Context): number {
  const given = c.req.header('if-match')?.trim()
  if (!given)
    throw new BusinessError('VERSION_REQUIRED', 'Read it first, and send its ETag as If-Match.')
  const version = /^"(\d{1,9})"$/.exec(given)?.[1]
  if (!version)
    throw new BusinessError('CHANGED_MEANWHILE', 'This is no ETag of ours. Read it again.')
  return Number(version)
}
