/** What messages about a customer's credit are made of; names and phones are read here, never carried by events. */
import { noticesOfCredit, type CreditNotice } from '../domain/credit-notices.ts'
import { toDecimal, type Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { readCredit } from './credit.ts'
import { SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'

export type NewCreditNotice = CreditNotice & { eventId: string; customerId: string }
export type QueuedCreditNotice = NewCreditNotice & { id: string }

export type CreditNoticeFacts = {
  name: string
  email: string | null
  phone: string | null
  language: 'en' | 'sw'
  /** As it is now. */
  credit: Cents
}

export async function findCreditNoticeFacts(
  on: Database | Tx,
  customerId: string,
): Promise<CreditNoticeFacts | null> {
  const customer = await selectOne<Omit<CreditNoticeFacts, 'credit' | 'phone'> & SealedPhone>(
    on,
    `SELECT trim(u.first_name || ' ' || u.last_name) AS name, u.email, ${SEALED_PHONE}, u.language
     FROM users u WHERE u.id = $1`,
    [customerId],
  )
  return (
    customer && {
      ...withPhone(on, customerId, customer),
      credit: await readCredit(on, customerId),
    }
  )
}

/** Once for each event and way. */
export async function queueCreditNotices(tx: Tx, notices: NewCreditNotice[]): Promise<void> {
  await select(
    tx,
    `INSERT INTO notifications (event_id, channel, template, customer_id, detail)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::jsonb[])
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      notices.map(({ eventId }) => eventId),
      notices.map(({ channel }) => channel),
      notices.map(({ template }) => template),
      notices.map(({ customerId }) => customerId),
      notices.map(({ detail }) => JSON.stringify(detail)),
    ],
  )
}

const CUSTOMER_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Added = { customerId: string; amount: Cents; why: string }

/** Told with the entry itself: a correction of the books is no event for the world. `why` names it, once. */
export async function tellCreditAdded(tx: Tx, { customerId, amount, why }: Added): Promise<void> {
  // A ledger's subject is any text; only a customer's id is somebody to tell.
  const customer = CUSTOMER_ID.test(customerId) ? await findCreditNoticeFacts(tx, customerId) : null
  if (!customer) return
  const notices = noticesOfCredit(customer, 'credit_added', { amount: toDecimal(amount) })
  await queueCreditNotices(
    tx,
    notices.map((notice) => ({ ...notice, eventId: `${why}:${customerId}`, customerId })),
  )
}
