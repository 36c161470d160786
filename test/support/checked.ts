/** The checker of `faults/`, for tests that start Gari by themselves: nothing under way, and every rule of the books kept. */
import { calendarRules } from '../../faults/checker/calendar.ts'
import { findBroken } from '../../faults/checker/index.ts'
import { moneyRules } from '../../faults/checker/money.ts'
import { untilQuiet } from '../../faults/checker/quiet.ts'
import { startWatching } from '../../faults/checker/watch.ts'
import { createInspector } from '../../faults/checker/world.ts'
import type { Stack } from './stack.ts'

export type Checked = {
  /** Waits until all is quiet; answers what is still under way then, and every broken promise. */
  findBroken: (withinMs: number) => Promise<string[]>
  close: () => Promise<void>
}

/** From now on its witness sees what changes. */
export async function watchBooks(stack: Stack): Promise<Checked> {
  const inspector = await createInspector({ ...stack, readActions: () => [] })
  await startWatching(inspector.sql)
  return {
    findBroken: async (withinMs) => {
      const { busy } = await untilQuiet(inspector, withinMs)
      const world = await inspector.look({ events: false })
      const broken = await findBroken(world, [...calendarRules, ...moneyRules])
      return [
        ...busy.map((what) => `still under way: ${what}`),
        ...broken.flatMap(({ rule, what }) => what.map((one) => `${rule}: ${one}`)),
      ]
    },
    close: () => inspector.close(),
  }
}
