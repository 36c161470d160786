/** The boxes by which somebody allows offers and news: the words that are shown now, and their version sent along. */
import type { Child } from 'hono/jsx'
import {
  boxName,
  MARKETING_CHANNELS,
  WORDING,
  wordingText,
  type MarketingChannel,
} from '../../domain/marketing.ts'
import type { Say } from '../language.ts'
import { Hidden } from './form.tsx'

/** As they read it, with our name in it. */
export const offerWords = (
  channel: MarketingChannel,
  controller: string,
  language: 'en' | 'sw',
): string => (wordingText(WORDING, channel, language) ?? '').replace('{name}', controller)

type Props = {
  controller: string
  channels?: readonly MarketingChannel[]
  /** Those that they have ticked themselves; never any by itself. */
  ticked: readonly MarketingChannel[]
  /** What is to be said of a channel below its box. */
  note?: (channel: MarketingChannel) => Child
  t: Say
}

export const OfferBoxes = (props: Props) => {
  const { controller, channels = MARKETING_CHANNELS, ticked, note, t } = props
  return (
    <fieldset class="offer-boxes">
      <legend>{t('choicesOffers')}</legend>
      <Hidden name="wording" value={String(WORDING)} />
      {channels.map((channel) => (
        <>
          <label class="check">
            <input
              type="checkbox"
              name={boxName(channel)}
              value="yes"
              checked={ticked.includes(channel)}
            />{' '}
            {offerWords(channel, controller, t.language)}
          </label>
          {note?.(channel)}
        </>
      ))}
    </fieldset>
  )
}
