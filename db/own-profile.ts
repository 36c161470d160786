/** What somebody says of themselves. */
import { BusinessError } from '../domain/errors.ts'
import { appendAudit } from './audit.ts'
import { select, type Tx } from './connection.ts'
import { sealPerson } from './sealed-people.ts'

export type ProfileChange = {
  firstName?: string | undefined
  lastName?: string | undefined
  phone?: string | undefined
  language?: 'en' | 'sw' | undefined
}

/** A phone that opens the account is changed by a code, after a fresh sign-in. */
const provenPhone = () => {
  const message = 'Your phone is proven. Change it on the page of your account, by a code.'
  return new BusinessError('CONTACT_PROVEN', message, { fields: [{ path: 'phone', message }] })
}

/** Another phone is not proven to be theirs. Throws CONTACT_PROVEN. The audit names what was changed, and not to what. */
export async function changeProfile(
  tx: Tx,
  userId: string,
  { firstName, lastName, phone, language }: ProfileChange,
): Promise<void> {
  const given = { firstName, lastName, phone, language }
  const fields = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : name))
  const sealed = await sealPerson(tx, { userId, phone: phone ?? null, bornOn: null })
  const changed = await select(
    tx,
    `UPDATE users SET first_name = coalesce($2, first_name), last_name = coalesce($3, last_name),
       phone_index = coalesce($4, phone_index), phone_sealed = coalesce($7, phone_sealed),
       phone = CASE WHEN $4::bytea IS NULL THEN phone END,
       language = coalesce($5, language), updated_by = $6
     WHERE id = $1 AND NOT (phone_verified AND coalesce($4, phone_index) <> phone_index) RETURNING id`,
    [
      userId,
      firstName ?? null,
      lastName ?? null,
      sealed.phoneIndex,
      language ?? null,
      userId,
      sealed.phoneSealed,
    ],
  )
  if (changed.length === 0) throw provenPhone()
  await appendAudit(tx, {
    actor: userId,
    action: 'user.profile_changed',
    entity: 'user',
    entityId: userId,
    after: { fields },
  })
}
