import { z } from 'zod'
import { PRODUCTS, type Product } from './product-names.ts'

const milliseconds = z.number().int().min(0).max(86_400_000)
const resultCode = z.union([z.number().int(), z.string().min(1).max(20)])

export const FAULTS = [
  'outage',
  'hang-up',
  'unreachable',
  'spike-arrest',
  'spike-arrest-500',
  'quota',
  'html-403',
  'token-expired',
  'busy',
  'garbage',
  'empty',
] as const

/** How a result of the API operator may look beside its usual shape. */
const RESULT_SHAPES = [
  'repeated-keys',
  'one-object',
  'text-values',
  'reference-list',
  'other-originator',
  'flat-timeout',
] as const

/**
 * How Daraja behaves for one phone, one amount, or everybody. Every field is one fault; they combine.
 * `on` names the products it touches: a fault touches all unless said, everything else the push.
 * `times` lets it wear off after so many uses.
 */
export const moodSchema = z.strictObject({
  on: z.array(z.enum(PRODUCTS)).min(1).optional(),
  times: z.number().int().min(1).max(1_000_000).optional(),
  fault: z.enum(FAULTS).optional(),
  answerDelayMs: milliseconds
    .optional()
    .describe('The answer is held back; the request took effect before.'),
  neverAnswer: z
    .boolean()
    .optional()
    .describe('The same, for ever: executed, but nobody is told so.'),
  breakAnswer: z
    .boolean()
    .optional()
    .describe('Executed, but the connection breaks before the answer.'),
  neverResult: z.boolean().optional(),
  resultCode: resultCode.optional(),
  resultDesc: z
    .string()
    .max(200)
    .optional()
    .describe('Safaricom’s free text, in place of the usual one.'),
  resultAfterMs: milliseconds.optional(),
  paysAfterLostMs: milliseconds
    .optional()
    .describe(
      'Looks lost first (lostCode, null = silence), then the customer’s money comes after all.',
    ),
  lostCode: resultCode.nullable().optional(),
  dropCallback: z
    .boolean()
    .optional()
    .describe('Executed, but the callback, confirmation or result is lost.'),
  callbackDelayMs: milliseconds.optional(),
  callbackCopies: z.number().int().min(1).max(20).optional(),
  callbackReorderMs: milliseconds
    .optional()
    .describe('Collects what comes within this time and sends it newest first.'),
  holdCallback: z.boolean().optional().describe('Waits until the control API lets it out.'),
  callbackBeforeAnswer: z.boolean().optional(),
  callbackAmountOffset: z.number().int().optional(),
  callbackRetries: z.number().int().min(0).max(5).optional(),
  stringResultCode: z.boolean().optional(),
  balanceWithValue: z.boolean().optional(),
  withoutNames: z.boolean().optional().describe('A confirmation without any name.'),
  balanceItem: z.enum(['bare', 'absent', 'text']).optional(),
  extraItems: z.boolean().optional(),
  queueTimeout: z
    .boolean()
    .optional()
    .describe('The request waited too long: the timeout URL is called instead of the result URL.'),
  executesAfterTimeoutMs: milliseconds
    .optional()
    .describe('And is executed after all, so long after that.'),
  resultShapes: z.array(z.enum(RESULT_SHAPES)).min(1).optional(),
  queryPending: z.enum(['4999', 'error']).optional(),
  queryUnknown: z.enum(['missing', 'invalid']).optional(),
  queryHiccup: z.boolean().optional(),
})
export type Mood = z.infer<typeof moodSchema>

export type Scope = { phone?: string | undefined; amount?: number | undefined }
export type MoodKey = 'global' | `phone:${string}` | `amount:${string}`

export type Moods = {
  set: (key: MoodKey, mood: Mood) => void
  clear: (key?: MoodKey) => void
  all: () => Record<string, Mood>
  /** What holds for this call, the phone's over the amount's over everybody's; counts as one use. */
  take: (product: Product, scope: Scope) => Mood
}

export const createMoods = (): Moods => {
  const held = new Map<MoodKey, Mood>()
  return {
    set: (key, mood) => void held.set(key, mood),
    clear: (key) => (key ? void held.delete(key) : held.clear()),
    all: () => Object.fromEntries(held),
    take: (product, { phone, amount }) => {
      const keys: MoodKey[] = ['global', `amount:${amount}`, `phone:${phone}`]
      const taken = keys.flatMap((key) => {
        const mood = held.get(key)
        return mood && touches(mood, product) ? [useOnce(held, key, mood)] : []
      })
      return Object.assign({}, ...taken) as Mood
    },
  }
}

const QUERY_FIELDS = ['queryPending', 'queryUnknown', 'queryHiccup']

const touches = (mood: Mood, product: Product): boolean => {
  if (mood.on) return mood.on.includes(product)
  // The next call with the token finds it expired; fetching one proves nothing.
  if (mood.fault) return mood.fault !== 'token-expired' || product !== 'oauth'
  const fields = Object.keys(mood).filter((field) => field !== 'times')
  const forQuery = (field: string) => QUERY_FIELDS.includes(field)
  if (product === 'stk-query') return fields.some(forQuery)
  return product === 'stk-push' && fields.some((field) => !forQuery(field))
}

/** An expired token is expired once: the client's fresh one must work, or no client could recover. */
const usesLeft = (mood: Mood): number | undefined =>
  mood.times ?? (mood.fault === 'token-expired' ? 1 : undefined)

const useOnce = (held: Map<MoodKey, Mood>, key: MoodKey, mood: Mood): Mood => {
  const left = usesLeft(mood)
  if (left !== undefined) {
    if (left > 1) held.set(key, { ...mood, times: left - 1 })
    else held.delete(key)
  }
  return mood
}
