/** How long the law wants what a tax was reckoned from. */
import { nairobiClock, parseTime } from './time.ts'

/** For so many years after the end of the year of income that it belongs to (Tax Procedures Act 2015, section 23). */
export const TAX_YEARS = 5

/** From this moment on nobody need keep a document of that day for the tax. */
export const taxKeptUntil = (at: Date): Date =>
  parseTime(`${nairobiClock(at).year + 1 + TAX_YEARS}-01-01T00:00`) as Date

/** What was before this need not be kept for the tax any more. */
export const taxCutoff = (now: Date): Date =>
  parseTime(`${nairobiClock(now).year - TAX_YEARS}-01-01T00:00`) as Date
