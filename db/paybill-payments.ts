/** The payment that money by hand becomes: it has no phone of ours to ask, and nobody asked for it. */
import { phoneAgrees } from '../domain/paybill.ts'
import { select, type Tx } from './connection.ts'
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

const PARTIES = {
  reservation: 'SELECT id, phone FROM reservation_parties WHERE reservation_id = $1',
  charge: 'SELECT id, phone FROM charge_parties WHERE charge_id = $1',
} as const

/** Whose number M-Pesa shows; else the first, who booked. */
export async function partyOf(
  tx: Tx,
  owner: PaymentOwner,
  money: Pick<ArrivedMoney, 'payer'>,
): Promise<string> {
  if (owner.purpose === 'credit') return owner.customerId
  const parties = await partiesOf(tx, owner.purpose, owner.id)
  const named = parties.find((party) => paid(money, party))
  return (named ?? parties[0])?.id ?? owner.customerId
}

/**
 * What needs no more money gets more only from its own people: of anybody else a wrong number is likelier, and the
 * money would become a stranger's credit.
 */
export async function mayMean(tx: Tx, owner: PaymentOwner, money: ArrivedMoney): Promise<boolean> {
  if (!owner.full || owner.purpose === 'credit') return true
  const parties = await partiesOf(tx, owner.purpose, owner.id)
  return parties.some((party) => paid(money, party))
}

type Party = { id: string; phone: string }

const partiesOf = (tx: Tx, purpose: keyof typeof PARTIES, ownerId: string): Promise<Party[]> =>
  select(tx, `${PARTIES[purpose]} ORDER BY position`, [ownerId])

const paid = ({ payer }: Pick<ArrivedMoney, 'payer'>, { phone }: Party): boolean =>
  phoneAgrees(payer, phone, hashOfPhone(phone)) === true
