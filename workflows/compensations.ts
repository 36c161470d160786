/**
 * The undo stack. What is to be undone is registered before it is done, because a step may act and then
 * seem to fail. Unwinding runs in reverse; each undo is idempotent and insists until it is done.
 */
import type { Parking } from './parking.ts'

export type Compensations = {
  register(what: string, undo: () => Promise<void>): void
  unwind(): Promise<void>
}

export function createCompensations(parking: Parking): Compensations {
  const stack: { what: string; undo: () => Promise<void> }[] = []
  return {
    register: (what, undo) => {
      stack.push({ what, undo })
    },
    unwind: async () => {
      for (let last = stack.pop(); last; last = stack.pop()) {
        await parking.insist(last.what, last.undo)
      }
    },
  }
}
