/**
 * Books in memory for tests of stories, typed from the real activities so that they cannot drift. What the
 * database guarantees is tested on PostgreSQL; here it is enough that each step answers as the real one would.
 */
import type { BankAllocation, BankAnswer } from '../../domain/bank-money.ts'
import type { Activities } from '../../activities/index.ts'
import type {
  LateOffer,
  OfferClosing,
  OfferDecision,
  OfferStatus,
  OfferTaking,
} from '../../domain/late-offers.ts'
import { cents, ZERO, type Cents } from '../../domain/money.ts'
import {
  type ManualResolution,
  type PaymentInput,
  type PaymentStatus,
  type PushAnswer,
  type PushState,
  type ReversalAnswer,
  type SettleDecision,
} from '../../domain/payments.ts'
import type { Taken } from '../../db/desk-payments.ts'
import { isAnnounced, type TenderInput } from '../../domain/tenders.ts'
import type { Allocation, AllocationAnswer, PaybillStanding } from '../../domain/paybill.ts'
import type {
  NamedPhoneWord,
  RefundDecision,
  RefundInput,
  RefundPlan,
} from '../../domain/refunds.ts'
import type { PayoutAnswer } from '../../domain/daraja.ts'
import type {
  BankHandOver,
  FoundReceipt,
  HandOver,
  PulledPage,
  PullWindow,
} from '../../domain/reconciliation.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { createFakeCharges, emptyCharge, type FakeCharge } from './fake-charges.ts'
import { fakeRentals } from './fake-rentals.ts'
import { createFakePlans, emptyPlan, type FakePlan } from './fake-plans.ts'
import type { CarSwap, ReservationInput, ReservationStatus } from '../../domain/reservations.ts'

export type Report = { result: string; amount?: Cents }
type Row = {
  input: PaymentInput | TenderInput
  status: PaymentStatus
  reason: string
  counted: boolean
  /** The answer to the push came, and with it the id to ask about. */
  prompted?: boolean
  /** When it was asked for, and then when it was paid or refused. */
  at?: number
}

export type FakeBooks = {
  activities: Activities
  charge: FakeCharge
  plan: FakePlan
  /** Of the test server, where days pass in a story. */
  time: () => Promise<number>
  status: ReservationStatus
  calls: string[]
  payments: Map<string, Row>
  /** Stored reports by message id. */
  reports: Map<string, Report>
  refunds: string[]
  /** Transfers of which the bank's list shows the money, once. */
  transfers: BankHandOver[]
  /** Why finance was called, in the order of the calls. */
  cases: string[]
  push: (input: PaymentInput) => Promise<PushAnswer>
  /** What the books make of money that is handed over; by default it is taken. */
  take: (input: TenderInput) => Promise<Taken>
  query: (checkoutRequestId: string) => Promise<PushState>
  swap: () => Promise<CarSwap>
  /** The booking that the next end strands. */
  stranded: string | null
  reversal: () => Promise<ReversalAnswer>
  payout: (wish: { payoutId: string; phone: string }) => Promise<PayoutAnswer>
  /** Of whoever pays a refund out in cash. */
  tillIsOpen: boolean
  /** What a declined refund leaves behind. */
  leftover: { paymentId: string; ownerNumber: string } | null
  returnAskedFor: boolean
  /** What the next refund's plan says otherwise than usual. */
  refundPlan: Partial<Extract<RefundPlan, { outcome: 'ready' }>>
  /** Asked about money that went back; the test reports the answer. */
  askStatus: (question: { subjectId: string }) => Promise<void>
  /** Whether late money finds the car free again. */
  carFree: boolean
  /** The receipt that a doubtful report names. */
  claimed: string | null
  /** Where money by hand stands, and whether a person's word about it comes in time. */
  match: () => PaybillStanding
  allocate: (wish: Allocation) => AllocationAnswer
  /** Of a line of the bank. */
  give: (wish: BankAllocation) => BankAnswer
  /** Whether M-Pesa is away. */
  outage: () => boolean
  /** What is offered when the car is gone: the cars, and how long they can be chosen; null = nothing. */
  offer: { cars: Set<string>; ms: number } | null
  offerStatus: OfferStatus | null
  /** What M-Pesa's list names and no report told. */
  found: HandOver[]
  /** Stories of money that nobody told us of. */
  unowned: string[]
  pull: (window: PullWindow, offset: number) => Promise<PulledPage>
}

