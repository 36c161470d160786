/** What people choose about offers and news: at registering, on their page, by a link, or at the desk. */
import type { Tx } from '../db/connection.ts'
import { inTransaction } from '../db/connection.ts'
import { keepChoice, listChoices, type NewChoice } from '../db/marketing.ts'
import type { ChoicesPage } from '../domain/choice-pages.ts'
import type { Customer } from '../domain/customers.ts'
import { BusinessError } from '../domain/errors.ts'
import {
  isMarketingChannel,
  MARKETING_CHANNELS,
  standingOf,
  WORDING,
  wordingText,
  type MarketingChannel,
} from '../domain/marketing.ts'
import type { Ticked } from '../domain/schemas/marketing.ts'
import type { ApiDeps } from './deps.ts'
import { limit } from './limits.ts'

type Whose = Pick<NewChoice, 'userId' | 'language' | 'place' | 'actorId' | 'now'>

/** Of a new account: what is not ticked says nothing. */
export async function keepTicked(tx: Tx, { wording, ticked }: Ticked, whose: Whose): Promise<void> {
  for (const channel of ticked) await keepChoice(tx, { ...whose, channel, given: true, wording })
}

/** What is not ticked is a no where there was a yes, and says nothing where nothing was ever said. */
export const changeChoices = (
  deps: ApiDeps,
  { wording, ticked }: Ticked,
  whose: Whose,
): Promise<void> =>
  inTransaction(deps.db, async (tx) => {
    const before = await listChoices(tx, whose.userId)
    for (const channel of MARKETING_CHANNELS) {
      const given = ticked.includes(channel)
      if (given || before.some((one) => one.channel === channel))
        await keepChoice(tx, { ...whose, channel, given, wording })
    }
  })

type Facts = Pick<Customer, 'id' | 'email' | 'emailVerified' | 'phone' | 'phoneVerified'>

const contactOf = (one: Facts, channel: MarketingChannel) => {
  const [value, proven] =
    channel === 'email' ? [one.email, one.emailVerified] : [one.phone, one.phoneVerified]
  if (value === null) return 'none' as const
  return proven ? ('proven' as const) : ('unproven' as const)
}

/** Where the choices of somebody stand, and how they came to stand so. */
export async function readChoices(
  deps: ApiDeps,
  customer: Facts,
): Promise<Omit<ChoicesPage, 'done' | 'problems'>> {
  const kept = await listChoices(deps.db, customer.id)
  const now = deps.now()
  const { controller } = deps.privacy
  return {
    controller,
    wording: WORDING,
    rows: MARKETING_CHANNELS.map((channel) => {
      const last = kept.find((one) => one.channel === channel) ?? null
      return {
        channel,
        standing: standingOf(last, now),
        chosenAt: last?.chosenAt ?? null,
        contact: contactOf(customer, channel),
      }
    }),
    history: kept.map(({ channel, given, chosenAt, place, chooserName, wording, language }) => ({
      channel,
      given,
      chosenAt,
      place,
      chooserName,
      words: (wordingText(wording, channel, language) ?? '').replace('{name}', controller),
    })),
    now,
  }
}

type Link = { id: string; channel: string; token: string }
export type OpenLink = { userId: string; channel: MarketingChannel }

/** Nothing is looked up before the link is known to be ours, so no try says who has an account. Throws LINK_OVER. */
export async function openUnsubscribe(
  deps: ApiDeps,
  { id, channel, token }: Link,
  source: string,
): Promise<OpenLink> {
  if (isMarketingChannel(channel) && deps.unsubscribeFits(id, channel, token))
    return { userId: id, channel }
  await limit(deps, 'linkTries', source)
  throw new BusinessError('LINK_OVER', 'This link is not complete. Open it from the mail again.')
}

/** The same where the account is gone: then nothing is sent to it either. */
export async function unsubscribe(deps: ApiDeps, { userId, channel }: OpenLink): Promise<void> {
  const choice = {
    given: false,
    wording: WORDING,
    language: 'en',
    place: 'unsubscribe_link',
  } as const
  try {
    await inTransaction(deps.db, (tx) =>
      keepChoice(tx, { ...choice, userId, channel, actorId: userId, now: deps.now() }),
    )
  } catch (error) {
    if (!(error instanceof BusinessError && error.code === 'NOT_FOUND')) throw error
  }
}
