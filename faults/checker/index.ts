/** All rules, and what they find. It shares no code with Gari (.dependency-cruiser.cjs sees to it). */
import { calendarRules } from './calendar.ts'
import { eventRules } from './events.ts'
import { moneyRules } from './money.ts'
import { secretRules } from './secrets.ts'
import { storyRules } from './stories.ts'
import type { Rule, World } from './world.ts'

export const GENERAL_RULES: Rule[] = [
  ...calendarRules,
  ...moneyRules,
  ...eventRules,
  ...storyRules,
  ...secretRules,
]

export type Broken = { rule: string; kind: Rule['kind']; what: string[] }

/** Empty when everything holds. */
export async function findBroken(world: World, rules: readonly Rule[]): Promise<Broken[]> {
  const broken: Broken[] = []
  for (const { name, kind, broken: look } of rules) {
    const what = await look(world)
    if (what.length > 0) broken.push({ rule: name, kind, what })
  }
  return broken
}
