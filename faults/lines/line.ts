/**
 * A line of business under faults: what its people do, and what must be true of it afterwards. Rental and payments are
 * such lines; a sale or a stay adds one file beside them and its name to index.ts.
 */
import type { Plant, Rule } from '../checker/world.ts'
import type { Facts, Outcome } from '../log.ts'
import type { Person } from '../person.ts'

export type Deed = {
  name: string
  /** How often, compared with the other deeds. */
  weight: number
  /** From the first click to the end that this person wanted; resolves also when they give up. */
  tell: (person: Person) => Promise<void>
}

export type Line = {
  name: string
  deeds: Deed[]
  /** Promises of this line, beside those that hold for all. */
  rules: Rule[]
}

/** To break a rule with: somebody says that they did this, and there is nothing of it. */
export const claim =
  (line: string, what: string, facts: Facts, outcome: Outcome = 'ok'): Plant =>
  (world) => {
    const when = { tries: 1, beganAt: 0, endedAt: 1 }
    const action = { id: 'planted', line, what, facts, outcome, ...when }
    return { ...world, actions: [...world.actions, action] }
  }
