/** A sliding window over two counters: what the last window saw counts by the part of it that is still inside. */

/** `hits` of the window that runs since `elapsedMs`, `before` of the one before it. */
export type Window = { hits: number; before: number; elapsedMs: number; windowMs: number }

export const seenIn = ({ hits, before, elapsedMs, windowMs }: Window): number =>
  Math.floor((before * (windowMs - elapsedMs)) / windowMs) + hits

/** How long until one more is within `most`, when nobody asks meanwhile; 0 when it is now. */
export function waitMs(window: Window, most: number): number {
  const { hits, before, elapsedMs, windowMs } = window
  if (seenIn(window) < most) return 0
  // A moment later than the one at which the sum would be exactly one too many. Divided last: what is whole stays whole.
  const after = (gone: number, of: number) => Math.max(0, Math.ceil((windowMs * gone) / of)) + 1
  if (hits < most) return after(before - (most - hits), before) - elapsedMs
  return windowMs - elapsedMs + after(hits - most, hits)
}

const SECOND_MS = 1_000

/** As headers say it: whole seconds, after which it is so. */
export const waitSeconds = (window: Window, most: number): number =>
  Math.ceil(waitMs(window, most) / SECOND_MS)
