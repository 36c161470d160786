/** Nobody writes over what somebody else has changed meanwhile: reads carry a version, changes bring it back (RFC 9110, 13.1.1). */
import type { Context } from 'hono'
import { z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { sha256 } from './tokens.ts'

export const versionHeader = z.object({
  'if-match': z
    .string()
    .optional()
    .openapi({ description: 'The ETag of what you have read, such as `"3"`' }),
})

export const knownHeader = z.object({
  'if-none-match': z
    .string()
    .optional()
    .openapi({ description: 'The ETag of what you have; 304 where nothing has changed' }),
})

export const tagOf = (version: number): string => `"${version}"`

/** Our compression marks the tags of what it packs as weak; ours count changes and are as strong as before. */
const TAG = /^(?:W\/)?"(\d{1,9})"$/

/** Says which version this is; true where whoever asks has it already, and 304 is all they need. */
export const isKnown = (c: Context, version: number): boolean => isTagged(c, String(version))

/** The same for what has no version of its own, because much of it is counted elsewhere. */
export const isSame = (c: Context, body: object): boolean =>
  isTagged(c, sha256(JSON.stringify(body)).toString('base64url').slice(0, 22))

function isTagged(c: Context, tag: string): boolean {
  c.header('ETag', `"${tag}"`)
  const given = c.req.header('if-none-match')?.split(',') ?? []
  return given
    .map((one) => one.trim())
    .some((one) => one === '*' || one === `"${tag}"` || one === `W/"${tag}"`)
}

/** Throws VERSION_REQUIRED without If-Match, and CHANGED_MEANWHILE for what is no version of ours. */
export function versionOf(c: Context): number {
  const given = c.req.header('if-match')?.trim()
  if (!given)
    throw new BusinessError('VERSION_REQUIRED', 'Read it first, and send its ETag as If-Match.')
  const version = TAG.exec(given)?.[1]
  if (!version) throw notOurs()
  return Number(version)
}

const notOurs = () =>
  new BusinessError('CHANGED_MEANWHILE', 'This is no ETag of ours. Read it again.')

/** For what may be asked for without having read it: null without If-Match. An empty one was meant to be a version. */
export function versionIfGiven(c: Context): number | null {
  const given = c.req.header('if-match')
  if (given === undefined) return null
  if (given.trim() === '') throw notOurs()
  return versionOf(c)
}
