/**
 * The notifier: hears what happened from Kafka and tells people by e-mail and SMS, once for each event and
 * person. What is to be said is written down in the transaction that marks the event as heard; sending comes
 * after, so a crash in between repeats a message rather than losing it.
 */
import { composeChargeMail, composeChargeSms } from '../activities/charge-notices.ts'
import {
  composeMail,
  composeSms,
  pageOf,
  type OutgoingMail,
  type OutgoingSms,
} from '../activities/notices.ts'
import { composeCreditMail, composeCreditSms } from '../activities/credit-notices.ts'
import { findChargeNoticeFacts, type QueuedChargeNotice } from '../db/charge-notices.ts'
import { findCreditNoticeFacts, type QueuedCreditNotice } from '../db/credit-notices.ts'
import {
  findNotificationFacts,
  markNotification,
  postponeNotification,
  takeNotifications,
  type AnyQueued,
  type QueuedNotification,
} from '../db/notifications.ts'
import { findOfferFacts } from '../db/late-offer-reads.ts'
import { TOPICS } from '../domain/events.ts'
import type { EventLog } from '../gateways/kafka.ts'
import type { Mail } from '../gateways/mail.ts'
import type { Sms } from '../gateways/sms.ts'
import { hearEvent, NOTIFIER } from './hearing-notices.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const SWEEP_REST_MS = 2_000
const SWEEP_BATCH = 10
const LONGEST_REST_MS = 30_000

type Outside = {
  mail: Mail
  sms: Sms
  kafka: EventLog
  /** Where a payer pays without signing in. */
  payLink: (reservationId: string, partyId: string) => string
  /** The same for a charge. */
  chargeLink: (chargeId: string, partyId: string) => string
  /** Where a payer chooses what becomes of money that came too late. */
  lateLink: (paymentId: string) => string
}

async function sendOne(world: World, outside: Outside, queued: AnyQueued): Promise<void> {
  try {
    const status = await deliver(world, outside, queued)
    await markNotification(world.db, queued.id, status)
  } catch (error) {
    await postponeNotification(world.db, queued.id)
    const { id, channel } = queued
    world.log.warn({ part: 'messages', id, channel, error: String(error) }, 'it is sent later')
  }
}

async function factsFor({ db }: World, { reservationId, detail }: QueuedNotification) {
  const facts = await findNotificationFacts(db, reservationId)
  if (!facts || !detail.payment) return facts
  return { ...facts, offer: await findOfferFacts(db, detail.payment) }
}

type Delivered = 'sent' | 'failed'

const deliver = (world: World, outside: Outside, queued: AnyQueued): Promise<Delivered> => {
  if (queued.chargeId !== null) return deliverOfCharge(world, outside, queued)
  if (queued.customerId !== null) return deliverOfCredit(world, outside, queued)
  return deliverOfBooking(world, outside, queued)
}

async function deliverOfCredit(
  { db, config }: World,
  { mail, sms }: Outside,
  queued: QueuedCreditNotice,
): Promise<Delivered> {
  const facts = await findCreditNoticeFacts(db, queued.customerId)
  if (!facts) return 'failed'
  const { publicUrl } = config.http
  return queued.channel === 'email'
    ? post(mail, await composeCreditMail(publicUrl, queued, facts))
    : text(sms, composeCreditSms(publicUrl, queued, facts))
}

async function deliverOfCharge(
  { db, config }: World,
  { mail, sms, chargeLink }: Outside,
  queued: QueuedChargeNotice,
): Promise<Delivered> {
  const facts = await findChargeNoticeFacts(db, queued.chargeId, new Date())
  const links = { publicUrl: config.http.publicUrl, chargeLink }
  if (!facts) return 'failed'
  return queued.channel === 'email'
    ? post(mail, await composeChargeMail(links, queued, facts))
    : text(sms, composeChargeSms(links, queued, facts))
}

async function post(mail: Mail, letter: OutgoingMail | null): Promise<Delivered> {
  if (!letter) return 'failed'
  await mail.send(letter)
  return 'sent'
}

async function text(sms: Sms, message: OutgoingSms | null): Promise<Delivered> {
  if (!message) return 'failed'
  return (await sms.send(message)) === 'refused' ? 'failed' : 'sent'
}

async function deliverOfBooking(
  world: World,
  { mail, sms, payLink, lateLink }: Outside,
  queued: QueuedNotification,
): Promise<Delivered> {
  const facts = await factsFor(world, queued)
  if (!facts) return 'failed'
  const { publicUrl } = world.config.http
  const { payment } = queued.detail
  const offer = payment ? lateLink(payment) : null
  if (queued.channel === 'email')
    return post(mail, await composeMail(publicUrl, queued, facts, offer ?? undefined))
  const page = `${publicUrl}${pageOf(queued)}`
  const link = (partyId: string | null) =>
    offer ??
    (partyId && queued.template !== 'overpaid' ? payLink(queued.reservationId, partyId) : page)
  return text(sms, composeSms(link, queued, facts))
}

export async function startMessages(world: World, outside: Outside): Promise<Running[]> {
  return [
    startSending(world, outside, 'sms'),
    startSending(world, outside, 'email'),
    startListening(world, outside),
  ]
}

/** Each way by itself: a mail server that is away keeps no SMS waiting. */
function startSending(world: World, outside: Outside, channel: 'sms' | 'email'): Running {
  return startLoop(world, {
    name: `messages-${channel}`,
    restMs: SWEEP_REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const due = await takeNotifications(world.db, channel, SWEEP_BATCH)
      // All at once: each was taken for as long as one message lasts, not a batch.
      await Promise.all(due.map((queued) => sendOne(world, outside, queued)))
      return due.length === SWEEP_BATCH
    },
  })
}

function startListening(world: World, { kafka }: Outside): Running {
  let subscription: { close(): Promise<void> } | null = null
  const subscribe = startLoop(world, {
    name: 'notifier',
    restMs: SWEEP_REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      if (subscription) return false
      await kafka.ensureTopics(Object.values(TOPICS))
      subscription = await kafka.subscribe({
        groupId: `gari-${NOTIFIER}`,
        topics: [TOPICS.reservations, TOPICS.payments, TOPICS.refunds, TOPICS.charges],
        onMessage: async ({ value }) => hearEvent(world, value),
      })
      return false
    },
  })
  return {
    ...subscribe,
    stop: async () => {
      await subscribe.stop()
      await subscription?.close()
    },
  }
}
