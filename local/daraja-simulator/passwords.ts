import type { Clock } from './clock.ts'
import { invalidField, unknownMerchant, wrongCredentials, type Refusal } from './errors.ts'
import { timestampMs } from './fields.ts'
import type { Merchant, Settings } from './settings.ts'

const SKEW_LIMIT_MS = 5 * 60_000

type Signed = { BusinessShortCode: string; Password: string; Timestamp: string }
type Parts = { merchant: Merchant; settings: Settings; clock: Clock }

/** Whether shortcode and password are this merchant's: base64(shortcode ‖ passkey ‖ timestamp). */
export const checkPassword = (
  { merchant, settings, clock }: Parts,
  { BusinessShortCode, Password, Timestamp }: Signed,
): Refusal | null => {
  const skewMs = Math.abs((timestampMs(Timestamp) ?? 0) - clock.now().getTime())
  if ((settings.strict || settings.strictTimestamp) && skewMs > SKEW_LIMIT_MS)
    return invalidField('Timestamp')
  if (BusinessShortCode !== merchant.shortCode) return unknownMerchant
  const expected = Buffer.from(`${BusinessShortCode}${merchant.passkey}${Timestamp}`)
  return Password === expected.toString('base64') ? null : wrongCredentials
}
