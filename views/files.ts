/**
 * The files that pages ask for: read once, and asked for by the name of their content, so that a browser keeps them
 * for good and never shows a page in the clothes of another release.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { COLOURS, type BodyType } from '../domain/fleet.ts'
import { vehicleSvg } from './vehicle-picture.tsx'
import { SHAPES } from './vehicle-shapes.ts'

/** `hash` is short, for addresses; `digest` is what a content security policy allows a file by. */
export type PageFile = { body: string; type: string; hash: string; digest: string }

const BODIES = Object.keys(SHAPES) as BodyType[]
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }
const HASH_LENGTH = 16

const typeOf = (name: string): string => TYPES[name.split('.').at(-1) as keyof typeof TYPES]

const toFile = (name: string, body: string): PageFile => {
  const sum = createHash('sha256').update(body).digest()
  return {
    body,
    type: typeOf(name),
    hash: sum.toString('base64url').slice(0, HASH_LENGTH),
    digest: `sha256-${sum.toString('base64')}`,
  }
}

export const readPageFile = (name: string, path: string): PageFile =>
  toFile(name, readFileSync(path, 'utf8'))

const own = (name: string): string => join(import.meta.dirname, 'static', name)
const WEBAUTHN = createRequire(import.meta.url)
  .resolve('@simplewebauthn/browser')
  .replace(/@simplewebauthn\/browser\/.*$/, '@simplewebauthn/browser/dist/bundle/index.umd.min.js')
const HTMX = createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')

/** Written into a page by its first visitor's answer, linked from later ones. */
export const styleSheet = readPageFile('gari.css', own('gari.css'))

const pictures = BODIES.flatMap((body) =>
  COLOURS.map((colour) => {
    const name = `vehicles/${body}-${colour}.svg`
    return [name, toFile(name, vehicleSvg(body, colour))] as const
  }),
)

export const pageFiles: ReadonlyMap<string, PageFile> = new Map([
  ['gari.css', styleSheet],
  ['gari.js', readPageFile('gari.js', own('gari.js'))],
  ['mark.svg', readPageFile('mark.svg', own('mark.svg'))],
  ['favicon.svg', readPageFile('favicon.svg', own('favicon.svg'))],
  ['htmx.js', readPageFile('htmx.js', HTMX)],
  ['webauthn.js', readPageFile('webauthn.js', WEBAUTHN)],
  ['passkeys.js', readPageFile('passkeys.js', own('passkeys.js'))],
  ...pictures,
])

export const addressOf = (name: string): string => {
  const file = pageFiles.get(name)
  if (!file) throw new Error(`there is no file ${name} for pages`)
  return `/static/${name}?v=${file.hash}`
}
