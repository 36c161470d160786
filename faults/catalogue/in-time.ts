/** An answer, whichever, comes soon: a page that hangs is worse than one that says "try again". */
import type { Scene } from './fault.ts'

/** Longer than Gari waits for any part of itself before it says so. */
const ANSWER_MS = 12_000

/** Complains when nobody answers within this time, and answers null when nobody did at all. */
export async function inTime<T>(
  { complain }: Pick<Scene, 'complain'>,
  what: string,
  ask: () => Promise<T>,
  withinMs = ANSWER_MS,
): Promise<T | null> {
  const began = performance.now()
  const answer = await ask().catch(() => null)
  const tookMs = Math.round(performance.now() - began)
  if (answer === null || tookMs > withinMs) complain(`${what}: nothing within ${tookMs} ms`)
  return answer
}
