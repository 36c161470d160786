/**
 * A page brings its style sheet along until the browser keeps the linked one: a second question before anything can be
 * painted is a second wait. The sheet's own answer leaves its name in a cookie; who lost either gets both again.
 */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { styleSheet } from '../views/files.ts'

const COOKIE = 'style'
/** As long as browsers keep a cookie at all, and no longer than the file. */
const LIFE_SECONDS = 365 * 24 * 3_600

export const rememberStyle = (c: Context): void =>
  setCookie(c, COOKIE, styleSheet.hash, {
    prefix: 'host',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    maxAge: LIFE_SECONDS,
  })

/** Names the very sheet: after a release with another one, pages bring that along once. */
export const hasStyle = (c: Context): boolean => getCookie(c, COOKIE, 'host') === styleSheet.hash
