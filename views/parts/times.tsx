/** Times and periods as people read them, always with the machine's time beside. */
import { timeText } from '../../domain/time-words.ts'
import { toNairobiIso } from '../../domain/time.ts'
import type { Quote } from '../../domain/pricing.ts'
import type { Language, Say } from '../language.ts'

const two = (value: number) => String(value).padStart(2, '0')

/** `Fri 27 Nov`. */
export const dayText = (at: Date, language: Language, now?: Date): string =>
  timeText(at, language, now).split(',')[0] ?? ''

/** `3 days`, `3 days and 2 hours`, `5 hours`. */
export const periodText = (quote: Pick<Quote, 'days' | 'hours'>, t: Say): string => {
  const days = t('days', { n: quote.days })
  const hours = t('hours', { n: quote.hours })
  if (quote.days === 0) return hours
  return quote.hours === 0 ? days : t('and', { a: days, b: hours })
}

/** `27 to 30 Nov`, `30 Nov to 2 Dec`: without weekdays, for narrow rows. */
export const rangeText = (from: Date, to: Date, t: Say, now?: Date): string => {
  const short = (at: Date) => dayText(at, t.language, now).split(' ').slice(1).join(' ')
  const [first, last] = [short(from), short(to)]
  if (first === last) return last
  const [day = '', ...month] = first.split(' ')
  const sameMonth = month.join(' ') === last.split(' ').slice(1).join(' ')
  return t('timeRange', { from: sameMonth ? day : first, to: last })
}

type TimeProps = { at: Date; language?: Language; now?: Date; class?: string }

export const Time = ({ at, language = 'en', now, class: name }: TimeProps) => (
  <time datetime={toNairobiIso(at)} class={name}>
    {timeText(at, language, now)}
  </time>
)

/** `12:34`, or `23 h 10 min`: what is left until a deadline. */
export const leftText = (until: Date, now: Date, t: Say): string => {
  const seconds = Math.max(0, Math.floor((until.getTime() - now.getTime()) / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  return hours > 0 ? t('hoursLeft', { hours, minutes }) : `${minutes}:${two(seconds % 60)}`
}
