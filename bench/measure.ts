/** Closed loops: so many callers, each starting the next whole booking when the last one is confirmed. */
export type Runner = {
  name: string
  /** One whole booking; answers the milliseconds to its first answer. */
  once(): Promise<number>
  stop(): Promise<void>
}

export type Figures = { perSecond: number; p50: number; p99: number; bookings: number }

/** Of numbers in order, from 0 to 1. */
export const percentile = (sorted: number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

export async function measure(runner: Runner, callers: number, seconds: number): Promise<Figures> {
  const first: number[] = []
  const start = performance.now()
  const until = start + seconds * 1_000
  const caller = async () => {
    while (performance.now() < until) first.push(await runner.once())
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const took = (performance.now() - start) / 1_000
  const sorted = first.toSorted((left, right) => left - right)
  return {
    perSecond: first.length / took,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    bookings: first.length,
  }
}
