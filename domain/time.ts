/**
 * Nairobi's clock. Kenya has kept UTC+3 without daylight saving since 1960, so a fixed offset is exact,
 * needs no tables, and is deterministic inside workflows.
 */
const NAIROBI_OFFSET_MS = 3 * 60 * 60 * 1000
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
export const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

export type Clock = {
  year: number
  month: number
  day: number
  /** 0 = Monday. */
  weekday: number
  hour: number
  minute: number
  second: number
}

export const nairobiClock = (at: Date): Clock => {
  const local = new Date(at.getTime() + NAIROBI_OFFSET_MS)
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: (local.getUTCDay() + 6) % 7,
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  }
}

const two = (value: number) => String(value).padStart(2, '0')

/** `2026-11-27T10:00:00+03:00`: the API's times. */
export const toNairobiIso = (at: Date): string => {
  const c = nairobiClock(at)
  return `${c.year}-${two(c.month)}-${two(c.day)}T${two(c.hour)}:${two(c.minute)}:${two(c.second)}+03:00`
}

/** `2026-11-27T10:00`: the value of an `<input type="datetime-local">`. */
export const toFormTime = (at: Date): string => toNairobiIso(at).slice(0, 16)

const FORM_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/

/** Reads a form's local time as Nairobi time, or any ISO time with an offset; null when it is neither. */
export const parseTime = (text: string): Date | null => {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
  if (!zoned && !FORM_TIME.test(text)) return null
  const at = new Date(zoned ? text : `${text.slice(0, 16)}:00+03:00`)
  if (Number.isNaN(at.getTime())) return null
  // JavaScript rolls 31 February over into March; a date that does not survive the trip was none.
  if (!zoned && toFormTime(at) !== text.slice(0, 16)) return null
  return at
}

/** `Fri 27 Nov, 10:00`; the year only when it is not this year's. */
export const formatTime = (at: Date, now?: Date): string => {
  const c = nairobiClock(at)
  const year = now && nairobiClock(now).year !== c.year ? ` ${c.year}` : ''
  return `${WEEKDAYS[c.weekday]} ${c.day} ${MONTHS[c.month - 1]}${year}, ${two(c.hour)}:${two(c.minute)}`
}

/** `14:30`. */
export const formatClock = (at: Date): string => {
  const c = nairobiClock(at)
  return `${two(c.hour)}:${two(c.minute)}`
}

/** The start of this instant's day in Nairobi. */
export const startOfDay = (at: Date): Date => {
  const shifted = at.getTime() + NAIROBI_OFFSET_MS
  return new Date(shifted - (((shifted % DAY_MS) + DAY_MS) % DAY_MS) - NAIROBI_OFFSET_MS)
}
