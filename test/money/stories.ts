/**
 * Random stories about money: who books, who pays how much from which phone, and how badly M-Pesa behaves meanwhile.
 * A story is drawn from a seed, so that a run can be told again.
 */
import fc from 'fast-check'

/** How M-Pesa treats one phone; as its simulator is told. */
export const MOODS = {
  calm: {},
  cancelled: { resultCode: 1032 },
  noFunds: { resultCode: 1 },
  unheardOf: { resultCode: 'XYZ_9' },
  callbackLost: { dropCallback: true },
  callbackTwice: { callbackCopies: 3 },
  callbackLate: { callbackDelayMs: 2_500 },
  callbackFirst: { callbackBeforeAnswer: true },
  reordered: { callbackReorderMs: 800 },
  // Executed, but the connection breaks before the answer.
  answerLost: { breakAnswer: true, on: ['stk-push'], times: 1 },
  turnedAway: { fault: 'spike-arrest', on: ['stk-push'], times: 1 },
  blocked: { fault: 'html-403', on: ['stk-push'], times: 1 },
  tokenExpired: { fault: 'token-expired', on: ['stk-push'], times: 1 },
  oneShort: { callbackAmountOffset: -1 },
  oneOver: { callbackAmountOffset: 1 },
  asText: { stringResultCode: true, extraItems: true, balanceItem: 'text' },
  paysAfterLost: { lostCode: 1037, paysAfterLostMs: 2_000 },
  queriesFail: { queryHiccup: true, on: ['stk-query'], times: 3 },
} as const
export type MoodName = keyof typeof MOODS
/** What can befall money sent by hand without hiding it until the hourly list. */
const BY_HAND = ['calm', 'callbackTwice', 'callbackLate', 'reordered', 'asText'] as const

export type Payer = {
  /** Answers a prompt, or sends it to the paybill by hand with the booking's number. */
  by: 'prompt' | 'hand'

  /** Of the share: nothing, half, all of it, or whatever the whole booking still needs. */
  pays: 'half' | 'share' | 'everything'
  mood: MoodName
  /** Presses the button twice, with the same key or as a new request. */
  twice: 'no' | 'same_key' | 'new_request'
}
export type MoneyStory = {
  payers: Payer[]
  /** What becomes of the booking while the money is on its way. */
  ends: 'no' | 'cancelled_at_once' | 'cancelled_later'
  days: number
  /** What a person in finance gives back of the first payment, out of kindness. */
  kindness: 'no' | 'a_little' | 'all'
}

const names = Object.keys(MOODS) as MoodName[]
const prompted: fc.Arbitrary<Payer> = fc.record({
  by: fc.constant('prompt'),
  pays: fc.constantFrom('half', 'share', 'share', 'everything'),
  // Calm as often as all others together: most people just pay.
  mood: fc.oneof(fc.constant<MoodName>('calm'), fc.constantFrom(...names)),
  twice: fc.constantFrom('no', 'no', 'no', 'same_key', 'new_request'),
})
const byHand: fc.Arbitrary<Payer> = fc.record({
  by: fc.constant('hand'),
  pays: fc.constantFrom('half', 'share', 'everything'),
  mood: fc.constantFrom(...BY_HAND),
  twice: fc.constant('no'),
})
const payer = fc.oneof({ weight: 5, arbitrary: prompted }, { weight: 1, arbitrary: byHand })

const story: fc.Arbitrary<MoneyStory> = fc.record({
  payers: fc.array(payer, { minLength: 1, maxLength: 3 }),
  ends: fc.constantFrom('no', 'no', 'no', 'no', 'cancelled_at_once', 'cancelled_later'),
  days: fc.integer({ min: 1, max: 3 }),
  kindness: fc.constantFrom('no', 'no', 'no', 'no', 'a_little', 'all'),
})

export const drawStories = (seed: number, count: number): MoneyStory[] =>
  fc.sample(story, { seed, numRuns: count })
