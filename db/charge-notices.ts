/** What messages about a charge are made of; names and phones are read here, never carried by events. */
import type { ChargeNotice } from '../domain/charge-notices.ts'
import { findCharge, type ChargeDetail } from './charge-reads.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'

export type NewChargeNotice = ChargeNotice & { eventId: string; chargeId: string }
export type QueuedChargeNotice = NewChargeNotice & { id: string }

export type ChargeNoticeFacts = {
  charge: ChargeDetail
  customer: { name: string; email: string | null; phone: string | null; language: 'en' | 'sw' }
}

export async function findChargeNoticeFacts(
  on: Database | Tx,
  chargeId: string,
  now: Date,
): Promise<ChargeNoticeFacts | null> {
  const charge = await findCharge(on, chargeId, now)
  if (!charge) return null
  const { customerId, customerName: name } = charge
  const row = await selectOne<Omit<ChargeNoticeFacts['customer'], 'name' | 'phone'> & SealedPhone>(
    on,
    `SELECT u.email, ${SEALED_PHONE}, u.language FROM users u WHERE u.id = $1`,
    [customerId],
  )
  return row && { charge, customer: { ...withPhone(on, customerId, row), name } }
}

/** Once for each event, way and person. */
export async function queueChargeNotices(tx: Tx, notices: NewChargeNotice[]): Promise<void> {
  await select(
    tx,
    `INSERT INTO notifications (event_id, channel, party_id, template, charge_id, detail)
     SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::jsonb[])
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      notices.map(({ eventId }) => eventId),
      notices.map(({ channel }) => channel),
      notices.map(({ partyId }) => partyId),
      notices.map(({ template }) => template),
      notices.map(({ chargeId }) => chargeId),
      notices.map(({ detail }) => JSON.stringify(detail)),
    ],
  )
}
