/** What is asked for after a return, line by line: as proposed, and what of it stood in the end. */
import { randomUUID } from 'node:crypto'
import { add, ZERO, type Cents } from '../domain/money.ts'
import type { RentalCharge, RentalChargeKind } from '../domain/rental-charges.ts'
import { select, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

export type KeptCharge = RentalCharge & { id: string; final: Cents | null }

type Raw = {
  id: string
  kind: RentalChargeKind
  quantity: number
  unit: string
  amount: string
  final: string | null
  facts: RentalCharge['facts']
}

/** In the order in which they were written. */
export async function readRentalCharges(
  on: Database | Tx,
  rentalId: string,
): Promise<KeptCharge[]> {
  const rows = await select<Raw>(
    on,
    `SELECT id, kind, quantity, unit_cents AS unit, amount_cents AS amount, final_cents AS final, facts
     FROM rental_charges WHERE rental_id = $1 ORDER BY position`,
    [rentalId],
  )
  return rows.map(({ unit, amount, final, ...row }) => ({
    ...row,
    unitPrice: toCents(unit),
    amount: toCents(amount),
    final: final === null ? null : toCents(final),
  }))
}

type NewCharge = RentalCharge & { id: string }

/** Behind those that stand there; false where it is one of them. The caller holds the rental's lock. */
export async function addRentalCharge(
  tx: Tx,
  rentalId: string,
  charge: NewCharge,
): Promise<boolean> {
  const { id, kind, quantity, unitPrice, amount, facts } = charge
  const rows = await select(
    tx,
    `INSERT INTO rental_charges (id, rental_id, position, kind, quantity, unit_cents, amount_cents, facts)
     SELECT $7, $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6 FROM rental_charges WHERE rental_id = $1
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [rentalId, kind, quantity, unitPrice, amount, JSON.stringify(facts), id],
  )
  return rows.length > 0
}

export async function addRentalCharges(
  tx: Tx,
  rentalId: string,
  charges: readonly RentalCharge[],
): Promise<void> {
  for (const charge of charges) await addRentalCharge(tx, rentalId, { id: randomUUID(), ...charge })
}

export const claimedBy = (charges: readonly KeptCharge[]): Cents =>
  add(ZERO, ...charges.map(({ amount, final }) => final ?? amount))
