/** Times in the reader's language. The clock is Nairobi's, shown in 24 hours in both languages. */
import { formatTime, nairobiClock, WEEKDAYS } from './time.ts'

export const WEEKDAYS_SW = ['Jtatu', 'Jnne', 'Jtano', 'Alh', 'Ijumaa', 'Jmosi', 'Jpili']
export const MONTHS_SW = 'Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des'.split(' ')
const two = (value: number) => String(value).padStart(2, '0')

/** 0 = Monday. */
export const weekdayText = (weekday: number, language: 'en' | 'sw'): string =>
  (language === 'sw' ? WEEKDAYS_SW : WEEKDAYS)[weekday] ?? ''

/** `Fri 27 Nov, 10:00` or `Ijumaa 27 Nov, 10:00`; the year only when it is not this year's. */
export const timeText = (at: Date, language: 'en' | 'sw', now?: Date): string => {
  if (language === 'en') return formatTime(at, now)
  const c = nairobiClock(at)
  const year = now && nairobiClock(now).year !== c.year ? ` ${c.year}` : ''
  const day = `${WEEKDAYS_SW[c.weekday]} ${c.day} ${MONTHS_SW[c.month - 1]}${year}`
  return `${day}, ${two(c.hour)}:${two(c.minute)}`
}
