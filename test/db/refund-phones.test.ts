/** Another phone for a stuck refund: who may name it, for what, and who agrees. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction, select } from '../../db/connection.ts'
import { sayPaidByHand } from '../../db/refund-by-hand.ts'
import { approveRefund, declineRefund } from '../../db/refund-approvals.ts'
import { decideNamedPhone, nameRefundPhone } from '../../db/refund-phones.ts'
import { findRefund } from '../../db/refund-rows.ts'
import {
  parkRefund,
  recordRefundSent,
  refuseRefund,
  settleRefund,
} from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { readBalances } from '../../db/ledger.ts'
import { shillings } from '../../domain/money.ts'
import type { NamedPhoneWord, RefundMethod } from '../../domain/refunds.ts'
import { buildBooking, buildPaid, count, eventsOf, nextReceipt, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const PHONE = '+254733000111'
const park = (id: string) => inTransaction(db, (tx) => parkRefund(tx, id, 'as tested', NOW))
const name = (id: string, actorId = 'finance', phone = PHONE) =>
  inTransaction(db, (tx) => nameRefundPhone(tx, id, { actorId, phone }))
const decide = (id: string, word: NamedPhoneWord, actorId = 'manager', phone = PHONE) =>
  inTransaction(db, (tx) =>
    decideNamedPhone(tx, id, { word, phone, actorId, note: null, now: NOW }),
  )
const setMethod = (id: string, method: RefundMethod) =>
  select(db, 'UPDATE refunds SET method = $2 WHERE id = $1 RETURNING id', [id, method])

/** A part of a payment that M-Pesa refused to pay out. */
async function buildRefused(): Promise<{ id: string; phone: string }> {
  const booking = await buildBooking(db)
  const { paymentId, phone } = await buildPaid(db, booking, booking.held.total)
  const id = randomUUID()
  const wish = { refundId: id, paymentId, amount: shillings(500), reason: 'as tested' }
  await inTransaction(db, (tx) =>
    openRefund(
      tx,
      { ...wish, actorId: 'clerk', askedBy: 'person' },
      { approvalAbove: shillings(20_000), now: NOW },
    ),
  )
  await inTransaction(db, (tx) => refuseRefund(tx, id, '2040'))
  return { id, phone }
}

async function buildStuck() {
  const refused = await buildRefused()
  await park(refused.id)
  return refused
}

describe('naming a phone', () => {
  it('waits for another person, with an audit entry and an event', async () => {
    const { id, phone } = await buildStuck()
    expect(await name(id)).toEqual({ outcome: 'waits' })
    expect(await name(id)).toEqual({ outcome: 'waits' })
    expect(await findRefund(db, id)).toMatchObject({
      status: 'awaiting_approval',
      phone,
      namedPhone: PHONE,
      waitsBecause: 'named_phone',
    })
    expect(await eventsOf(db, id)).toMatchObject([
      { type: 'refund.approved' },
      { type: 'refund.refused' },
      { type: 'refund.phone_named', data: { status: 'awaiting_approval' } },
    ])
    const told =
      "audit_entries WHERE action = 'refund.phone_named' AND entity_id = $1 AND actor = $2"
    expect(await count(db, told, [id, 'finance'])).toBe(1)
  })

  it('is refused while nothing is stuck, whatever a page has shown', async () => {
    const { id } = await buildRefused()
    expect(await name(id)).toMatchObject({ outcome: 'blocked' })
    expect(await findRefund(db, id)).toMatchObject({ status: 'refused', namedBy: null })
  })

  it.each<RefundMethod>(['cash', 'credit', 'by_hand'])('is refused for %s', async (method) => {
    const { id } = await buildStuck()
    await setMethod(id, method)
    expect(await name(id)).toMatchObject({ outcome: 'blocked' })
  })

  it('is refused while money may be on its way, and after it is back', async () => {
    const { id } = await buildStuck()
    await inTransaction(db, (tx) => recordRefundSent(tx, id, null))
    expect(await name(id)).toMatchObject({ outcome: 'blocked' })
    await inTransaction(db, (tx) => settleRefund(tx, { refundId: id, receipt: nextReceipt() }))
    expect(await name(id)).toMatchObject({ outcome: 'blocked' })
  })

  it('is refused for the phone to which it goes already', async () => {
    const { id, phone } = await buildStuck()
    expect(await name(id, 'finance', phone)).toMatchObject({
      outcome: 'blocked',
      why: 'It goes to this phone already.',
    })
  })

  it('is refused for an amount that M-Pesa cannot pay out', async () => {
    const { id } = await buildStuck()
    await select(db, 'UPDATE refunds SET amount_cents = amount_cents + 50 WHERE id = $1', [id])
    expect(await name(id)).toMatchObject({
      outcome: 'blocked',
      why: 'M-Pesa cannot pay this amount out.',
    })
  })

  it('is refused once somebody says that they paid it by hand', async () => {
    const { id } = await buildStuck()
    await select(db, 'UPDATE refunds SET large = true WHERE id = $1', [id])
    const paid = { how: 'sent from the bank', reference: 'FT26325ABC', receipt: null }
    const said = { ...paid, refundId: id, actorId: 'other', now: NOW }
    await inTransaction(db, (tx) => sayPaidByHand(tx, said))
    expect(await name(id)).toMatchObject({
      outcome: 'blocked',
      why: 'Somebody says that they paid it by hand.',
    })
  })

  it('is refused while another phone waits', async () => {
    const { id } = await buildStuck()
    await name(id)
    expect(await name(id, 'other', '+254733000222')).toMatchObject({ outcome: 'blocked' })
    // Who names the same one is no second person who agrees.
    expect(await name(id, 'other')).toMatchObject({ outcome: 'blocked' })
  })
})

