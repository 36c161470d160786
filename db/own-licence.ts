/** The number and the last day of a licence: as its holder gives them with a picture of it, and as a colleague reads them there. */
import { appendAudit } from './audit.ts'
import { select, type Tx } from './connection.ts'
import { licenceIndex } from './sealed-columns.ts'
import { placeOf } from './sealed-people.ts'
import { protect } from './subject-keys.ts'

type Given = { customerId: string; actorId: string; number: string; expiresOn: string | null }

/** Where it is from stays as it was; Kenya where nothing was known. Whoever is no customer has no such facts. */
export async function writeLicence(tx: Tx, given: Given): Promise<void> {
  const { customerId, actorId, number, expiresOn } = given
  const sealed = await protect(tx, placeOf(customerId, 'customers.licence_sealed'), number)
  const written = await select(
    tx,
    `UPDATE customers SET licence_sealed = $2, licence_index = $3, licence_expires_on = $4,
       licence_country = coalesce(licence_country, 'Kenya'), licence_state = coalesce(licence_state, ''), updated_at = now()
     WHERE user_id = $1 RETURNING user_id`,
    [customerId, sealed, licenceIndex(tx, number), expiresOn],
  )
  if (written.length === 0) return
  await noteLicence(tx, { customerId, actorId })
}

type Seen = { customerId: string; actorId: string; expiresOn: string }

/** The last day as a colleague read it on the picture of a licence; where the customer gave another one, the picture is right. */
export async function confirmLicence(tx: Tx, { customerId, actorId, expiresOn }: Seen) {
  const written = await select(
    tx,
    `UPDATE customers SET licence_expires_on = $2, updated_at = now()
     WHERE user_id = $1 AND licence_sealed IS NOT NULL AND licence_expires_on IS DISTINCT FROM $2::date RETURNING user_id`,
    [customerId, expiresOn],
  )
  if (written.length > 0) await noteLicence(tx, { customerId, actorId })
}

async function noteLicence(tx: Tx, { customerId, actorId }: Pick<Given, 'customerId' | 'actorId'>) {
  // The licence is part of the customer's record, whose version counts its changes.
  await select(tx, 'UPDATE users SET version = version, updated_by = $2 WHERE id = $1', [
    customerId,
    actorId,
  ])
  await appendAudit(tx, {
    actor: actorId,
    action: 'customer.changed',
    entity: 'user',
    entityId: customerId,
    after: { changed: ['licence'] },
  })
}
