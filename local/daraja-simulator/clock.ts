import { nairobiClock } from '../../domain/time.ts'

/** Time as the simulator sees it, so that tests move it by hand instead of sleeping. */
export type Clock = {
  now: () => Date
  /** Runs once after so many milliseconds; the answer takes it back. */
  after: (delayMs: number, run: () => void) => () => void
}

export const realClock: Clock = {
  now: () => new Date(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    // A prompt nobody answers must not keep the process alive.
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })

const two = (value: number) => String(value).padStart(2, '0')

/** `20261121101530`: Daraja's times, on the East African clock. */
export const compactTime = (at: Date): string => {
  const c = nairobiClock(at)
  return `${c.year}${two(c.month)}${two(c.day)}${two(c.hour)}${two(c.minute)}${two(c.second)}`
}

/** `21112026101530`: the same with the day first, as it stands in a CheckoutRequestID. */
export const dayFirstTime = (at: Date): string => {
  const compact = compactTime(at)
  return `${compact.slice(6, 8)}${compact.slice(4, 6)}${compact.slice(0, 4)}${compact.slice(8)}`
}

/** `21/11/26 at 10:16 AM`: how M-Pesa's messages say it. */
export const spokenTime = (at: Date): string => {
  const c = nairobiClock(at)
  const hour = c.hour % 12 === 0 ? 12 : c.hour % 12
  return `${c.day}/${c.month}/${String(c.year).slice(2)} at ${hour}:${two(c.minute)} ${c.hour < 12 ? 'AM' : 'PM'}`
}

/** `21.11.2026 10:16:02`: how the result of a payout says it. */
export const dottedTime = (at: Date): string => dayFirst(at, '.')

/** `21-11-2026 10:16:02`: how the organisation statement says it. */
export const statementTime = (at: Date): string => dayFirst(at, '-')

const dayFirst = (at: Date, mark: string): string => {
  const c = nairobiClock(at)
  const day = [two(c.day), two(c.month), String(c.year)].join(mark)
  return `${day} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`
}
