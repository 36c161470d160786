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
  /** All since the beginning that still count, in the order in which they began. */
  read(): Action[]
  /**
   * By intention Gari is to know nothing of what was answered between the two moments: its databases were put back. What
   * was answered before the first still counts.
   */
  forget(from: number, to: number): void
}

type Written =
  | { id: string; at: number; step: 'begin'; line: string; what: string; facts: Facts }
  | { id: string; at: number; step: 'again' }
  | { id: string; at: number; step: 'end'; outcome: Outcome; facts: Facts }
  | { id: string; at: number; step: 'forget'; from: number }

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
    forget: (from, to) => write({ id: '', at: to, step: 'forget', from }),
  }
}

export function readLog(file: string): Action[] {
  const actions = new Map<string, Action>()
  const gaps: Gap[] = []
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as Written
    if (line.step === 'begin') {
      const { id, line: of, what, facts, at } = line
      const began = { outcome: null, tries: 1, beganAt: at, endedAt: null }
      actions.set(id, { id, line: of, what, facts, ...began })
    } else if (line.step === 'forget') gaps.push({ from: line.from, to: line.at })
    else follow(actions, line)
  }
  return gaps.reduce(without, [...actions.values()])
}

type Gap = { from: number; to: number }
/** By these an action says what it is about. */
const SUBJECTS = ['id', 'owner', 'payment', 'account', 'phone', 'number']

/**
 * What was under way in the gap, and whatever is about the same thing and was answered after the gap began: who books in
 * it and pays later pays for what is gone.
 */
function without(actions: Action[], { from, to }: Gap): Action[] {
  const isAnsweredBefore = ({ endedAt }: Action) => endedAt !== null && endedAt <= from
  const subjectsOf = ({ facts }: Action) =>
    SUBJECTS.map((name) => textIn(facts, name)).filter((subject) => subject !== '')
  const lost = new Set<string>()
  const isLost = (action: Action): boolean =>
    !isAnsweredBefore(action) &&
    (action.beganAt <= to || subjectsOf(action).some((subject) => lost.has(subject)))
  // In the order in which they began, so that what follows from another comes after it.
  return actions.filter((action) => {
    if (!isLost(action)) return true
    for (const subject of subjectsOf(action)) lost.add(subject)
    return false
  })
}

type Step = Exclude<Written, { step: 'begin' | 'forget' }>
function follow(actions: Map<string, Action>, line: Step): void {
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
