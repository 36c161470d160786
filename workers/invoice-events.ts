/**
 * What invoices hear of the rest of Gari: a booking was confirmed, a charge was paid, money came or went back. Written
 * down in one transaction for each event.
 */
import { z } from 'zod'
import type { BilledPurpose } from '../db/billable.ts'
import { billByItself } from '../db/billing-by-itself.ts'
import { inTransaction, type Tx } from '../db/connection.ts'
import { creditExcess } from '../db/credit-excess.ts'
import { recountInvoices } from '../db/invoice-counting.ts'
import { lockInvoicesOf } from '../db/invoice-rows.ts'
import { consumeOnce } from '../db/notifications.ts'
import { readPayment } from '../db/payment-rows.ts'
import { issueReceipt } from '../db/receipts.ts'
import { PoisonMessage } from '../gateways/kafka.ts'
import type { World } from './world.ts'

export const CONSUMER = 'invoicing'

const envelope = z.object({
  id: z.uuid(),
  type: z.string(),
  subject: z.string(),
  data: z.object({ owner_id: z.uuid().nullish(), payment_id: z.uuid().nullish() }),
})
type Heard = z.infer<typeof envelope>

const readEvent = (value: string): Heard => {
  try {
    return envelope.parse(JSON.parse(value))
  } catch {
    throw new PoisonMessage('not an event of ours')
  }
}

/** Answers whose invoices its money or end may have changed. */
type Deed = (tx: Tx, event: Heard, now: Date) => Promise<string | null>

const billed =
  (purpose: BilledPurpose): Deed =>
  async (tx, { subject }) => {
    await billByItself(tx, purpose, subject)
    return subject
  }
const receipt: Deed = async (tx, { subject, data }, now) => {
  await issueReceipt(tx, subject, now)
  return data.owner_id ?? null
}
const ended: Deed = async (tx, { subject }, now) => {
  await creditExcess(tx, { ownerId: subject, now })
  return subject
}
const wentBack: Deed = async (tx, { data }, now) => {
  const payment = data.payment_id ? await readPayment(tx, data.payment_id) : null
  if (!payment) return null
  const { ownerId, partyId, method, holdingSubject } = payment
  const companyId = method === 'account' ? holdingSubject : null
  await creditExcess(tx, { ownerId, payer: { partyId, companyId }, now })
  return ownerId
}

/** What each event makes us write; the others are passed by. */
const DEEDS: Record<string, Deed> = {
  'gari.reservation.confirmed.v1': billed('reservation'),
  'gari.charge.paid.v1': billed('charge'),
  'gari.payment.succeeded.v1': receipt,
  'gari.refund.settled.v1': wentBack,
  'gari.reservation.cancelled.v1': ended,
  'gari.reservation.expired.v1': ended,
  'gari.charge.cancelled.v1': ended,
  'gari.charge.expired.v1': ended,
}

/** Written down once; whoever waits for money is woken each time, because a repeat may follow a lost signal. */
export async function hearForInvoices(
  { db }: Pick<World, 'db'>,
  value: string,
  wake: (invoiceId: string) => Promise<void>,
): Promise<void> {
  const event = readEvent(value)
  const deed = DEEDS[event.type]
  if (!deed) return
  const now = new Date()
  const touched = await inTransaction(db, async (tx) => {
    const first = await consumeOnce(tx, CONSUMER, event.id)
    const ownerId = first ? await deed(tx, event, now) : await ownerOf(tx, event)
    if (!ownerId) return []
    return first ? recountInvoices(tx, ownerId, now) : lockInvoicesOf(tx, ownerId)
  })
  for (const { id, number } of touched) if (number) await wake(id)
}

const ownerOf = async (tx: Tx, { data, subject }: Heard): Promise<string> =>
  data.owner_id ??
  (data.payment_id ? (await readPayment(tx, data.payment_id))?.ownerId : null) ??
  subject
