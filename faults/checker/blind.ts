/** Rules are broken on purpose: one that does not see it proves nothing when it finds nothing. */
import { findBroken } from './index.ts'
import type { Inspector, Rule } from './world.ts'

/** The names of rules that do not see what breaks them, in this very house; each is broken in a transaction that is undone. */
export async function findBlind(
  { look, pretend }: Pick<Inspector, 'look' | 'pretend'>,
  rules: readonly Rule[],
): Promise<string[]> {
  const world = await look()
  const blind: string[] = []
  for (const rule of rules)
    await pretend(async (sql) => {
      const planted = await rule.plant({ ...world, sql })
      if ((await findBroken(planted, [rule])).length === 0) blind.push(rule.name)
    })
  return blind
}
