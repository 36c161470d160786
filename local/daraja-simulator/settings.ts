import { z } from 'zod'

/** Safaricom's public sandbox data, plus an operator credential of ours: nothing here is secret. */
export const SANDBOX = {
  consumerKey: 'gari-local-consumer-key',
  consumerSecret: 'gari-local-consumer-secret',
  shortCode: '174379',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
  initiator: 'testapi',
  securityCredential: Buffer.from('gari-local-security-credential-of-testapi').toString('base64'),
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
  /** From the accepted push to the prompt on the handset. */
  promptDelayMs: milliseconds.default(600),
  /** How long a prompt waits for a PIN before 1037. */
  promptLifetimeMs: milliseconds.default(60_000),
  /** How long the network looks for a phone that is off before 1037. */
  offTimeoutMs: milliseconds.default(20_000),
  /** From the PIN to the result. */
  processingMs: milliseconds.default(900),
  reversalDelayMs: milliseconds.default(2_000),
  /** A push whose result never comes stops blocking its phone after this. */
  lockLimitMs: milliseconds.default(180_000),
  tokenLifetimeMs: milliseconds.default(3_600_000),
  /** The portal says that a new token kills the old one; live clients never saw it. */
  newTokenKillsOld: z.boolean().default(false),
  wrongKeyAnswer: z.enum(['empty', 'json']).default('empty'),
  /** Rule 17: the same phone paying the same amount again within two minutes. */
  ruleSeventeen: z.boolean().default(true),
  lockSubscriber: z.boolean().default(true),
  /** Refuses a Timestamp more than five minutes off the East African clock. */
  strictTimestamp: z.boolean().default(false),
  queryPending: z.enum(['4999', 'error']).default('4999'),
  queryUnknown: z.enum(['missing', 'invalid']).default('missing'),
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
