/** The payment that money by hand becomes: it has no phone of ours to ask, and nobody asked for it. */
import { phoneAgrees } from '../domain/paybill.ts'
import { select, type Tx } from './connection.ts'
import { phoneColumns, placeOfPhone, readPhone, type KeptPhone } from './payer-phones.ts'
import { insertPayment, readPayment } from './payment-rows.ts'
import type { PaymentOwner } from './payment-owners.ts'
import { hashOfPhone } from './reported-phones.ts'
import type { ArrivedMoney } from './unmatched-money.ts'

export type ByHand = {
  paymentId: string
  money: ArrivedMoney
  owner: PaymentOwner
  actorId: string
  now: Date
}

/**
 * A repeat changes nothing. A row of this id that is not this money counts nothing: whoever made it would be given
 * what it says instead of what came.
 */
export async function insertByHand(tx: Tx, by: ByHand): Promise<void> {
  const { paymentId, money, owner, actorId, now } = by
  const inserted = await insertPayment(
    tx,
    `INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method, channel,
       amount_cents, status, requested_at, version, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'mpesa', 'paybill', $8, 'requested', $9, first_version(), $10,
       $10)
     ON CONFLICT (id) DO NOTHING`,
    [
      paymentId,
      owner.purpose,
      owner.id,
      owner.number,
      await partyOf(tx, owner, money),
      owner.customerId,
      // A deposit stays a deposit, whichever way it comes.
      owner.type,
      money.amount,
      now,
      actorId,
    ],
  )
  if (inserted) return
  const found = await readPayment(tx, paymentId)
  if (found?.channel !== 'paybill' || found.amount !== money.amount)
    throw new Error(`payment ${paymentId} is not the money of receipt ${money.receipt}`)
}

/** Whose number M-Pesa shows; else the first, who booked. */
export async function partyOf(
  tx: Tx,
  owner: PaymentOwner,
  money: Pick<ArrivedMoney, 'payer'>,
): Promise<string> {
  if (!isShared(owner)) return owner.customerId
  const parties = await partiesOf(tx, owner)
  const named = parties.find((party) => paid(money, party))
  return (named ?? parties[0])?.id ?? owner.customerId
}

/**
 * What needs no more money gets more only from its own people: of anybody else a wrong number is likelier, and the
 * money would become a stranger's credit.
 */
export async function mayMean(tx: Tx, owner: PaymentOwner, money: ArrivedMoney): Promise<boolean> {
  if (!owner.full || !isShared(owner)) return true
  const parties = await partiesOf(tx, owner)
  return parties.some((party) => paid(money, party))
}

type Party = { id: string; phone: string | null }
type Shared = PaymentOwner & { purpose: 'reservation' | 'charge' }

async function partiesOf(tx: Tx, { purpose, id, customerId }: Shared): Promise<Party[]> {
  const table = `${purpose}_parties` as const
  const rows = await select<{ id: string } & KeptPhone>(
    tx,
    `SELECT id, ${phoneColumns('', '$2::uuid')} FROM ${table} WHERE ${purpose}_id = $1 ORDER BY position`,
    [id, customerId],
  )
  return rows.map((row) => readPhone(tx, placeOfPhone(table, { id: row.id, customerId }), row))
}

const paid = ({ payer }: Pick<ArrivedMoney, 'payer'>, { phone }: Party): boolean =>
  phone !== null && phoneAgrees(payer, phone, hashOfPhone(phone)) === true

const isShared = (owner: PaymentOwner): owner is Shared => owner.purpose !== 'credit'
