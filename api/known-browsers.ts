/**
 * A browser or a program that has signed in to an account before can prove it: a browser by a cookie, a program by the
 * `device_token` of its last sign-in, which only we can make. It opens nothing: it only keeps strangers' guesses from locking the
 * owner out. Who has shown a second factor as well has a second part, so that a stranger who knows the password has none.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { DAY_MS } from '../domain/time.ts'
import type { ApiDeps } from './deps.ts'

const COOKIE = 'known'
const LIFE_MS = 180 * DAY_MS
const NOT_SHOWN = '-'

const proofOf = (deps: ApiDeps, email: string): string =>
  deps.keyedHash(`known browser\n${email.toLowerCase()}`).toString('base64url')

const stepProofOf = (deps: ApiDeps, userId: string): string =>
  deps.keyedHash(`known second step\n${userId}`).toString('base64url')

export type InAtLast = { email: string; userId: string; showedFactor: boolean }

export const deviceTokenOf = (deps: ApiDeps, { email, userId, showedFactor }: InAtLast): string =>
  `${proofOf(deps, email)}.${showedFactor ? stepProofOf(deps, userId) : NOT_SHOWN}`

export const rememberBrowser = (c: Context, deps: ApiDeps, who: InAtLast): void =>
  setCookie(c, COOKIE, deviceTokenOf(deps, who), {
    prefix: 'host',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    maxAge: LIFE_MS / 1000,
  })

/** As it was shown; empty where nothing was. */
export const deviceTokenIn = (c: Context): string => getCookie(c, COOKIE, 'host') ?? ''

const isSame = (given: string, proof: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(proof)]
  return one.length === other.length && timingSafeEqual(one, other)
}

export const hasSignedInBefore = (deps: ApiDeps, deviceToken: string, email: string): boolean =>
  isSame(deviceToken.split('.')[0] ?? '', proofOf(deps, email))

export const hasShownFactorBefore = (deps: ApiDeps, deviceToken: string, userId: string): boolean =>
  isSame(deviceToken.split('.')[1] ?? '', stepProofOf(deps, userId))
