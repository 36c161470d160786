/** What the pages about offers and news show. */
import type { FieldProblem } from './errors.ts'
import type { ChoicePlace, MarketingChannel, Standing } from './marketing.ts'

export type ChoiceRow = {
  channel: MarketingChannel
  standing: Standing
  /** Of the last yes or no; null where there never was one. */
  chosenAt: Date | null
  /** Whether we know where to send to, and whether it is proven to be theirs. */
  contact: 'proven' | 'unproven' | 'none'
}

export type ChoiceLine = {
  channel: MarketingChannel
  given: boolean
  chosenAt: Date
  place: ChoicePlace
  /** Who wrote it down for them; shown to staff only. */
  chooserName: string | null
  /** The words that they were shown, in the language in which they were. */
  words: string
}

export type ChoicesPage = {
  /** Who we are, for the words beside the boxes. */
  controller: string
  wording: number
  rows: ChoiceRow[]
  /** The newest first. */
  history: ChoiceLine[]
  done: 'choices' | null
  problems: FieldProblem[]
  now: Date
}

export type CustomerChoicesPage = ChoicesPage & {
  customer: { id: string; name: string; number: string }
  language: 'en' | 'sw'
  mayChange: boolean
}

/** By the link in an offer; it names nobody, because anybody may have been sent the mail. */
export type UnsubscribePage = { channel: MarketingChannel; path: string; done: boolean }
