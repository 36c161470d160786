/** Builds what store tests need, with sensible values that a test may override. */
import { randomUUID } from 'node:crypto'
import { createUser } from '../../db/accounts.ts'
import { createCompany } from '../../db/companies.ts'
import { inTransaction, select, selectOne, type Database, type Tx } from '../../db/connection.ts'
import { postEntry } from '../../db/ledger.ts'
import { settlePayment } from '../../db/payment-settling.ts'
import { openPayment, recordPrompt } from '../../db/payments.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { progressReservation } from '../../db/reservations.ts'
import { createTill, openSession } from '../../db/tills.ts'
import type { CompanyFacts } from '../../domain/companies.ts'
import { negate, shillings, toShillings, type Cents } from '../../domain/money.ts'
import type { PaymentInput, SettleDecision } from '../../domain/payments.ts'
import {
  DEFAULT_POLICY,
  type HeldReservation,
  type PartyInput,
  type ReservationInput,
  type Trip,
} from '../../domain/reservations.ts'
import type { TenderInput } from '../../domain/tenders.ts'
import { DAY_MS, HOUR_MS, startOfDay } from '../../domain/time.ts'

export const NOW = new Date()

/** `hour` o'clock in Nairobi, so many days ahead. */
export const at = (days: number, hour = 10): Date =>
  new Date(startOfDay(NOW).getTime() + days * DAY_MS + hour * HOUR_MS)

let phones = 0
/** Another Kenyan mobile each time. */
export const nextPhone = (): string => `+2547${String(10_000_000 + (phones += 1))}`

export const buildTrip = (over: Partial<Trip> = {}): Trip => ({
  categoryCode: 'SEDAN',
  vehicleId: null,
  pickupLocation: 'NBO-JKIA',
  returnLocation: 'NBO-JKIA',
  pickupAt: at(7).toISOString(),
  returnAt: at(9).toISOString(),
  ...over,
})

export const buildParty = (over: Partial<PartyInput> = {}): PartyInput => ({
  id: randomUUID(),
  name: 'Wanjiku Kamau',
  phone: nextPhone(),
  share: null,
  ...over,
})

export async function buildCustomer(db: Database): Promise<string> {
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: `${randomUUID()}@example.com`,
      passwordHash: 'not-a-hash',
      firstName: 'Wanjiku',
      lastName: 'Kamau',
      phone: nextPhone(),
    }),
  )
  return userId
}

type InputOver = Partial<Omit<ReservationInput, 'trip'>> & { trip?: Partial<Trip> }

export const buildReservationInput = (
  customerId: string,
  { trip, ...over }: InputOver = {},
): ReservationInput => ({
  reservationId: randomUUID(),
  customerId,
  actorId: customerId,
  trip: buildTrip(trip),
  parties: [buildParty()],
  specialRequests: null,
  policy: DEFAULT_POLICY,
  ...over,
})

let periods = 0
/** Two days that no other booking of this test file wants. */
export const nextPeriod = (): Pick<Trip, 'pickupAt' | 'returnAt'> => {
  const day = 7 + 3 * (periods += 1)
  return { pickupAt: at(day).toISOString(), returnAt: at(day + 2).toISOString() }
}

export type Booking = { input: ReservationInput; held: HeldReservation }

/** A booking that holds a car; throws when it is refused. */
export async function buildBooking(db: Database, over: InputOver = {}): Promise<Booking> {
  const customerId = over.customerId ?? (await buildCustomer(db))
  const trip = { ...nextPeriod(), ...over.trip }
  const input = buildReservationInput(customerId, { ...over, trip })
  const held = await inTransaction(db, (tx) => holdReservation(tx, input, NOW))
  if (held.outcome !== 'held') throw new Error(`refused: ${held.code}`)
  return { input, held }
}

export const buildPaymentInput = (
  { input, held }: Booking,
  over: Partial<PaymentInput> = {},
): PaymentInput => ({
  paymentId: randomUUID(),
  purpose: 'reservation',
  ownerId: input.reservationId,
  ownerNumber: held.number,
  partyId: held.parties[0]?.id ?? randomUUID(),
  customerId: input.customerId,
  actorId: input.customerId,
  phone: nextPhone(),
  amount: held.total,
  ...over,
})

export type Prompted = PaymentInput & { merchantRequestId: string; checkoutRequestId: string }

/** A payment whose prompt is on the phone. */
export async function buildPrompt(
  db: Database,
  booking: Booking,
  over: Partial<PaymentInput> = {},
): Promise<Prompted> {
  const input = buildPaymentInput(booking, over)
  const prompt = {
    merchantRequestId: `m-${input.paymentId}`,
    checkoutRequestId: `ws_CO_${input.paymentId}`,
  }
  const opened = await inTransaction(db, (tx) => openPayment(tx, input, NOW))
  if (opened.outcome !== 'opened') throw new Error(`refused: ${opened.reason.code}`)
  await recordPrompt(db, input.paymentId, prompt)
  return { ...input, ...prompt }
}

let receipts = 0
export const nextReceipt = (): string => `UKL${String(1_000_000 + (receipts += 1))}`

type ReportOver = {
  resultCode?: number
  /** Whole shillings, or whatever else a sender may write. */
  amount?: unknown
  receipt?: string
  phone?: unknown
  checkoutRequestId?: string
  merchantRequestId?: string
  withoutItems?: boolean
}

