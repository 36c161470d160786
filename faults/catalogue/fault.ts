/** One thing that goes wrong while people work: what it is, what must hold all the same, and how it is made. */
import type { Rule, Sql } from '../checker/world.ts'
import type { House } from '../house.ts'
import type { ActionLog } from '../log.ts'
import type { Person } from '../person.ts'

export type Scene = {
  house: House
  /** One of ten in a row: no more rounds and seconds than it needs to bite. */
  isShort: boolean
  log: ActionLog
  sql: Sql
  /** Somebody beside the crowd, for what the fault needs to happen at one moment. */
  stranger: Person
  /** The crowd goes on meanwhile: this is the length of the fault, not a wait for something. */
  lasts: (seconds: number) => Promise<void>
  until: (what: string, look: () => Promise<boolean>, withinSeconds?: number) => Promise<void>
  /** For what ends by itself and takes long: in the short form the next faults come meanwhile, and the look at the end waits for it. */
  outlasts: (work: Promise<unknown>) => Promise<void>
  /** Something of this fault's own promise does not hold. */
  complain: (what: string) => void
  /** What came before was preparation, and people went on as usual. */
  begins: () => void
  /** For what is seen only when all is healed, and somebody who came after it was served. `healedAt`: when the healing began. */
  afterwards: (look: (healedAt: number) => Promise<void>) => void
  /**
   * Brings all of Gari back, where the fault goes on to look at more: what follows is no longer the fault. Others leave it to
   * the healing after them.
   */
  heals: (bringBack: () => Promise<void>) => Promise<void>
}

export type Fault = {
  /** As in the table of faults. */
  number: number
  name: string
  promise: string
  /** One of the ten that `npm test` tries. */
  isShort?: boolean
  /** It leaves things behind that other faults would stumble over. */
  hasHouseOfItsOwn?: boolean
  /** PostgreSQL's tables lie on a disk that can be filled; in a house of its own. */
  needsSmallDisk?: boolean
  /** Makes it happen and resolves when it is over; connections, dead parts and M-Pesa's moods are healed afterwards. */
  happen: (scene: Scene) => Promise<void>
  /** Looked at besides all others, when all is quiet. */
  rules?: Rule[]
  /** Rules that it breaks by intention, by their names, each with what must hold in its place. */
  instead?: Record<string, Rule>
  /** When what it leaves needs longer than a minute to come to rest, and why. */
  rest?: { seconds: number; because: string }
}
