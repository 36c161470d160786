/** Builds charges for store tests, with sensible values that a test may override. */
import { randomUUID } from 'node:crypto'
import { openCharge } from '../../db/charges.ts'
import { inTransaction, type Database } from '../../db/connection.ts'
import type { ChargeInput, OpenedCharge } from '../../domain/charges.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import type { TenderInput } from '../../domain/tenders.ts'
import { DAY_MS } from '../../domain/time.ts'
import { openPayment, recordPrompt } from '../../db/payments.ts'
import { buildCustomer, buildParty, nextPhone, NOW, settle, type Prompted } from './builders.ts'

export type BuiltCharge = { input: ChargeInput; opened: OpenedCharge }

export const buildChargeInput = (
  customerId: string,
  over: Partial<ChargeInput> = {},
): ChargeInput => ({
  chargeId: randomUUID(),
  type: 'additional',
  customerId,
  reservationId: null,
  actorId: customerId,
  description: 'Child seat',
  total: shillings(4_000),
  mode: 'anybody',
  shrinkable: false,
  dueAt: new Date(NOW.getTime() + DAY_MS).toISOString(),
  parties: [buildParty()],
  ...over,
})

export async function buildCharge(
  db: Database,
  over: Partial<ChargeInput> = {},
): Promise<BuiltCharge> {
  const input = buildChargeInput(over.customerId ?? (await buildCustomer(db)), over)
  const opened = await inTransaction(db, (tx) => openCharge(tx, input, NOW))
  if (opened.outcome !== 'opened') throw new Error(`refused: ${opened.code}`)
  return { input, opened }
}

/** A request of this amount on the phone of one of its people. */
export const chargePayment = (
  { input, opened }: BuiltCharge,
  amount: Cents,
  party = 0,
): PaymentInput => ({
  paymentId: randomUUID(),
  purpose: 'charge',
  type: input.type,
  ownerId: input.chargeId,
  ownerNumber: opened.number,
  partyId: input.parties[party]?.id ?? '',
  customerId: input.customerId,
  actorId: input.customerId,
  phone: nextPhone(),
  amount,
})

export async function promptCharge(
  db: Database,
  charge: BuiltCharge,
  amount: Cents,
  party = 0,
  now = NOW,
): Promise<Prompted> {
  const input = chargePayment(charge, amount, party)
  const opened = await inTransaction(db, (tx) => openPayment(tx, input, now))
  if (opened.outcome !== 'opened') throw new Error(`refused: ${opened.reason.code}`)
  const ids = {
    merchantRequestId: `m-${input.paymentId}`,
    checkoutRequestId: `ws_CO_${input.paymentId}`,
  }
  await recordPrompt(db, input.paymentId, ids)
  return { ...input, ...ids }
}

export async function payCharge(db: Database, charge: BuiltCharge, amount: Cents, party = 0) {
  const prompt = await promptCharge(db, charge, amount, party)
  await settle(db, prompt)
  return prompt
}

/** What the desk hands in for a charge; by default cash for all of it. */
export const chargeTender = (
  { input, opened }: BuiltCharge,
  over: Partial<TenderInput> = {},
): TenderInput => ({
  paymentId: randomUUID(),
  purpose: 'charge',
  type: input.type,
  ownerId: input.chargeId,
  ownerNumber: opened.number,
  partyId: input.parties[0]?.id ?? '',
  customerId: input.customerId,
  actorId: input.customerId,
  amount: opened.total,
  tender: { method: 'cash', given: opened.total, keepChange: false },
  ...over,
})