/** What Daraja posts for this payment: by default, that it was paid. */
export const buildCallback = (prompt: Prompted, over: ReportOver = {}) => ({
  Body: {
    stkCallback: {
      MerchantRequestID: over.merchantRequestId ?? prompt.merchantRequestId,
      CheckoutRequestID: over.checkoutRequestId ?? prompt.checkoutRequestId,
      ResultCode: over.resultCode ?? 0,
      ResultDesc: 'as tested',
      ...((over.resultCode ?? 0) === 0 && !over.withoutItems
        ? {
            CallbackMetadata: {
              Item: [
                { Name: 'Amount', Value: over.amount ?? toShillings(prompt.amount) },
                { Name: 'MpesaReceiptNumber', Value: over.receipt ?? nextReceipt() },
                { Name: 'PhoneNumber', Value: over.phone ?? Number(prompt.phone.slice(1)) },
              ],
            },
          }
        : {}),
    },
  },
})

/** Stores a body as Daraja's door would. */
export async function buildMessage(db: Database, subjectId: string, body: unknown) {
  const kind = 'stk_callback' as const
  const message = { kind, subjectId, body, sourceIp: null }
  return storeMessage(db, message)
}

export const settle = (
  db: Database,
  prompt: Prompted,
  receipt: string | null = nextReceipt(),
): Promise<SettleDecision> => {
  const { paymentId, merchantRequestId, checkoutRequestId } = prompt
  const facts = {
    paymentId,
    merchantRequestId,
    checkoutRequestId,
    receipt,
    by: 'callback' as const,
  }
  return inTransaction(db, (tx) => settlePayment(tx, facts, NOW))
}

export const progress = (db: Database, reservationId: string) =>
  inTransaction(db, (tx) => progressReservation(tx, reservationId, DEFAULT_POLICY, NOW))

/** A settled and counted payment of this amount. */
export async function buildPaid(db: Database, booking: Booking, amount: Cents): Promise<Prompted> {
  const prompt = await buildPrompt(db, booking, { amount })
  await settle(db, prompt)
  await progress(db, booking.input.reservationId)
  return prompt
}

export const KSH_1000 = shillings(1_000)

/** Leaves exactly these many cars of a category at the airport in service, and answers their ids. */
export async function keepCars(db: Database, category: string, count: number): Promise<string[]> {
  const kept = await select<{ id: string }>(
    db,
    `SELECT id FROM vehicles WHERE category_code = $1 AND location_code = 'NBO-JKIA'
     ORDER BY number LIMIT $2`,
    [category, count],
  )
  const ids = kept.map(({ id }) => id)
  if (ids.length !== count) throw new Error(`${category} has only ${ids.length} cars there`)
  await select(
    db,
    'UPDATE vehicles SET active = (id = ANY($2::uuid[])) WHERE category_code = $1 RETURNING id',
    [category, ids],
  )
  return ids
}

export type OutboxLine = { type: string; version: number; data: Record<string, unknown> }

/** The events of one thing, in the order in which the relay would send them. */
export const eventsOf = (db: Database, key: string): Promise<OutboxLine[]> =>
  select(db, 'SELECT type, version::int AS version, data FROM outbox WHERE key = $1 ORDER BY id', [
    key,
  ])

export async function count(on: Database | Tx, sql: string, bind: unknown[] = []): Promise<number> {
  const row = await selectOne<{ n: number }>(on, `SELECT count(*)::int AS n FROM ${sql}`, bind)
  return row?.n ?? -1
}

/** What the desk hands in for a booking; by default cash for all of it. */
export const buildTender = (
  { input, held }: Booking,
  over: Partial<TenderInput> = {},
): TenderInput => ({
  paymentId: randomUUID(),
  purpose: 'reservation',
  ownerId: input.reservationId,
  ownerNumber: held.number,
  partyId: held.parties[0]?.id ?? randomUUID(),
  customerId: input.customerId,
  actorId: input.customerId,
  amount: held.total,
  tender: { method: 'cash', given: held.total, keepChange: false },
  ...over,
})

/** A till of its own, opened by a clerk of its own. */
export async function buildTill(db: Database, float: Cents = shillings(0)) {
  const [clerkId, tillId, sessionId] = [await buildCustomer(db), randomUUID(), randomUUID()]
  const place = 'NBO-JKIA'
  await inTransaction(db, (tx) =>
    createTill(tx, { id: tillId, place, name: `Till ${tillId.slice(0, 8)}`, actorId: clerkId }),
  )
  const reason = float === 0 ? null : ('from_bank' as const)
  const opening = { sessionId, tillId, clerkId, float, reason, note: null, at: NOW }
  await inTransaction(db, (tx) => openSession(tx, opening))
  return { clerkId, tillId, sessionId }
}

export const COMPANY: CompanyFacts = {
  name: 'Simba Cement Ltd',
  kraPin: 'P051234567A',
  billing: {
    line1: 'Mombasa Road 1',
    line2: '',
    city: 'Nairobi',
    postcode: '00100',
    country: 'Kenya',
  },
  contact: { name: 'Otieno', email: 'accounts@simba.example', phone: '+254711222333' },
  creditLimit: shillings(100_000),
  termsDays: 30,
  active: true,
}

let pins = 0
export async function buildCompany(db: Database, over: Partial<CompanyFacts> = {}) {
  const kraPin = `P05${String(1_000_000 + (pins += 1))}A`
  return inTransaction(db, (tx) =>
    createCompany(tx, randomUUID(), { ...COMPANY, kraPin, ...over }, 'finance'),
  )
}

/** Gives a customer this much credit, as money that nobody needed would. */
export const buildCredit = (db: Database, customerId: string, amount: Cents) =>
  inTransaction(db, (tx) =>
    postEntry(tx, {
      kind: 'test_credit',
      reference: randomUUID(),
      postings: [
        { account: 'mpesa_clearing', amount },
        { account: 'customer_credit', amount: negate(amount), subject: customerId },
      ],
    }),
  )
