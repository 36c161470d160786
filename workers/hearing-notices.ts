/** What the notifier hears from Kafka, written down as who is to be told what: once for each event and person. */
import { z } from 'zod'
import { findChargeNoticeFacts, queueChargeNotices } from '../db/charge-notices.ts'
import { inTransaction } from '../db/connection.ts'
import { findCreditNoticeFacts, queueCreditNotices } from '../db/credit-notices.ts'
import { consumeOnce, findNotificationFacts, queueNotifications } from '../db/notifications.ts'
import { chargeNoticesFor, chargeTold } from '../domain/charge-notices.ts'
import { creditNoticesFor, creditTold } from '../domain/credit-notices.ts'
import { isTold, noticesFor } from '../domain/notices.ts'
import { PoisonMessage } from '../gateways/kafka.ts'
import type { World } from './world.ts'

export const NOTIFIER = 'notifier'

type Books = Pick<World, 'db'>

const envelope = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
})
type HeardEvent = z.infer<typeof envelope>

const readEvent = (value: string): HeardEvent => {
  try {
    return envelope.parse(JSON.parse(value))
  } catch {
    throw new PoisonMessage('not an event of ours')
  }
}

/** Writes down who is to be told what; nothing when this event was heard before. */
export async function hearEvent(world: Books, value: string): Promise<void> {
  const event = readEvent(value)
  const chargeId = chargeTold(event)
  if (chargeId) return hearOfCharge(world, event, chargeId)
  const customerId = creditTold(event)
  if (customerId) return hearOfCredit(world, event, customerId)
  const reservationId = event.data['reservation_id']
  if (typeof reservationId !== 'string' || !isTold(event.type)) return
  await inTransaction(world.db, async (tx) => {
    if (!(await consumeOnce(tx, NOTIFIER, event.id))) return
    const facts = await findNotificationFacts(tx, reservationId)
    if (!facts) return
    const notices = noticesFor(event, facts)
    await queueNotifications(
      tx,
      notices.map((notice) => ({ ...notice, eventId: event.id, reservationId })),
    )
  })
}

const hearOfCharge = ({ db }: Books, event: HeardEvent, chargeId: string): Promise<void> =>
  inTransaction(db, async (tx) => {
    if (!(await consumeOnce(tx, NOTIFIER, event.id))) return
    const facts = await findChargeNoticeFacts(tx, chargeId, new Date())
    if (!facts) return
    const { total, parties } = facts.charge
    const notices = chargeNoticesFor(event, { total, parties, customer: facts.customer })
    await queueChargeNotices(
      tx,
      notices.map((notice) => ({ ...notice, eventId: event.id, chargeId })),
    )
  })

const hearOfCredit = ({ db }: Books, event: HeardEvent, customerId: string): Promise<void> =>
  inTransaction(db, async (tx) => {
    if (!(await consumeOnce(tx, NOTIFIER, event.id))) return
    const customer = await findCreditNoticeFacts(tx, customerId)
    if (!customer) return
    const notices = creditNoticesFor(event, customer)
    await queueCreditNotices(
      tx,
      notices.map((notice) => ({ ...notice, eventId: event.id, customerId })),
    )
  })