describe('the word about a named phone', () => {
  it('is never that of who asked or who named it', async () => {
    const { id } = await buildStuck()
    await name(id)
    expect(await decide(id, 'approve', 'finance')).toMatchObject({ outcome: 'blocked' })
    expect(await decide(id, 'approve', 'clerk')).toMatchObject({ outcome: 'blocked' })
    expect(await findRefund(db, id)).toMatchObject({ namedPhone: PHONE })
  })

  it('yes makes it a payout to that phone, and moves no money twice', async () => {
    const { id } = await buildStuck()
    await name(id)
    const before = await readBalances(db)
    expect(await decide(id, 'approve')).toEqual({ outcome: 'approved' })
    expect(await decide(id, 'approve')).toEqual({ outcome: 'approved' })
    expect(await decide(id, 'decline', 'other')).toEqual({ outcome: 'approved' })
    expect(await findRefund(db, id)).toMatchObject({
      status: 'approved',
      method: 'payout',
      phone: PHONE,
      decidedBy: 'manager',
      namedBy: null,
    })
    expect(await readBalances(db)).toEqual(before)
  })

  it('no leaves the refund as it was, and its money set aside', async () => {
    const { id, phone } = await buildStuck()
    await name(id)
    expect(await decide(id, 'decline')).toEqual({ outcome: 'declined' })
    expect(await decide(id, 'approve', 'other')).toEqual({ outcome: 'declined' })
    expect(await findRefund(db, id)).toMatchObject({ status: 'refused', phone, namedBy: null })
    expect((await eventsOf(db, id)).at(-1)).toMatchObject({ type: 'refund.phone_declined' })
  })

  it('is not taken for one about the refund itself', async () => {
    const { id } = await buildStuck()
    await name(id)
    const by = { actorId: 'manager', note: null, now: NOW }
    expect(await inTransaction(db, (tx) => approveRefund(tx, id, by))).toMatchObject({
      outcome: 'blocked',
    })
    expect(await inTransaction(db, (tx) => declineRefund(tx, id, by))).toBe(false)
  })

  it('comes too late when the money is back, which M-Pesa alone says', async () => {
    const { id } = await buildStuck()
    await name(id)
    await inTransaction(db, (tx) => settleRefund(tx, { refundId: id, receipt: nextReceipt() }))
    expect(await findRefund(db, id)).toMatchObject({ status: 'settled', namedPhone: null })
    expect(await decide(id, 'approve')).toEqual({ outcome: 'declined' })
  })
})
