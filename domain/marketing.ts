/**
 * Offers and news: who has allowed them, in which words, and until when. The Data Protection Act 2019 asks for express consent before
 * anything is sold by what somebody told us (section 37), has whoever holds data prove it and lets it be withdrawn at any time
 * (section 32); the Data Protection (General) Regulations 2021 ask for a way out that is simple and free (regulations 15 to 17).
 */
import { DAY_MS } from './time.ts'

export const MARKETING_CHANNELS = ['email', 'sms'] as const
export type MarketingChannel = (typeof MARKETING_CHANNELS)[number]

export const isMarketingChannel = (text: string): text is MarketingChannel =>
  MARKETING_CHANNELS.includes(text as MarketingChannel)

/** How the box of a form is called. */
export const boxName = (channel: MarketingChannel) => `marketing_${channel}` as const

/** From where a choice came. */
export const CHOICE_PLACES = ['registering', 'account', 'unsubscribe_link', 'desk'] as const
export type ChoicePlace = (typeof CHOICE_PLACES)[number]

type Words = { en: string; sw: string }
export type Wording = { version: number; says: Record<MarketingChannel, Words> }

/**
 * What people were shown beside the box, `{name}` being who we are. Nothing of a wording is ever changed, because rows name it: another
 * one is added with the next number, and whoever said yes to an earlier one is asked again.
 */
export const WORDINGS: readonly Wording[] = [
  {
    version: 1,
    says: {
      email: {
        en: '{name} may send me offers and news by e-mail. I can stop this at any time.',
        sw: '{name} inaweza kunitumia ofa na habari kwa barua pepe. Naweza kusitisha wakati wowote.',
      },
      sms: {
        en: '{name} may send me offers and news by SMS. I can stop this at any time.',
        sw: '{name} inaweza kunitumia ofa na habari kwa SMS. Naweza kusitisha wakati wowote.',
      },
    },
  },
]
const LAST = WORDINGS.at(-1) as Wording

/** What is shown now. */
export const WORDING = LAST.version

/** Null for a wording that there never was. */
export const wordingText = (
  version: number,
  channel: MarketingChannel,
  language: 'en' | 'sw',
): string | null => WORDINGS.find((one) => one.version === version)?.says[channel][language] ?? null

/** Nobody remembers for ever what they allowed: afterwards it is asked again. */
export const CONSENT_MS = 730 * DAY_MS

export type MarketingChoice = {
  channel: MarketingChannel
  given: boolean
  wording: number
  chosenAt: Date
}

/** `never`: not asked, or not answered. `lapsed`: a yes to other words, or too long ago. */
export type Standing = 'given' | 'lapsed' | 'withdrawn' | 'never'

/** Of the last choice for a channel. */
export function standingOf(last: MarketingChoice | null, now: Date, wording = WORDING): Standing {
  if (!last) return 'never'
  if (!last.given) return 'withdrawn'
  const isOld = now.getTime() - last.chosenAt.getTime() >= CONSENT_MS
  return isOld || last.wording !== wording ? 'lapsed' : 'given'
}

/**
 * For every mail of this kind: mail programs show a button beside its sender, and press it by a POST of their own (RFC 2369, RFC 8058).
 */
export const unsubscribeHeaders = (link: string): Record<string, string> => ({
  'List-Unsubscribe': `<${link}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
})
