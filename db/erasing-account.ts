/** The account of somebody who is forgotten: closed first, and nameless in the end. */
import { ERASED_NAME } from '../domain/erasures.ts'
import { select, type Tx } from './connection.ts'
import { stopExports } from './exports.ts'
import { refuseForGood } from './marketing.ts'
import { forgetPoints } from './loyalty.ts'

/** By which somebody comes in; whatever hangs on these rows goes with them. */
const WAYS_IN = [
  'DELETE FROM sessions WHERE user_id = $1',
  'DELETE FROM oauth_records WHERE account_id = $1',
  'DELETE FROM api_keys WHERE user_id = $1',
  'DELETE FROM authenticators WHERE user_id = $1',
  'DELETE FROM recovery_codes WHERE user_id = $1',
  'DELETE FROM passkeys WHERE user_id = $1',
  'DELETE FROM account_links WHERE user_id = $1',
]

/** Nobody comes in any more, from now on, and no copy of what we hold lies ready. */
export async function closeForErasure(tx: Tx, userId: string): Promise<void> {
  for (const statement of WAYS_IN) await select(tx, statement, [userId])
  await stopExports(tx, userId)
  await select(
    tx,
    "UPDATE users SET status = 'deleted', password_hash = NULL, two_factor_on = false WHERE id = $1",
    [userId],
  )
}

const GONE = [
  'DELETE FROM customer_addresses WHERE user_id = $1',
  // Their pictures go with them.
  'DELETE FROM identity_documents WHERE user_id = $1',
  'DELETE FROM role_assignments WHERE user_id = $1',
  'DELETE FROM company_members WHERE user_id = $1',
  'DELETE FROM idempotency_keys WHERE subject_id = $1',
  'DELETE FROM booking_tries WHERE customer_id = $1',
  'DELETE FROM rating_reviews WHERE customer_id = $1',
  // The database lets them go because the account is closed by now.
  'DELETE FROM customer_ratings WHERE customer_id = $1',
]

/** The number stays: it is what money and audit name, and nobody can be found by it. */
const NAMELESS = `
  UPDATE users SET email = NULL, email_verified = false, phone = NULL, phone_sealed = NULL, phone_index = NULL,
    phone_verified = false, date_of_birth = NULL, date_of_birth_sealed = NULL,
    first_name = '${ERASED_NAME}', last_name = coalesce((SELECT substr(number, 5) FROM customers WHERE user_id = $1), ''),
    last_login_at = NULL, status = 'deleted', erased_at = coalesce(erased_at, now()), updated_by = 'gari'
  WHERE id = $1`
const PLAIN = `UPDATE customers SET notes = NULL, marketing_consent = false,
    risk_level = 'low', credit_score = NULL, licence_sealed = NULL, licence_index = NULL, licence_country = NULL,
    licence_state = NULL, licence_expires_on = NULL WHERE user_id = $1`

export async function makeNameless(tx: Tx, userId: string): Promise<void> {
  await refuseForGood(tx, userId)
  await closeForErasure(tx, userId)
  await forgetPoints(tx, userId)
  for (const statement of [...GONE, NAMELESS, PLAIN]) await select(tx, statement, [userId])
}
