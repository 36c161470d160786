/**
 * The payment that this browser asked for last, so that trying again needs no typing again. The cookie carries its
 * id, signed together with the phone: ids stand in pages that others see, and a phone must come back only to
 * whoever typed it.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { HOUR_MS } from '../../domain/time.ts'
import { findPayment, type PaymentDetail } from '../../db/payment-reads.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'

const COOKIE = 'attempt'

type Attempt = { path: string; paymentId: string; phone: string }

const sign = (deps: ApiDeps, { path, paymentId, phone }: Attempt): string =>
  deps.keyedHash(`attempt\n${path}\n${paymentId}\n${phone}`).toString('base64url')

const isSame = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** `path` is the payment page's own; the cookie is sent nowhere else. */
export const rememberAttempt = (c: Context<Env>, deps: ApiDeps, attempt: Attempt): void =>
  setCookie(c, COOKIE, `${attempt.paymentId}.${sign(deps, attempt)}`, {
    path: attempt.path,
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    maxAge: HOUR_MS / 1000,
  })

/** The payment that this browser asked for last on this page; null when there is none. */
export async function lastAttempt(
  c: Context<Env>,
  deps: ApiDeps,
  path: string,
): Promise<PaymentDetail | null> {
  const [paymentId = '', signature = ''] = (getCookie(c, COOKIE) ?? '').split('.')
  const found = isId(paymentId) ? await findPayment(deps.db, paymentId) : null
  const own = found?.phone && sign(deps, { path, paymentId, phone: found.phone })
  return own && isSame(signature, own) ? found : null
}
