import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { declineChargeShare } from '../../db/charge-shares.ts'
import { endCharge, progressCharge } from '../../db/charges.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { reclaimOwner } from '../../db/late-charges.ts'
import { readBalances } from '../../db/ledger.ts'
import { coverShare, openCover, shrinkCharge } from '../../db/missed-shares.ts'
import { openPayment, refusePayment } from '../../db/payments.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { DEFAULT_APPROVAL_ABOVE } from '../../domain/refunds.ts'
import { readShares } from '../../db/shares.ts'
import type { ChargeStatus } from '../../domain/charges.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { add, shillings, ZERO, type Cents } from '../../domain/money.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { leftOfShare } from '../../domain/shares.ts'
import {
  buildBooking,
  buildCustomer,
  buildParty,
  buildPrompt,
  NOW,
  settle,
} from '../support/builders.ts'
import type { Prompted } from '../support/builders.ts'
import { buildCharge, chargePayment, payCharge, promptCharge } from '../support/charges.ts'
import type { BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const SHARE = shillings(1_000)
const PAYERS = 4
/** Stories that run beside each other. */
const AT_ONCE = 8
const HOW = ['pay', 'late', 'cancel', 'short'] as const
type How = (typeof HOW)[number]
const WHAT_THEN = ['nothing', 'late money in time', 'others cover', 'smaller order'] as const
type Then = (typeof WHAT_THEN)[number]

const DUE = new Date(NOW.getTime() + DAY_MS)
const MISSED = new Date(DUE.getTime() + HOUR_MS)

const POLICY = { approvalAbove: DEFAULT_APPROVAL_ABOVE, now: NOW }

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const COMBINATIONS: How[][] = Array.from({ length: HOW.length ** PAYERS }, (_, index) =>
  Array.from({ length: PAYERS }, (_unused, place) => {
    return HOW[Math.floor(index / HOW.length ** place) % HOW.length] as How
  }),
)

const build = (over: Parameters<typeof buildCharge>[1] = {}) =>
  buildCharge(db, {
    customerId,
    total: shillings(4_000),
    mode: 'all_or_nobody',
    shrinkable: true,
    dueAt: DUE.toISOString(),
    parties: Array.from({ length: PAYERS }, () => buildParty()),
    ...over,
  })

type Story = { charge: BuiltCharge; settled: Cents; late: Prompted[]; back: Set<string> }

/** We gave a late payer's request up; its money comes all the same. */
async function giveUp(prompt: Prompted) {
  const reason = reasonFor('NO_ANSWER')
  await inTransaction(db, (tx) => refusePayment(tx, prompt.paymentId, reason))
  return prompt
}

async function act(story: Story, how: How, party: number): Promise<void> {
  const { charge } = story
  const partyId = charge.input.parties[party]?.id ?? ''
  if (how === 'cancel') {
    await inTransaction(db, (tx) => declineChargeShare(tx, charge.input.chargeId, partyId))
  } else if (how === 'late') {
    story.late.push(await giveUp(await promptCharge(db, charge, SHARE, party)))
  } else {
    const amount = how === 'pay' ? SHARE : shillings(400)
    await payCharge(db, charge, amount, party)
    story.settled = add(story.settled, amount)
  }
}

const progress = (story: Story) =>
  inTransaction(db, (tx) => progressCharge(tx, story.charge.input.chargeId))

/** What a report about a request that we had given up leads to. */
async function arriveLate(story: Story): Promise<void> {
  for (const prompt of story.late.splice(0)) {
    await settle(db, prompt)
    story.settled = add(story.settled, prompt.amount)
    const claim = { paymentId: prompt.paymentId, policy: DEFAULT_POLICY, now: MISSED }
    const home = await inTransaction(db, (tx) => reclaimOwner(tx, claim))
    if (home.outcome === 'refund') story.back.add(prompt.paymentId)
    await progress(story)
  }
}

const missing = async (story: Story) =>
  (await readShares(db, 'charge', story.charge.input.chargeId)).filter(
    (one) => leftOfShare(one) > 0,
  )

async function coverAll(story: Story): Promise<void> {
  const { input } = story.charge
  const shares = await readShares(db, 'charge', input.chargeId)
  const payer = shares.findIndex((one) => leftOfShare(one) === 0)
  if (payer < 0) return
  const ids = { ownerId: input.chargeId, partyId: shares[payer]?.id ?? '', actorId: 'test' }
  for (const { id: forPartyId } of await missing(story)) {
    const wish = { what: 'charge' as const, ...ids, forPartyId }
    const covered = await inTransaction(db, (tx) => coverShare(tx, wish, MISSED))
    if (covered.outcome !== 'covered') throw new Error(covered.message)
    await payCharge(db, story.charge, covered.added, payer)
    story.settled = add(story.settled, covered.added)
  }
  await progress(story)
}

async function shrinkAll(story: Story): Promise<void> {
  const { chargeId } = story.charge.input
  for (const { id: partyId } of await missing(story)) {
    const wish = { chargeId, partyId, actorId: 'test' }
    const shrunk = await inTransaction(db, (tx) => shrinkCharge(tx, wish, MISSED))
    if (shrunk.outcome === 'refused') return
    for (const { paymentId } of shrunk.refunds) story.back.add(paymentId)
  }
}

async function refund(paymentId: string): Promise<Cents> {
  const wish = { refundId: paymentId, paymentId, reason: 'a test', actorId: 'test' }
  await inTransaction(db, (tx) => openRefund(tx, wish, POLICY))
  await inTransaction(db, (tx) => settleRefund(tx, { refundId: paymentId, receipt: null }))
  const rows = await select<{ amount: string }>(
    db,
    'SELECT amount_cents AS amount FROM payments WHERE id = $1',
    [paymentId],
  )
  return Number(rows[0]?.amount) as Cents
}

type Left = { status: ChargeStatus; total: Cents; settled: Cents; kept: Cents }

async function play(how: How[], then: Then): Promise<Left> {
  const charge = await build()
  const { chargeId } = charge.input
  const story: Story = { charge, settled: ZERO, late: [], back: new Set() }
  for (const [party, one] of how.entries()) await act(story, one, party)
  await progress(story)
  const until = await inTransaction(db, (tx) => openCover(tx, 'charge', chargeId, MISSED))
  if (until && then === 'late money in time') await arriveLate(story)
  if (until && then === 'others cover') await coverAll(story)
  if (until && then === 'smaller order') await shrinkAll(story)
  const end = { chargeId, reason: 'deadline', actorId: 'clock', note: null } as const
  const { refunds } = await inTransaction(db, (tx) => endCharge(tx, end))
  for (const { paymentId } of refunds) story.back.add(paymentId)
  await arriveLate(story)
  const { status, total } = await progress(story)
  let back = ZERO
  for (const id of story.back) back = add(back, await refund(id))
  return { status, total, settled: story.settled, kept: (story.settled - back) as Cents }
}

describe('four payers, each paying, late, cancelling or short', () => {
  it.each(WHAT_THEN)(
    'all 256 combinations end at the price or at zero: %s',
    async (then) => {
      const before = await readBalances(db)
      let kept = ZERO
      let paid = 0
      for (let first = 0; first < COMBINATIONS.length; first += AT_ONCE) {
        const some = COMBINATIONS.slice(first, first + AT_ONCE)
        const ends = await Promise.all(some.map((how) => play(how, then)))
        for (const [index, left] of ends.entries()) {
          const wanted = left.status === 'paid' ? left.total : ZERO
          expect({ how: some[index], kept: left.kept }).toEqual({ how: some[index], kept: wanted })
          kept = add(kept, left.kept)
          paid += left.status === 'paid' ? 1 : 0
        }
      }
      const after = await readBalances(db)
      expect(after.mpesa_clearing - before.mpesa_clearing).toBe(kept)
      expect(after.customer_deposits).toBe(before.customer_deposits)
      // Nothing done: only the one in which all pay. Late money in time, with somebody else having paid: 2^4 - 1.
      const expected = { nothing: 1, 'late money in time': 15 }
      expect(paid).toBe(expected[then as keyof typeof expected] ?? 175)
    },
    120_000,
  )
})

describe('a share', () => {
  it('takes no more than its own from whoever it belongs to', async () => {
    const charge = await build()
    const input = chargePayment(charge, shillings(1_001))
    const opened = await inTransaction(db, (tx) => openPayment(tx, input, NOW))
    expect(opened).toMatchObject({ reason: { code: 'AMOUNT_ABOVE_BALANCE' } })
  })

  it('is not taken over while it may still be paid, nor while a request for it is out', async () => {
    const charge = await build()
    const [first, second] = charge.input.parties.map(({ id }) => id) as [string, string]
    const ids = { ownerId: charge.input.chargeId, partyId: first, forPartyId: second }
    const wish = { what: 'charge' as const, ...ids, actorId: 'test' }
    const cover = (at: Date) => inTransaction(db, (tx) => coverShare(tx, wish, at))
    expect(await cover(NOW)).toMatchObject({ code: 'SHARE_NOT_OPEN' })
    const prompt = await promptCharge(db, charge, SHARE, 1)
    expect(await cover(MISSED)).toMatchObject({ code: 'SHARE_NOT_OPEN' })
    await giveUp(prompt)
    expect(await cover(MISSED)).toEqual({ outcome: 'covered', added: SHARE })
    expect(await cover(MISSED)).toEqual({ outcome: 'covered', added: ZERO })
  })

  it('leaves the order only where the order may be smaller', async () => {
    const charge = await build({ shrinkable: false })
    const partyId = charge.input.parties[1]?.id ?? ''
    const wish = { chargeId: charge.input.chargeId, partyId, actorId: 'test' }
    const shrunk = await inTransaction(db, (tx) => shrinkCharge(tx, wish, MISSED))
    expect(shrunk).toMatchObject({ outcome: 'refused', code: 'NOT_SHRINKABLE' })
  })
})

describe('a booking that stands only when all have paid', () => {
  const parties = () => [buildParty(), buildParty()]

  it('keeps its car a while longer when one has paid and one has not, once', async () => {
    const booking = await buildBooking(db, { mode: 'all_or_nobody', parties: parties() })
    const [first] = booking.held.parties
    const prompt = await buildPrompt(db, booking, { amount: first?.share ?? ZERO })
    await settle(db, prompt)
    const id = booking.input.reservationId
    const late = new Date(NOW.getTime() + HOUR_MS)
    const look = (at: Date) => inTransaction(db, (tx) => openCover(tx, 'reservation', id, at))
    const until = await look(late)
    expect(Date.parse(until ?? '')).toBe(late.getTime() + 2 * HOUR_MS)
    expect(await look(late)).toBe(until)
    expect(await look(new Date(late.getTime() + 3 * HOUR_MS))).toBeNull()
  })

  it('waits for nobody when nothing has been paid', async () => {
    const booking = await buildBooking(db, { mode: 'all_or_nobody', parties: parties() })
    const id = booking.input.reservationId
    const at = new Date(NOW.getTime() + HOUR_MS)
    expect(await inTransaction(db, (tx) => openCover(tx, 'reservation', id, at))).toBeNull()
  })
})
