/** Which methods an address takes, as its routes say. */
import type { Context, Hono } from 'hono'
import type { Env } from './deps.ts'

export type Routes = readonly { method: string; path: string }[]

/** Its pattern may say how often: `:until{[0-9]{13}}`. */
const PARAMETER = /(\/:\w+(?:\{(?:[^{}]|\{\d+\})+\})?\??)/
const SPECIAL = /[.*+?^${}()|[\]\\]/g

/** `:id` is one part of a path, `:name{.+}` what its pattern says, `:rest?` may be missing. */
const patternOf = (path: string): RegExp => {
  const parts = path.split(PARAMETER).map((part) => {
    if (!part.startsWith('/:')) return part.replaceAll(SPECIAL, String.raw`\$&`)
    const own = /\{(.+)\}/.exec(part)?.[1] ?? '[^/]+'
    return `(?:/${own})${part.endsWith('?') ? '?' : ''}`
  })
  return new RegExp(`^${parts.join('')}$`)
}

/** None when there is no such path. */
export const methodsOf = (routes: Routes, path: string): string[] => {
  const real = routes.filter(({ method }) => method !== 'ALL')
  // A route of this very address hides those whose parameter would fit it.
  const exact = real.filter((route) => route.path === path)
  const found = exact.length > 0 ? exact : real.filter((one) => patternOf(one.path).test(path))
  return [...new Set(found.map(({ method }) => method))]
}

export type MethodsAt = (path: string) => string[]

/** Asked when somebody errs, so once all rooms have their routes. */
export const methodsIn =
  (app: Hono<Env>): MethodsAt =>
  (path) =>
    methodsOf(app.routes, path)

/** The address is there for other methods only, which is said before anybody is asked who they are. */
export const isWrongMethod = (c: Context, allowed: readonly string[]): boolean =>
  allowed.length > 0 && !allowed.includes(c.req.method === 'HEAD' ? 'GET' : c.req.method)
