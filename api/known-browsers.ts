/**
 * A browser that has signed in to an account before can prove it, by a cookie that only we can make. It opens
 * nothing: it only keeps strangers' guesses from locking the owner out.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { DAY_MS } from '../domain/time.ts'
import type { ApiDeps } from './deps.ts'

const COOKIE = 'known'
const LIFE_MS = 180 * DAY_MS

const proofOf = (deps: ApiDeps, email: string): string =>
  deps.keyedHash(`known browser\n${email.toLowerCase()}`).toString('base64url')

export const rememberBrowser = (c: Context, deps: ApiDeps, email: string): void =>
  setCookie(c, COOKIE, proofOf(deps, email), {
    prefix: 'host',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    maxAge: LIFE_MS / 1000,
  })

export function isKnownBrowser(c: Context, deps: ApiDeps, email: string): boolean {
  const given = Buffer.from(getCookie(c, COOKIE, 'host') ?? '')
  const proof = Buffer.from(proofOf(deps, email))
  return given.length === proof.length && timingSafeEqual(given, proof)
}
