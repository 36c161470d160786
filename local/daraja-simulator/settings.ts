import { z } from 'zod'
import { PRODUCTS } from './product-names.ts'

/** Safaricom's public sandbox data, plus an operator's password of ours: nothing here is secret. */
export const SANDBOX = {
  consumerKey: 'gari-local-consumer-key',
  consumerSecret: 'gari-local-consumer-secret',
  shortCode: '174379',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
  initiator: 'testapi',
  initiatorPassword: 'gari-local-operator-2026',
  merchantName: 'GARI LTD',
}
export type Merchant = typeof SANDBOX

const milliseconds = z.number().int().min(0).max(86_400_000)

/** What a customer's phone does by itself; `resultCode` scripts M-Pesa's verdict instead. */
export const autopilotSchema = z.strictObject({
  answer: z.enum(['pay', 'cancel', 'wrong-pin', 'ignore']).default('pay'),
  resultCode: z.union([z.number().int(), z.string().min(1).max(20)]).optional(),
  afterMs: milliseconds.default(0),
})
export type Autopilot = z.infer<typeof autopilotSchema>

export const settingsSchema = z.strictObject({
  promptDelayMs: milliseconds
    .default(600)
    .describe('From the accepted push to the prompt on the handset.'),
  promptLifetimeMs: milliseconds
    .default(60_000)
    .describe('How long a prompt waits for a PIN before 1037.'),
  offTimeoutMs: milliseconds
    .default(20_000)
    .describe('How long the network looks for a phone that is off before 1037.'),
  processingMs: milliseconds.default(900).describe('From the PIN to the result.'),
  resultDelayMs: milliseconds
    .default(2_000)
    .describe('From an accepted reversal, payout or question to its result.'),
  lockLimitMs: milliseconds
    .default(180_000)
    .describe('A push whose result never comes stops blocking its phone after this.'),
  tokenLifetimeMs: milliseconds.default(3_600_000),
  callsPerSecond: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(null)
    .describe('More calls of one product within a second meet the spike arrest (429).'),
  newTokenKillsOld: z
    .boolean()
    .default(false)
    .describe('The portal says that a new token kills the old one; live clients never saw it.'),
  wrongKeyAnswer: z.enum(['empty', 'json']).default('empty'),
  unsubscribed: z
    .array(z.enum(PRODUCTS))
    .default([])
    .describe(
      'Products that our app lacks: their calls are answered as a token that does not reach them.',
    ),
  ruleSeventeen: z
    .boolean()
    .default(true)
    .describe('Rule 17: the same phone paying the same amount again within two minutes.'),
  lockSubscriber: z.boolean().default(true),
  till: z
    .string()
    .regex(/^\d{5,8}$/)
    .nullable()
    .default(null)
    .describe(
      'The till that belongs to the store number; with it the shortcode takes CustomerBuyGoodsOnline.',
    ),
  strict: z
    .boolean()
    .default(false)
    .describe(
      'Refuses fields that are not documented, numbers sent as texts, and all that the next two refuse.',
    ),
  strictTimestamp: z
    .boolean()
    .default(false)
    .describe('Refuses a Timestamp more than five minutes off the East African clock.'),
  bannedWords: z
    .boolean()
    .default(false)
    .describe('Refuses addresses of ours in which words such as query or exe occur.'),
  queryPending: z.enum(['4999', 'error']).default('4999'),
  queryUnknown: z.enum(['missing', 'invalid']).default('missing'),
  confirmPushes: z
    .boolean()
    .default(false)
    .describe('Also posts a C2B confirmation for each paid push, when addresses are registered.'),
  c2bMode: z
    .enum(['sandbox', 'production'])
    .default('sandbox')
    .describe('In production addresses are registered once; in the sandbox as often as one likes.'),
  c2bVersion: z.enum(['both', 'v1', 'v2']).default('both'),
  c2bResponseCode: z
    .enum(['0', '00000000', 'missing'])
    .default('0')
    .describe('Three ways in which the answer of a registration was seen.'),
  c2bValidation: z
    .boolean()
    .default(true)
    .describe('Off until Safaricom switches external validation on for a paybill.'),
  validationTimeoutMs: milliseconds.default(8_000),
  c2bMsisdn: z
    .enum(['version', 'masked', 'hashed', 'plain'])
    .default('version')
    .describe('version: masked for v2, hashed for v1.'),
  operatorLockAfter: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('Wrong credentials in a row until the operator is locked (8006).'),
  payoutCharge: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(0)
    .describe('What Safaricom takes for each payout, in whole shillings.'),
  pullPageRows: z.number().int().min(1).max(10_000).default(1_000),
  pullDialect: z
    .enum(['production', 'sandbox'])
    .default('production')
    .describe('The sandbox spells keys with blanks.'),
  pullEmpty: z.enum(['list', 'text', 'missing', 'error']).default('list'),
  pullClock: z
    .enum(['east-africa', 'utc'])
    .default('east-africa')
    .describe('Whether the Z of a pulled time is true, or hides the East African clock.'),
  nameSource: z
    .boolean()
    .default(false)
    .describe(
      'Names one of Safaricom’s published addresses as the source of each notice, in X-Forwarded-For.',
    ),
  /** For every phone that has none of its own; benches set it. */
  autopilot: autopilotSchema.nullable().default(null),
})
export type Settings = z.infer<typeof settingsSchema>
/** Each field optional and without its default: what is not named stays as it is. */
export const settingsPatchSchema = z
  .record(z.string(), z.unknown())
  .refine((patch) => Object.keys(patch).every((key) => key in settingsSchema.shape), {
    message: `known settings: ${Object.keys(settingsSchema.shape).join(', ')}`,
  })
