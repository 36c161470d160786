/**
 * What JSON allows and no two readers agree about: the same key twice, `__proto__`, texts with signs that cannot be seen or
 * stored, and nesting that serves nobody. Refused before any schema looks at it, with the place named.
 */
import type { FieldProblem } from '../domain/errors.ts'

const DEEPEST = 16
const MOST_ITEMS = 1_000

/** Strings, and what opens, closes and parts; numbers and words need no look. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs

/** Control signs except tab and line ends, and halves of surrogate pairs. */
const UNSEEN = /(?![\t\n\r])\p{Cc}|\p{Surrogate}/u

export const hasUnseen = (text: string): boolean => UNSEEN.test(text)

/** An object with the keys it has shown, or an array; `at` is where the reader is inside. */
type Frame = { keys: Set<string> | null; at: string | number }

const pathOf = (frames: readonly Frame[]): string => frames.map(({ at }) => at).join('.')

const problem = (frames: readonly Frame[], message: string): FieldProblem => ({
  path: pathOf(frames),
  message,
})

function openFrame(frames: Frame[], token: string): FieldProblem | null {
  if (frames.length >= DEEPEST) return problem(frames, 'This is nested too deeply.')
  frames.push(token === '{' ? { keys: new Set(), at: '' } : { keys: null, at: 0 })
  return null
}

function nextItem(frames: Frame[]): FieldProblem | null {
  const frame = frames.at(-1)
  if (typeof frame?.at !== 'number') return null
  frame.at += 1
  if (frame.at < MOST_ITEMS) return null
  return problem(frames.slice(0, -1), `Send at most ${MOST_ITEMS} of these.`)
}

function readKey(frames: Frame[], key: string): FieldProblem | null {
  const frame = frames.at(-1)
  if (!frame?.keys) return null
  const isRepeated = frame.keys.has(key)
  frame.keys.add(key)
  frame.at = key
  if (key === '__proto__') return problem(frames, 'A field cannot have this name.')
  return isRepeated ? problem(frames, 'This field is there twice.') : null
}

function readText(frames: Frame[], token: string, isKey: boolean): FieldProblem | null {
  const text = JSON.parse(token) as string
  if (hasUnseen(text)) return problem(frames, 'Leave out characters that cannot be seen.')
  return isKey ? readKey(frames, text) : null
}

/** Of a text that `JSON.parse` has taken; null when nothing is wrong with it. */
export function findFault(json: string): FieldProblem | null {
  const frames: Frame[] = []
  let before = ''
  for (const [token] of json.matchAll(TOKENS)) {
    let fault: FieldProblem | null = null
    if (token === '{' || token === '[') fault = openFrame(frames, token)
    else if (token === '}' || token === ']') frames.pop()
    else if (token === ',') fault = nextItem(frames)
    else if (token !== ':')
      fault = readText(frames, token, frames.at(-1)?.keys !== null && /[{,]/.test(before))
    if (fault) return fault
    before = token.startsWith('"') ? '"' : token
  }
  return null
}
