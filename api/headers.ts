/** What every answer carries, whoever made it: rooms may say more, and say for how long theirs may be kept. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { styleSheet } from '../views/files.ts'

/** What no page of ours uses, so that nothing that finds its way into one can. */
const UNUSED = {
  accelerometer: [],
  autoplay: [],
  camera: [],
  displayCapture: [],
  geolocation: [],
  gyroscope: [],
  magnetometer: [],
  microphone: [],
  midi: [],
  payment: [],
  usb: [],
}

/**
 * Nothing inline runs and nothing is evaluated: htmx without `hx-on`, `js:` values and filters in `hx-trigger` needs neither,
 * so the policy refuses them and no gate of its own (hx-csp) is loaded.
 */
export const securityHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    // Besides files, the one style sheet that pages bring along, to the letter.
    styleSrc: ["'self'", `'${styleSheet.digest}'`],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    objectSrc: ["'none'"],
  },
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  permissionsPolicy: UNUSED,
})

/** Only what says so itself is kept: files, and nothing that anybody has signed in for. */
export const keptNowhere: MiddlewareHandler = async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
}

/** On what the same address answers differently, so that nobody is handed another one's answer. */
export const varyBy =
  (...names: string[]): MiddlewareHandler =>
  async (c, next) => {
    await next()
    const known = (c.res.headers.get('Vary') ?? '').toLowerCase()
    const missing = names.filter((name) => !known.includes(name.toLowerCase()))
    if (missing.length > 0) c.header('Vary', missing.join(', '), { append: true })
  }
