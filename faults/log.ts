/**
 * What people did, as they saw it: one line before and one line after every action, on disk before anything else
 * happens. It knows nothing of Gari; the checker compares it with what Gari says.
 */
import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'

/** `unknown`: nobody answered, or not clearly. It may have happened or not, but never both. */
export type Outcome = 'ok' | 'refused' | 'unknown'
export type Facts = Record<string, string | number | boolean | null>

/** One of them as text; empty where it is absent. */
export const textIn = (facts: Record<string, unknown>, name: string): string => {
  const value = facts[name] ?? ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export type Action = {
  id: string
  line: string
  /** Verb and object: `book`, `ask for payment`, `cancel`. */
  what: string
  /** What was asked for, and since its end what was answered. */
  facts: Facts
  /** Null while it is under way. */
  outcome: Outcome | null
  /** Once, and once more for each time that nobody answered clearly. */
  tries: number
  beganAt: number
  endedAt: number | null
}

export type Entry = { end(outcome: Outcome, facts?: Facts): Outcome; tryAgain(): void }
export type ActionLog = {
  begin(line: string, what: string, facts: Facts): Entry
  /** All since the beginning, in the order in which they began. */
  read(): Action[]
}

type Written =
  | { id: string; at: number; step: 'begin'; line: string; what: string; facts: Facts }
  | { id: string; at: number; step: 'again' }
  | { id: string; at: number; step: 'end'; outcome: Outcome; facts: Facts }

export function openLog(file: string): ActionLog {
  const write = (line: Written) => appendFileSync(file, `${JSON.stringify(line)}\n`)
  return {
    begin: (line, what, facts) => {
      const id = randomUUID()
      write({ id, at: Date.now(), step: 'begin', line, what, facts })
      return {
        tryAgain: () => write({ id, at: Date.now(), step: 'again' }),
        end: (outcome, answered = {}) => {
          write({ id, at: Date.now(), step: 'end', outcome, facts: answered })
          return outcome
        },
      }
    },
    read: () => readLog(file),
  }
}

export function readLog(file: string): Action[] {
  const actions = new Map<string, Action>()
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as Written
    if (line.step === 'begin') {
      const { id, line: of, what, facts, at } = line
      const began = { outcome: null, tries: 1, beganAt: at, endedAt: null }
      actions.set(id, { id, line: of, what, facts, ...began })
    } else follow(actions, line)
  }
  return [...actions.values()]
}

function follow(actions: Map<string, Action>, line: Exclude<Written, { step: 'begin' }>): void {
  const action = actions.get(line.id)
  if (!action) throw new Error(`the log ends ${line.id}, which never began`)
  if (line.step === 'again') {
    action.tries += 1
    return
  }
  action.outcome = line.outcome
  action.endedAt = line.at
  action.facts = { ...action.facts, ...line.facts }
}
