/**
 * Books and stories that a restore has set apart, on a real database and a real Temporal. "Earlier" is made by having
 * stories walk without anybody to take their calls to M-Pesa, and by books that go on without them.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createActivities } from '../../activities/index.ts'
import { loadToolPaths } from '../../config.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { openPayment, recordPrompt } from '../../db/payments.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { openPlan } from '../../db/payment-plans.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { noteDelivery } from '../../db/provider-messages.ts'
import { findRefund } from '../../db/refund-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { recordRefundSent } from '../../db/refund-settling.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import {
  chargeWorkflowId,
  paymentWorkflowId,
  planWorkflowId,
  refundWorkflowId,
  reservationWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import type { PlanInput } from '../../domain/payment-plans.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { HOUR_MS } from '../../domain/time.ts'
import type { Daraja } from '../../gateways/daraja.ts'
import { lookAt } from '../../gateways/histories.ts'
import type { EventLog } from '../../gateways/kafka.ts'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'
import {
  connectTemporalClient,
  dataConverter,
  failureConverterPath,
} from '../../gateways/temporal.ts'
import { freePort } from '../../local/ports.ts'
import { startTemporal, type Temporal } from '../../local/temporal.ts'
import { noFindings, tellFindings, type Findings } from '../../workers/restoring/findings.ts'
import { mend } from '../../workers/restoring/mending.ts'
import { settledBefore } from '../../workers/restoring/world.ts'
import {
  buildBooking,
  buildCustomer,
  buildCallback,
  buildMessage,
  buildPaid,
  buildPaymentInput,
  buildPrompt,
  buildReservationInput,
  buildTender,
  settle,
  type Booking,
} from '../support/builders.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/stack.ts'
import { bundleOfRun } from '../support/workflow-bundle.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })
const codec = createPayloadCodec({ keyId: 'k1', key: randomBytes(32) })
let folder: string
let temporal: Temporal
let native: NativeConnection
let client: Client
let db: TestDatabase
/** What M-Pesa was asked, in order. */
let asked: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gari-restored-'))
  const { cache } = loadToolPaths()
  temporal = await startTemporal({ dir: folder, port: await freePort(), cache })
  native = await NativeConnection.connect({ address: temporal.address })
  client = await connectTemporalClient({ address: temporal.address, namespace: 'default', codec })
})
afterAll(async () => {
  await client.connection.close()
  await native.close()
  await temporal.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  db = await createTestDatabase()
  asked = []
})
afterEach(async () => {
  for await (const { workflowId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
    await client.workflow
      .getHandle(workflowId)
      .terminate()
      .catch(() => undefined)
  await db.drop()
})

const daraja = {
  requestStkPush: async () => {
    asked.push('push')
    return { outcome: 'accepted', merchantRequestId: 'm', checkoutRequestId: `ws_${randomUUID()}` }
  },
  queryStkPush: async () => ({ outcome: 'pending' }),
  requestReversal: async () => {
    asked.push('reversal')
    return { outcome: 'unknown', why: 'as tested' }
  },
  requestPayout: async ({ payoutId }: { payoutId: string }) => {
    asked.push(`payout ${payoutId}`)
    return { outcome: 'duplicate' }
  },
  requestTransactionStatus: async () => {
    asked.push('question')
    return { outcome: 'refused', code: 'as tested', class: 'N' }
  },
} as unknown as Daraja

/** Workers for as long as it takes; without M-Pesa nobody takes the calls to it, which then wait. */
async function during<T>(
  { withMpesa }: { withMpesa: boolean },
  work: () => Promise<T>,
): Promise<T> {
  const activities = createActivities({
    db,
    daraja,
    now: () => new Date(),
    policy: DEFAULT_POLICY,
    callbackUrl: (kind, id) => `https://gari.example/${kind}/${id}`,
  })
  const options = {
    connection: native,
    workflowBundle: await bundleOfRun(),
    activities,
    enableNonLocalActivities: withMpesa,
    dataConverter: dataConverter(codec),
    failureConverterPath,
  }
  const workers = await Promise.all(
    Object.values(TASK_QUEUES).map((taskQueue) => Worker.create({ ...options, taskQueue })),
  )
  const running = workers.map((worker) => worker.run())
  try {
    return await work()
  } finally {
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  }
}

const start = (type: string, workflowId: string, input: object) =>
  client.workflow.start(type, { workflowId, taskQueue: TASK_QUEUES.payments, args: [input] })

const until = (look: () => Promise<boolean>) => eventually('it is so', look)
const historyOf = async (workflowId: string) =>
  (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? []
/** It stands in the middle of a call that nobody has taken. */
const untilCalling = (workflowId: string, activity: string) =>
  until(async () =>
    (await historyOf(workflowId)).some(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
    ),
  )
const isRunning = async (workflowId: string) => (await lookAt(client, workflowId))?.isRunning

async function restore(isQuiet = true, kafka: EventLog | null = null): Promise<Findings> {
  const findings = noFindings()
  const now = new Date()
  const world = {
    db,
    client,
    policy: DEFAULT_POLICY,
    approvalAbove: shillings(20_000),
    phoneHash: (phone: string) => `hash of ${phone}`,
    now,
    lastAlive: now,
    since: new Date(now.getTime() - HOUR_MS),
    before: settledBefore(now, isQuiet),
    isQuiet,
    runId: randomUUID(),
    findings,
  }
  await mend(world, kafka)
  return findings
}
const found = (findings: Findings) =>
  Object.fromEntries(Object.entries(findings).filter(([, ids]) => ids.length > 0))

async function expectNothingMore(): Promise<void> {
  expect(tellFindings(await restore())).toEqual(['Nothing differs.'])
}

const open = (input: PaymentInput) => inTransaction(db, (tx) => openPayment(tx, input, new Date()))
const statusOf = async (id: string) => (await readPayment(db, id))?.status
const beginPayment = (input: PaymentInput) =>
  start('payment', paymentWorkflowId(input.paymentId), input)
/** The booking's own story, so that only the payment's differs. */
const beginBooking = ({ input }: Booking) =>
  start('reservation', reservationWorkflowId(input.reservationId), input)

async function buildAsking(): Promise<PaymentInput> {
  const booking = await buildBooking(db)
  await beginBooking(booking)
  const input = buildPaymentInput(booking)
  await during({ withMpesa: false }, async () => {
    await beginPayment(input)
    await untilCalling(paymentWorkflowId(input.paymentId), 'requestStkPush')
  })
  return input
}

describe('a prompt', () => {
  it('that may have been sent is watched, and never sent again', async () => {
    const input = await buildAsking()
    const id = paymentWorkflowId(input.paymentId)
    expect(await statusOf(input.paymentId)).toBe('requested')
    expect(found(await restore())).toEqual({
      doubtfulPrompts: [input.paymentId],
      staleStories: [id],
    })
    expect(await statusOf(input.paymentId)).toBe('unknown')
    await expectNothingMore()
    await during({ withMpesa: true }, () =>
      until(async () => (await historyOf(id)).some((event) => event.timerStartedEventAttributes)),
    )
    expect(asked).toEqual([])
    await expectNothingMore()
  })

  it.each(['prompted', 'settled'])(
    'that the books call %s is not sent by a story that stands before its request',
    async (status) => {
      const input = await buildAsking()
      const id = paymentWorkflowId(input.paymentId)
      const ids = { merchantRequestId: 'm-1', checkoutRequestId: 'ws_1' }
      await recordPrompt(db, input.paymentId, ids)
      if (status === 'settled') await settle(db, { ...input, ...ids })
      expect(found(await restore())).toMatchObject({ staleStories: [id] })
      await during({ withMpesa: true }, () =>
        until(async () =>
          (await historyOf(id)).some((event) => event.markerRecordedEventAttributes),
        ),
      )
      expect(asked).toEqual([])
      expect(await statusOf(input.paymentId)).toBe(status)
    },
  )

  it('without a story gets one, which waits for M-Pesa’s word', async () => {
    const booking = await buildBooking(db)
    await beginBooking(booking)
    const input = buildPaymentInput(booking)
    await open(input)
    const id = paymentWorkflowId(input.paymentId)
    expect(found(await restore())).toEqual({
      doubtfulPrompts: [input.paymentId],
      missingStories: [id],
    })
    await during({ withMpesa: true }, () =>
      until(async () => (await historyOf(id)).some((event) => event.timerStartedEventAttributes)),
    )
    expect(asked).toEqual([])
    await expectNothingMore()
  })

  it('whose row is gone is written down as unknown before its story goes on', async () => {
    const input = await buildAsking()
    const { paymentId } = input
    await select(db.owner, 'DELETE FROM payments WHERE id = $1 RETURNING id', [paymentId])
    await select(db, 'DELETE FROM outbox WHERE key = $1 RETURNING id', [paymentId])
    await until(async () => (await restoredIds()).includes(paymentWorkflowId(input.paymentId)))
    expect(found(await restore())).toEqual({
      doubtfulPrompts: [input.paymentId],
      staleStories: [paymentWorkflowId(input.paymentId)],
    })
    expect(await statusOf(input.paymentId)).toBe('unknown')
    await expectNothingMore()
  })

  it('that goes on as it should is left alone', async () => {
    const booking = await buildBooking(db)
    await beginBooking(booking)
    const input = buildPaymentInput(booking)
    await during({ withMpesa: true }, async () => {
      await beginPayment(input)
      await until(async () => (await statusOf(input.paymentId)) === 'prompted')
    })
    await expectNothingMore()
    expect(asked).toEqual(['push'])
  })
})

/** Temporal's list follows its stories a moment later. */
async function restoredIds(): Promise<string[]> {
  const ids: string[] = []
  for await (const { workflowId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
    ids.push(workflowId)
  return ids
}

describe('a refund', () => {
  async function buildApproved(amount?: number) {
    const booking = await buildBooking(db)
    await beginBooking(booking)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const refundId = randomUUID()
    const wish = { refundId, paymentId, reason: 'as tested', actorId: 'gari' }
    const part = amount ? { amount: shillings(amount), askedBy: 'person' as const } : {}
    const policy = { approvalAbove: shillings(20_000), now: new Date() }
    await inTransaction(db, (tx) => openRefund(tx, { ...wish, ...part }, policy))
    return { refundId, id: refundWorkflowId(refundId), wish: { ...wish, ...part } }
  }

  it('by reversal that may have been sent is waited for', async () => {
    const { refundId, id } = await buildApproved()
    expect(found(await restore())).toEqual({ doubtfulRefunds: [refundId], missingStories: [id] })
    expect(await findRefund(db, refundId)).toMatchObject({ status: 'sent', conversationId: null })
    await expectNothingMore()
    await during({ withMpesa: true }, () =>
      until(async () => (await historyOf(id)).some((event) => event.timerStartedEventAttributes)),
    )
    expect(asked).toEqual([])
  })

  it('by payout goes out under its old key', async () => {
    const { refundId, id } = await buildApproved(500)
    expect(found(await restore())).toEqual({ missingStories: [id] })
    await during({ withMpesa: true }, () => until(async () => asked.length > 0))
    expect(asked).toEqual([`payout ${refundId}`])
  })

  it('that the books call sent is asked about, and not sent by a story that stands before it', async () => {
    const { refundId, id, wish } = await buildApproved()
    await during({ withMpesa: false }, async () => {
      await start('refund', id, wish)
      await untilCalling(id, 'requestReversal')
    })
    await inTransaction(db, (tx) =>
      recordRefundSent(tx, refundId, { conversationId: 'c', originatorConversationId: 'o' }),
    )
    expect(found(await restore())).toEqual({ staleStories: [id] })
    await expectNothingMore()
    await during({ withMpesa: true }, () => until(async () => asked.length > 0))
    expect(asked).toEqual(['question'])
  })

  it('of what has ended is begun where nobody had begun it', async () => {
    const booking = await buildBooking(db)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const { reservationId } = booking.input
    const end = { reason: 'customer', actorId: 'x', note: null } as const
    await inTransaction(db, (tx) => endReservation(tx, { reservationId, ...end }))
    expect(found(await restore())).toEqual({ notGivenBack: [paymentId] })
    expect(await isRunning(refundWorkflowId(paymentId))).toBe(true)
    await expectNothingMore()
  })
})

describe('what is paid for', () => {
  it('has its story again, and reads what stands', async () => {
    const [booking, charge] = [await buildBooking(db), await buildCharge(db)]
    await buildPaid(db, booking, booking.held.total)
    const ids = [
      reservationWorkflowId(booking.input.reservationId),
      chargeWorkflowId(charge.input.chargeId),
    ]
    expect(found(await restore())).toEqual({ missingStories: ids })
    await expectNothingMore()
    await during({ withMpesa: true }, () =>
      until(async () => {
        const histories = await Promise.all(ids.map(historyOf))
        return histories.every((all) => all.some((event) => event.timerStartedEventAttributes))
      }),
    )
    expect(await readReservation(db, booking.input.reservationId)).toMatchObject({
      status: 'confirmed',
    })
    await expectNothingMore()
  })

  it('by a plan, or by a transfer that was announced, is waited for again', async () => {
    const [booking, other] = [await buildBooking(db), await buildBooking(db)]
    for (const one of [booking, other]) await beginBooking(one)
    const { input, held } = booking
    const plan: PlanInput = {
      planId: randomUUID(),
      purpose: 'reservation',
      ownerId: input.reservationId,
      partyId: held.parties[0]?.id ?? '',
      actorId: input.customerId,
      amount: held.total,
      phones: [{ phone: '+254712345678', phoneHash: '' }],
      deadline: input.trip.pickupAt,
    }
    await inTransaction(db, (tx) => openPlan(tx, plan, new Date()))
    const tender = buildTender(other, { tender: { method: 'bank_transfer', reference: 'FT1' } })
    await inTransaction(db, (tx) => takePayment(tx, tender, new Date()))
    const ids = [paymentWorkflowId(tender.paymentId), planWorkflowId(plan.planId)]
    expect(found(await restore())).toEqual({ missingStories: ids, pausedPlans: [plan.planId] })
    await expectNothingMore()
    const story = client.workflow.getHandle(planWorkflowId(plan.planId))
    await during({ withMpesa: true }, async () => {
      await until(async () =>
        (await historyOf(story.workflowId)).some((event) => event.timerStartedEventAttributes),
      )
      expect(asked).toEqual([])
      await story.executeUpdate('goOn', { args: [{ actorId: input.customerId }] })
      await until(async () => asked.length > 0)
    })
    expect(asked).toEqual(['push'])
    expect(await isRunning(paymentWorkflowId(tender.paymentId))).toBe(true)
  })

  it('has its story again also where Kafka knows more of it than the books', async () => {
    const { reservationId } = (await buildBooking(db)).input
    const confirmed = { type: 'gari.reservation.confirmed.v1', subject: reservationId, sequence: 2 }
    const value = JSON.stringify({ id: randomUUID(), data: {}, ...confirmed })
    const readSince: EventLog['readSince'] = ({ onMessage }) =>
      onMessage({ value } as Parameters<typeof onMessage>[0])
    expect(found(await restore(true, { readSince } as EventLog))).toEqual({
      lostEvents: [`${confirmed.type}/${reservationId}`],
      missingStories: [reservationWorkflowId(reservationId)],
    })
    await expectNothingMore()
  })

  it('that was asked for and is not in the books is held by nobody any more', async () => {
    const input = buildReservationInput(await buildCustomer(db))
    const id = reservationWorkflowId(input.reservationId)
    await start('reservation', id, input)
    await until(async () => (await restoredIds()).includes(id))
    expect(found(await restore())).toEqual({ unbegun: [id] })
    expect(await isRunning(id)).toBe(false)
    await expectNothingMore()
  })

  it('counts money that its story had not counted', async () => {
    const booking = await buildBooking(db)
    await beginBooking(booking)
    await settle(db, await buildPrompt(db, booking))
    const { reservationId } = booking.input
    expect(found(await restore())).toEqual({ uncounted: [`reservation:${reservationId}`] })
    expect((await readReservation(db, reservationId))?.status).toBe('confirmed')
    await expectNothingMore()
  })

  it('finds a home for money that came after the end', async () => {
    const booking = await buildBooking(db)
    const prompt = await buildPrompt(db, booking)
    const { reservationId } = booking.input
    const end = { reason: 'deadline', actorId: 'clock', note: null } as const
    await inTransaction(db, (tx) => endReservation(tx, { reservationId, ...end }))
    await settle(db, prompt)
    expect(found(await restore())).toEqual({ homeless: [prompt.paymentId] })
    await expectNothingMore()
  })

  it('is left to its story while others are at work', async () => {
    const booking = await buildBooking(db)
    await beginBooking(booking)
    await settle(db, await buildPrompt(db, booking))
    expect(found(await restore(false))).toEqual({})
  })
})

it('a report that no story has heard is handed on again', async () => {
  const booking = await buildBooking(db)
  await beginBooking(booking)
  const input = buildPaymentInput(booking)
  await during({ withMpesa: true }, async () => {
    await beginPayment(input)
    await until(async () => (await statusOf(input.paymentId)) === 'prompted')
  })
  const row = await readPayment(db, input.paymentId)
  const ids = {
    merchantRequestId: row?.merchantRequestId ?? '',
    checkoutRequestId: row?.checkoutRequestId ?? '',
  }
  const heard = await buildMessage(db, input.paymentId, buildCallback({ ...input, ...ids }))
  const unheard = await buildMessage(db, input.paymentId, { Body: 'another' })
  const both = [heard.messageId, unheard.messageId]
  await inTransaction(db, (tx) => noteDelivery(tx, both, []))
  await client.workflow
    .getHandle(paymentWorkflowId(input.paymentId))
    .signal('paymentReported', { messageId: heard.messageId })
  expect(found(await restore())).toEqual({ unheardReports: [unheard.messageId] })
  expect(await select(db, 'SELECT id FROM provider_messages WHERE delivered_at IS NULL')).toEqual([
    { id: unheard.messageId },
  ])
  await expectNothingMore()
})
