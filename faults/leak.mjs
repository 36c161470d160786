/**
 * Loaded before a worker (`--import`): after a while it keeps more and more, until nothing is left. What Node does then
 * is its own: it ends. Plain JavaScript, because nothing translates TypeScript yet when it is loaded.
 */
import { isMainThread } from 'node:worker_threads'

/** A worker has begun by then, also on a busy machine. */
const FIRST_MS = 20_000
const EVERY_MS = 200
const NUMBERS = 400_000
const kept = []

const leak = () => {
  kept.push(Array.from({ length: NUMBERS }, (_, nth) => ({ nth })))
  setTimeout(leak, EVERY_MS).unref()
}
if (isMainThread) setTimeout(leak, FIRST_MS).unref()