/** As many as one comparison in the books hands over. */
const AT_ONCE = 200
const VEHICLE = { id: 'v1', plate: 'KDA 100A', make: 'Toyota', model: 'Axio' }

export function createFakeBooks(total: Cents, now: () => number): FakeBooks {
  let input: ReservationInput | null = null
  let expires = 0
  const sum = () =>
    [...books.payments.values()]
      .filter(({ status, counted }) => status === 'settled' && counted)
      .reduce((all, row) => cents(all + row.input.amount), ZERO)
  const payable = () => books.status === 'pending' || books.status === 'processing'
  const row = (id: string) => books.payments.get(id) as Row
  const settle = (id: string): SettleDecision => {
    const one = row(id)
    if (one.status !== 'settled') Object.assign(one, { status: 'settled', counted: payable() })
    return { outcome: 'settled', amount: one.input.amount, ownerOpen: one.counted }
  }
  const progress = () => {
    const paid = sum()
    if (payable() && paid > 0) books.status = paid >= total ? 'confirmed' : 'processing'
    const balance = cents(total - paid)
    if (paid > 0) expires = Math.max(expires, now() + (input?.policy.partPaidMs ?? 0))
    return {
      status: books.status,
      total,
      paid,
      balance,
      holdExpiresAt: new Date(expires).toISOString(),
    }
  }
  const note =
    <A extends unknown[], R>(name: string, work: (...args: A) => R) =>
    async (...args: A): Promise<Awaited<R>> => {
      books.calls.push(name)
      return await work(...args)
    }

  let offered: LateOffer | null = null
  const homeless = () =>
    [...books.payments.values()]
      .filter(({ status, counted }) => status === 'settled' && !counted)
      .map(({ input: { paymentId } }) => paymentId)
  const openOffer = (paymentId: string): LateOffer | null => {
    if (!books.offer || books.status !== 'expired') return null
    const expiresAt = new Date(now() + books.offer.ms).toISOString()
    books.offerStatus ??= 'open'
    offered ??= { offerId: 'o1', paymentId, ownerNumber: 'RSV-26-000001', expiresAt }
    return books.offerStatus === 'open' ? offered : null
  }
  const decided = (ids: string[]): OfferDecision => {
    const others = ids.filter((id) => id !== offered?.paymentId)
    return books.offerStatus === 'taken'
      ? { outcome: 'taken', input: input as ReservationInput, others }
      : { outcome: 'refund', ownerNumber: 'RSV-26-000001', others }
  }
  const unanswered = () => ({ outcome: 'unknown' as const, why: 'nobody answered' })

  const charge = emptyCharge()
  const plan = emptyPlan()
  const paidIds = () =>
    [...books.payments.values()]
      .filter(({ status, counted }) => status === 'settled' && counted)
      .map(({ input: { paymentId } }) => paymentId)

  const activities: Activities = {
    ...fakeRentals,
    ...createFakePlans({ plan, payments: () => books.payments, note, time: () => books.time() }),
    ...createFakeCharges({ charge, now, paid: sum, paidIds, note }),
    holdReservation: note('holdReservation', (wish: ReservationInput) => {
      if (!input) expires = now() + wish.policy.holdMs
      input = wish
      const { paid, balance, status, holdExpiresAt } = progress()
      return {
        outcome: 'held' as const,
        reservationId: wish.reservationId,
        number: 'RSV-26-000001',
        status,
        vehicle: VEHICLE,
        parties: wish.parties.map(({ id }) => ({ id, share: cents(total / wish.parties.length) })),
        total,
        balance,
        holdExpiresAt,
        paid,
      }
    }),
    progressReservation: note('progressReservation', progress),
    endReservation: note('endReservation', ({ reason }: { reason: string }) => {
      books.status = reason === 'deadline' ? 'expired' : 'cancelled'
      const refunds = paidIds().map((paymentId) => ({ paymentId }))
      return { status: books.status, refunds, stranded: books.stranded }
    }),
    completeReservation: note('completeReservation', () => {
      books.status = 'completed'
    }),
    remindReservation: note('remindReservation', () => undefined),
    swapCar: note('swapCar', () => books.swap()),
    extendForOutage: note('extendForOutage', () => {
      if (!books.outage()) return null
      expires = now() + 15 * 60_000
      return new Date(expires).toISOString()
    }),
    queuePush: note('queuePush', () => undefined),
    takeTurn: note('takeTurn', () =>
      books.outage() ? { turn: 'wait' as const, ms: 15_000 } : { turn: 'go' as const },
    ),
    declineShare: note('declineShare', () => ({ allDeclined: true })),
    reclaimReservation: note('reclaimReservation', (paymentId: string) => {
      const reservationId = input?.reservationId ?? ''
      if (payable()) {
        row(paymentId).counted = true
        return { outcome: 'open' as const, reservationId }
      }
      // Counted together with the payment whose offer was taken.
      if (row(paymentId).counted && books.offerStatus === 'taken')
        return { outcome: 'reclaimed' as const, input: input as ReservationInput }
      const open = openOffer(paymentId)
      if (open) return { outcome: 'offered' as const, offer: open }
      if (books.status !== 'expired' || !books.carFree)
        return { outcome: 'refund' as const, ownerNumber: 'RSV-26-000001' }
      row(paymentId).counted = true
      books.status = sum() >= total ? 'confirmed' : 'processing'
      expires = now() + 60_000
      return { outcome: 'reclaimed' as const, input: input as ReservationInput }
    }),
    takeOffer: note('takeOffer', ({ optionId }: OfferTaking) => {
      if (books.offerStatus !== 'open') return decided([])
      if (!books.offer?.cars.delete(optionId))
        return { outcome: 'gone' as const, left: books.offer?.cars.size ?? 0 }
      const others = homeless()
      for (const one of others) row(one).counted = true
      books.offerStatus = 'taken'
      books.status = sum() >= total ? 'confirmed' : 'processing'
      expires = now() + 60_000
      return decided(others)
    }),
    closeOffer: note('closeOffer', ({ status }: OfferClosing) => {
      if (books.offerStatus === 'open') books.offerStatus = status
      return decided(homeless())
    }),
    openPayment: note('openPayment', async (wish: PaymentInput) => {
      const known = books.payments.get(wish.paymentId)
      if (known && known.status !== 'requested')
        return { outcome: 'opened' as const, sent: { checkoutRequestId: 'ws_CO_1' } }
      const at = await books.time()
      books.payments.set(wish.paymentId, {
        input: wish,
        status: 'requested',
        reason: '',
        counted: false,
        at,
      })
      books.plan.asked.push({ phone: wish.phone, amount: wish.amount, at })
      return { outcome: 'opened' as const }
    }),
    takePayment: note('takePayment', (wish: TenderInput) => books.take(wish)),
    settleTransfer: note('settleTransfer', (id: string) => settle(id)),
    withdrawTransfer: note('withdrawTransfer', (id: string): SettleDecision => {
      Object.assign(row(id), { status: 'refused', reason: 'TRANSFER_WITHDRAWN' })
      return { outcome: 'refused', reason: reasonFor('TRANSFER_WITHDRAWN') }
    }),
    recordPrompt: note('recordPrompt', (id: string) => {
      row(id).prompted = true
    }),
    recordUnknown: note('recordUnknown', (id: string) => {
      if (row(id).status === 'requested') row(id).status = 'unknown'
    }),
    refusePayment: note('refusePayment', (id: string, reason: { code: string }) => {
      Object.assign(row(id), { status: 'refused', reason: reason.code })
    }),
    settleFromMessage: note(
      'settleFromMessage',
      (id: string, messageId: string): SettleDecision => {
        const { result, amount } = books.reports.get(messageId) as Report
        if (result === '0' && amount === row(id).input.amount) return settle(id)
        if (result === '0') {
          row(id).status = 'unexplained'
          const checkoutRequestId = row(id).prompted ? `ws_${id}` : null
          return { outcome: 'undecided', checkoutRequestId, disputed: true }
        }
        if (row(id).status === 'settled') return settle(id)
        Object.assign(row(id), { status: 'refused', reason: result })
        return { outcome: 'refused', reason: reasonFor(result) }
      },
    ),
    settleFromQuery: note('settleFromQuery', (id: string, state: PushState): SettleDecision => {
      const doubtful = row(id).status === 'unexplained'
      if (state.outcome === 'paid' && doubtful)
        return { outcome: 'undecided', checkoutRequestId: `ws_${id}`, disputed: true }
      if (state.outcome === 'paid') return settle(id)
      if (state.outcome !== 'refused') return { outcome: 'undecided', checkoutRequestId: null }
      Object.assign(row(id), { status: 'refused', reason: state.reason.code })
      return { outcome: 'refused', reason: state.reason }
    }),
    readDecision: note('readDecision', (id: string): SettleDecision => {
      const one = row(id)
      if (one.status === 'settled') return settle(id)
      if (one.status === 'refused') return { outcome: 'refused', reason: reasonFor(one.reason) }
      return { outcome: 'undecided', checkoutRequestId: `ws_${id}` }
    }),
    readClaim: note('readClaim', (id: string, messageIds: string[]) => ({
      paid: messageIds.some((one) => books.reports.get(one)?.result === '0'),
      checkoutRequestId: `ws_${id}`,
    })),
    readClaimedReceipt: note('readClaimedReceipt', () => books.claimed),
    resolvePayment: note(
      'resolvePayment',
      (id: string, { receipt }: ManualResolution): SettleDecision => {
        if (receipt) return settle(id)
        Object.assign(row(id), { status: 'refused', reason: 'RESOLVED_UNPAID' })
        return { outcome: 'refused', reason: reasonFor('RESOLVED_UNPAID') }
      },
    ),
    matchPaybill: note('matchPaybill', () => books.match()),
    allocateBankLine: note('allocateBankLine', (wish: BankAllocation) => books.give(wish)),
    allocateMoney: note('allocateMoney', (_id: string, wish: Allocation) => books.allocate(wish)),
    openRefund: note('openRefund', (wish: RefundInput): RefundPlan => {
      const amount = row(wish.paymentId ?? '').input.amount
      return {
        outcome: 'ready',
        method: 'reversal',
        receipt: 'UKL5ABC12D',
        amount,
        ownerNumber: 'RSV-26-000001',
        phone: '+254712345678',
        awaitsApproval: false,
        whole: true,
        ...books.refundPlan,
      }
    }),
    approveRefund: note('approveRefund', () => ({ outcome: 'approved' as const })),
    declineRefund: note('declineRefund', () => true),
    findLeftover: note('findLeftover', () => books.leftover),
    isReturnAskedFor: note('isReturnAskedFor', () => books.returnAskedFor),
    nameRefundPhone: note('nameRefundPhone', () => ({ outcome: 'waits' as const })),
    decideNamedPhone: note(
      'decideNamedPhone',
      (_id: string, { word }: { word: NamedPhoneWord }) => ({
        outcome: word === 'approve' ? ('approved' as const) : ('declined' as const),
      }),
    ),
    refuseRefund: note('refuseRefund', () => undefined),
    switchToPayout: note('switchToPayout', (_id: string, phone: string | null) => ({ phone })),
    parkRefund: note('parkRefund', (_id: string, why: string) => {
      books.cases.push(why)
    }),
    settleRefundInCash: note('settleRefundInCash', () => books.tillIsOpen),
    recordRefundSent: note('recordRefundSent', () => undefined),
    decideRefundFromMessage: note(
      'decideRefundFromMessage',
      (id: string, messageId: string): RefundDecision => {
        const code = books.reports.get(messageId)?.result ?? '0'
        if (code === '2032') return { outcome: 'missing' }
        if (code === 'pending') return { outcome: 'undecided' }
        if (code !== '0') return { outcome: 'refused', code }
        books.refunds.push(id)
        return { outcome: 'settled' }
      },
    ),
    settleRefundByHand: note('settleRefundByHand', () => undefined),
    openReconciliation: note('openReconciliation', () => undefined),
    noteReconciliation: note('noteReconciliation', () => undefined),
    compareLines: note('compareLines', (): HandOver[] =>
      books.found.filter(({ paymentId }) => row(paymentId).status !== 'settled').slice(0, AT_ONCE),
    ),
    listUnowned: note('listUnowned', () => books.unowned),
    matchBankLines: note('matchBankLines', (): BankHandOver[] => books.transfers.splice(0)),
    explainKnownReasons: note('explainKnownReasons', () => false),
    settleFromReceipt: note('settleFromReceipt', (id: string, found: FoundReceipt) => {
      if (found.amount !== row(id).input.amount)
        return { outcome: 'undecided' as const, checkoutRequestId: null }
      return settle(id)
    }),
    recordUnsettled: note('recordUnsettled', () => undefined),
    findMissing: note('findMissing', () => undefined),
    compareStatementBalance: note('compareStatementBalance', () => true),
    compareReportedBalance: note('compareReportedBalance', () => true),
    finishReconciliation: note('finishReconciliation', (runId: string, complete: boolean) => ({
      runId,
      status: complete ? ('clean' as const) : ('incomplete' as const),
      matched: 0,
      explained: 0,
      leftOver: 0,
    })),
    fetchPulledLines: note('fetchPulledLines', (_: string, window: PullWindow, offset: number) =>
      books.pull(window, offset),
    ),
    requestStkPush: note('requestStkPush', (wish: PaymentInput) => books.push(wish)),
    queryStkPush: note('queryStkPush', (id: string) => books.query(id)),
    requestReversal: note('requestReversal', () => books.reversal()),
    requestPayout: note('requestPayout', (wish: { payoutId: string; phone: string }) =>
      books.payout(wish),
    ),
    requestTransactionStatus: note(
      'requestTransactionStatus',
      async (question: { subjectId: string }) => {
        await books.askStatus(question)
        return {
          outcome: 'accepted' as const,
          conversationId: 'AG_3',
          originatorConversationId: '',
        }
      },
    ),
    requestAccountBalance: note('requestAccountBalance', unanswered),
  }
  const books: FakeBooks = {
    activities,
    charge,
    plan,
    time: async () => now(),
    status: 'pending',
    calls: [],
    payments: new Map(),
    reports: new Map(),
    refunds: [],
    transfers: [],
    cases: [],
    push: async (wish) => ({
      outcome: 'accepted',
      merchantRequestId: `m_${wish.paymentId}`,
      checkoutRequestId: `ws_${wish.paymentId}`,
    }),
    take: async (wish) => {
      const status = isAnnounced(wish.tender) ? 'unknown' : 'requested'
      if (!books.payments.has(wish.paymentId))
        books.payments.set(wish.paymentId, { input: wish, status, reason: '', counted: false })
      return status === 'unknown'
        ? { outcome: 'announced' }
        : { outcome: 'taken', decision: settle(wish.paymentId) }
    },
    query: async () => ({ outcome: 'pending' }),
    swap: async () => ({ outcome: 'stands' }),
    stranded: null,
    reversal: async () => ({
      outcome: 'accepted',
      conversationId: 'AG_1',
      originatorConversationId: 'o-1',
    }),
    tillIsOpen: true,
    payout: async () => ({
      outcome: 'accepted',
      conversationId: 'AG_2',
      originatorConversationId: 'o-2',
    }),
    leftover: null,
    returnAskedFor: false,
    refundPlan: {},
    askStatus: async () => undefined,
    carFree: true,
    claimed: null,
    match: () => ({ standing: 'unreadable', why: 'not in this test' }),
    allocate: () => ({ outcome: 'refused', code: 'NOT_FOUND', why: 'not in this test' }),
    give: () => ({ outcome: 'refused', code: 'NOT_FOUND', why: 'not in this test' }),
    outage: () => false,
    offer: null,
    offerStatus: null,
    found: [],
    unowned: [],
    pull: async () => ({ outcome: 'end', read: 0 }),
  }
  return books
}
