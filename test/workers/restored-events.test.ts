/** Kafka is not put back: what of it is of the time that is lost, and what must be heard again. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { findHead, listLostHeads, sealNext, tellHead } from '../../db/audit-chain.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { nextNumber } from '../../db/document-series.ts'
import { findRefund } from '../../db/refund-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import { shillings } from '../../domain/money.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { HOUR_MS } from '../../domain/time.ts'
import type { EventLog } from '../../gateways/kafka.ts'
import { mendEvents } from '../../workers/restoring/events.ts'
import { noFindings, tellFindings, type Findings } from '../../workers/restoring/findings.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  buildReservationInput,
  buildTrip,
  eventsOf,
  nextPeriod,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

async function restore(kafka: EventLog): Promise<Findings> {
  const findings = noFindings()
  const now = new Date()
  const world = {
    db,
    // Events are compared with rows alone.
    client: {} as Client,
    policy: DEFAULT_POLICY,
    approvalAbove: shillings(20_000),
    phoneHash: (phone: string) => phone,
    now,
    lastAlive: now,
    since: new Date(now.getTime() - HOUR_MS),
    before: now,
    isQuiet: true,
    runId: randomUUID(),
    findings,
  }
  await mendEvents(world, kafka)
  return findings
}
const found = (findings: Findings) =>
  Object.fromEntries(Object.entries(findings).filter(([, ids]) => ids.length > 0))
const expectNothingMore = async (kafka: EventLog) =>
  expect(tellFindings(await restore(kafka))).toEqual(['Nothing differs.'])

describe('events that Kafka remembers', () => {
  type Told = { type: string; subject: string; sequence: number; data?: object; id?: string }
  const kafkaOf = (told: Told[]): EventLog => {
    const values = told.map((one) => JSON.stringify({ id: randomUUID(), data: {}, ...one }))
    const readSince: EventLog['readSince'] = async ({ onMessage }) => {
      for (const value of values) await onMessage({ value } as Parameters<typeof onMessage>[0])
    }
    return { readSince } as EventLog
  }

  it('of the time that is lost are heard by nobody, and what follows is newer', async () => {
    const booking = await buildBooking(db)
    const { reservationId } = booking.input
    const number = 'RSV-26-004711'
    const confirmed = { type: 'gari.reservation.confirmed.v1', subject: reservationId }
    const data = { reservation_id: reservationId, number }
    const kafka = kafkaOf([
      { ...confirmed, sequence: 9, data },
      { type: 'gari.payment.succeeded.v1', subject: randomUUID(), sequence: 2 },
      {
        type: 'gari.money.unexplained.v1',
        subject: randomUUID(),
        sequence: 0,
        data: { receipt: 'UKL0LOST00' },
      },
      { type: 'gari.reservation.held.v1', subject: reservationId, sequence: 1 },
    ])
    expect((await restore(kafka)).lostEvents).toHaveLength(3)
    expect(await readReservation(db, reservationId)).toMatchObject({ version: 9 })
    expect(await select(db, 'SELECT id FROM notifications')).toEqual([])
    const next = await selectOne(db, "SELECT nextval('reservation_number_seq')::int AS n")
    expect(next).toEqual({ n: 4_712 })
    await expectNothingMore(kafka)
  })

  it('of a row that is gone are older than what is told when it comes again', async () => {
    const input = buildReservationInput(await buildCustomer(db))
    const { reservationId } = input
    const held = { type: 'gari.reservation.held.v1', subject: reservationId, sequence: 1 }
    const confirmed = { ...held, type: 'gari.reservation.confirmed.v1', sequence: 3 }
    const kafka = kafkaOf([confirmed, held])
    await restore(kafka)
    const trip = buildTrip(nextPeriod())
    const again = await inTransaction(db, (tx) => holdReservation(tx, { ...input, trip }, NOW))
    expect(again.outcome).toBe('held')
    const [told] = await eventsOf(db, reservationId)
    expect(told).toMatchObject({ type: 'reservation.held', version: 4 })
    await expectNothingMore(kafka)
  })

  it('that the books know and whose hearing they have lost are heard again', async () => {
    const booking = await buildBooking(db)
    const { reservationId } = booking.input
    const data = { reservation_id: reservationId, number: booking.held.number }
    const confirmed = { type: 'gari.reservation.confirmed.v1', subject: reservationId, data }
    const kafka = kafkaOf([{ ...confirmed, sequence: 1 }])
    expect(found(await restore(kafka))).toEqual({
      unheardEvents: [`gari.reservation.confirmed.v1/${reservationId}`],
    })
    const told = await select(db, "SELECT id FROM notifications WHERE template = 'confirmed'")
    expect(told.length).toBeGreaterThan(0)
    await expectNothingMore(kafka)
  })

  it('of documents that were issued keep their numbers from others, and are told to a person', async () => {
    const issued = { type: 'gari.invoice.issued.v1', subject: randomUUID(), sequence: 1 }
    const credit = { type: 'gari.credit_note.issued.v1', subject: randomUUID(), sequence: 2 }
    const kafka = kafkaOf([
      { ...issued, data: { number: 'INV-26-000041' } },
      { ...credit, data: { credit_note: 'CRN-26-000007' } },
    ])
    expect((await restore(kafka)).lostDocuments).toEqual(['INV-26-000041', 'CRN-26-000007'])
    const at = new Date('2026-06-01T09:00:00Z')
    const next = await inTransaction(db, async (tx) => [
      await nextNumber(tx, 'INV', at),
      await nextNumber(tx, 'CRN', at),
    ])
    expect(next).toEqual(['INV-26-000042', 'CRN-26-000008'])
    await expectNothingMore(kafka)
  })

  it('of the audit are newer from then on, also where the copy has the link and not that it was told', async () => {
    const seal = () => inTransaction(db, (tx) => sealNext(tx, () => 'ab'.repeat(32), 1))
    const tell = () => inTransaction(db, (tx) => tellHead(tx, 0))
    const told = async () =>
      Number((await selectOne<{ v: string }>(db, 'SELECT max(version) AS v FROM audit_heads'))?.v)
    await seal()
    const { position, hash } = await findHead(db)
    const head = { type: 'gari.audit.sealed.v1', subject: 'audit', data: { position, hash } }
    const lost = kafkaOf([{ ...head, sequence: 41 }])
    expect((await restore(lost)).lostEvents).toEqual(['gari.audit.sealed.v1/audit'])
    await expectNothingMore(lost)
    await tell()
    expect(await told()).toBeGreaterThan(41)
    // The link is as it was published, so it goes on being compared.
    expect(await listLostHeads(db)).toEqual(new Set())
    await expectNothingMore(kafkaOf([{ ...head, sequence: await told() }]))
    const gone = { position: 9_999, hash: 'cd'.repeat(32) }
    await restore(kafkaOf([{ ...head, sequence: 61, data: gone }]))
    expect(await listLostHeads(db)).toEqual(new Set([gone.hash]))
  })

  describe('of a refund', () => {
    /** Above whatever earlier ones have raised the floor to. */
    let sequence = 0
    const buildRefund = async (amount: number) => {
      sequence += 100
      const booking = await buildBooking(db)
      const { paymentId, customerId } = await buildPaid(db, booking, booking.held.total)
      const data = {
        amount: `${amount}.00`,
        method: 'payout',
        payment_id: paymentId,
        customer_id: customerId,
      }
      const refundId = randomUUID()
      const sent = { type: 'gari.refund.sent.v1', subject: refundId, sequence, data }
      const settled = { ...sent, type: 'gari.refund.settled.v1', sequence: sequence + 1 }
      const wish = {
        paymentId,
        reason: 'as tested',
        actorId: 'somebody',
        askedBy: 'person',
      } as const
      const policy = { approvalAbove: shillings(20_000), now: NOW }
      const open = (id: string) =>
        inTransaction(db, (tx) =>
          openRefund(tx, { ...wish, refundId: id, amount: shillings(amount) }, policy),
        )
      return { refundId, booking, sent, settled, open }
    }

    it('that the books have lost is written down again, so that nobody pays it twice', async () => {
      const { refundId, booking, sent, open } = await buildRefund(500)
      const kafka = kafkaOf([sent])
      expect((await restore(kafka)).lostRefunds).toEqual([refundId])
      expect(await findRefund(db, refundId)).toMatchObject({ status: 'sent', amount: 50_000 })
      const rest = randomUUID()
      await inTransaction(db, (tx) =>
        openRefund(
          tx,
          { refundId: rest, paymentId: sent.data.payment_id, reason: 'x', actorId: 'gari' },
          { approvalAbove: shillings(20_000), now: NOW },
        ),
      )
      expect(await findRefund(db, rest)).toMatchObject({ amount: booking.held.total - 50_000 })
      expect(await open(refundId)).toMatchObject({ sent: {} })
      await expectNothingMore(kafka)
    })

    it('that the books call decided, and that was paid, is settled', async () => {
      const { refundId, sent, settled, open } = await buildRefund(500)
      await open(refundId)
      const kafka = kafkaOf([sent, settled])
      expect((await restore(kafka)).lostRefunds).toEqual([refundId])
      expect(await findRefund(db, refundId)).toMatchObject({ status: 'settled' })
      await expectNothingMore(kafka)
    })
  })

  it('of money that M-Pesa gave back are work for finance, once', async () => {
    const [refundId, paymentId] = [randomUUID(), randomUUID()]
    const data = {
      amount: '4500.00',
      method: 'reversal',
      payment_id: paymentId,
      customer_id: randomUUID(),
    }
    const sent = { type: 'gari.refund.sent.v1', subject: refundId, sequence: 2, data }
    const settled = { ...sent, type: 'gari.refund.settled.v1', sequence: 3 }
    const kafka = kafkaOf([sent, settled])
    expect((await restore(kafka)).lostRefunds).toEqual([refundId])
    const listed = await select(
      db,
      "SELECT kind, subject, amount_cents::int AS amount FROM reconciliation_findings WHERE status = 'open'",
    )
    expect(listed).toEqual([{ kind: 'unknown_money_out', subject: refundId, amount: 450_000 }])
    await expectNothingMore(kafka)
  })
})
