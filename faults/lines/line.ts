/**
 * A line of business under faults: what its people do, and what must be true of it afterwards. Rental and payments are
 * such lines; a sale or a stay adds one file beside them and its name to index.ts.
 */
import type { Person } from '../person.ts'
import type { Rule } from '../checker/world.ts'

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
