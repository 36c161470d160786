/** By which phone and e-mail somebody comes in. The audit says that they changed, and not to what. */
import { UniqueConstraintError } from 'sequelize'
import { LINK_LIFE_MS } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { askForLink, type LinkPurpose, type OpenLink } from './account-links.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { SEALED_PHONE, sealPerson, withPhone, type SealedPhone } from './sealed-people.ts'
import { takeBackFactors } from './second-factors.ts'

type Contacts = {
  email: string | null
  emailVerified: boolean
  phone: string | null
  phoneVerified: boolean
  language: 'en' | 'sw'
}

/** Customers only: whoever works here has theirs from whoever looks after people. */
async function lockContacts(tx: Tx, userId: string): Promise<Contacts> {
  const found = await selectOne<Omit<Contacts, 'phone'> & SealedPhone>(
    tx,
    `SELECT email, email_verified AS "emailVerified", ${SEALED_PHONE}, phone_verified AS "phoneVerified", language
     FROM users u WHERE id = $1 AND kind = 'customer' AND status = 'active' FOR NO KEY UPDATE OF u`,
    [userId],
  )
  if (!found) throw new BusinessError('FORBIDDEN', 'This account is closed.')
  return withPhone(tx, userId, found)
}

const refusing =
  (code: 'CONTACT_PROVEN' | 'EMAIL_TAKEN', path: string, message: string) =>
  (error: unknown): never => {
    if (!(error instanceof UniqueConstraintError)) throw error
    throw new BusinessError(code, message, { fields: [{ path, message }] })
  }
const phoneTaken = refusing(
  'CONTACT_PROVEN',
  'phone',
  'This phone opens another account already. Sign in by SMS to see it, or speak to us at the desk.',
)
const emailTaken = refusing(
  'EMAIL_TAKEN',
  'email',
  'There is already an account with this e-mail. Sign in there instead.',
)

const noted = (tx: Tx, userId: string, action: string): Promise<void> =>
  appendAudit(tx, { actor: userId, action, entity: 'user', entityId: userId })

const tell = (tx: Tx, userId: string, purpose: LinkPurpose, at: Date, email?: string) =>
  askForLink(tx, {
    userId,
    purpose,
    expiresAt: new Date(at.getTime() + LINK_LIFE_MS[purpose]),
    ...(email === undefined ? {} : { email }),
  })

type NewPhone = { userId: string; phone: string; at: Date }

/** Answers the proven number that was theirs before, to be told. Throws CONTACT_PROVEN where it is another customer's. */
export async function keepProvenPhone(tx: Tx, wish: NewPhone): Promise<string | null> {
  const { userId, phone, at } = wish
  const before = await lockContacts(tx, userId)
  if (before.phone === phone && before.phoneVerified) return null
  const { phoneSealed, phoneIndex } = await sealPerson(tx, { userId, phone, bornOn: null })
  await select(
    tx,
    `UPDATE users SET phone = NULL, phone_sealed = $2, phone_index = $3, phone_verified = true, updated_by = $4
     WHERE id = $1 RETURNING id`,
    [userId, phoneSealed, phoneIndex, userId],
  ).catch(phoneTaken)
  if (before.email !== null) await tell(tx, userId, 'phone_changed', at)
  await noted(tx, userId, before.phone === phone ? 'user.phone_proven' : 'user.phone_changed')
  return before.phoneVerified ? before.phone : null
}

type NewEmail = { userId: string; email: string; at: Date }

/** Whom to tell by SMS, because there was no address to write to. */
export type ToldBySms = { phone: string; language: 'en' | 'sw' }

/** Throws EMAIL_TAKEN. */
export async function keepProvenEmail(tx: Tx, wish: NewEmail): Promise<ToldBySms | null> {
  const { userId, email, at } = wish
  const before = await lockContacts(tx, userId)
  await select(
    tx,
    'UPDATE users SET email = $2, email_verified = true, updated_by = $3 WHERE id = $1 RETURNING id',
    [userId, email, userId],
  ).catch(emailTaken)
  if (before.email !== null) {
    const purpose = before.emailVerified ? 'email_changed' : 'email_left'
    await tell(tx, userId, purpose, at, before.email)
  }
  await noted(tx, userId, 'user.email_changed')
  const { phone, language } = before
  return before.email === null && before.phoneVerified && phone ? { phone, language } : null
}

/** Nobody comes in by the phone any more until it is proven again, whosever it is. */
export async function takeBackPhone(tx: Tx, userId: string): Promise<void> {
  await select(
    tx,
    `UPDATE users SET phone = NULL, phone_sealed = NULL, phone_index = NULL, phone_verified = false, updated_by = $2
     WHERE id = $1 RETURNING id`,
    [userId, userId],
  )
  await noted(tx, userId, 'user.phone_taken_back')
}

/** What was done since the address was changed goes with it: later ways back, a phone, a second step. Throws EMAIL_TAKEN. */
export async function takeBackEmail(tx: Tx, { userId, email, askedAt }: OpenLink): Promise<void> {
  await select(
    tx,
    'UPDATE users SET email = $2, email_verified = true, updated_by = $3 WHERE id = $1 RETURNING id',
    [userId, email, userId],
  ).catch(emailTaken)
  const later = await select<{ purpose: LinkPurpose }>(
    tx,
    `SELECT purpose FROM account_links WHERE user_id = $1 AND purpose = 'phone_changed' AND asked_at >= $2`,
    [userId, askedAt],
  )
  if (later.length > 0) await takeBackPhone(tx, userId)
  await select(
    tx,
    `UPDATE account_links SET used_at = now() WHERE user_id = $1 AND used_at IS NULL AND purpose <> 'verify_email'
       AND asked_at >= $2`,
    [userId, askedAt],
  )
  await takeBackFactors(tx, userId, askedAt, true)
  await noted(tx, userId, 'user.email_taken_back')
}
