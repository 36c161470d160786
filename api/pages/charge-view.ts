/** A charge as its page shows it. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../domain/accounts.ts'
import { isPayableCharge, SHOWN_CHARGE } from '../../domain/charges.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { cents, toShillings, ZERO, type Cents } from '../../domain/money.ts'
import type { ChargePage } from '../../domain/charge-pages.ts'
import type { PartyShare } from '../../domain/pages.ts'
import { payerPhone } from '../../domain/masking.ts'
import { maskPhone, MAXIMUM_PUSH } from '../../domain/payments.ts'
import {
  mayBill,
  mayCharge,
  mayPayCharge,
  maySeeDesk,
  mayTakePayments,
} from '../../domain/policies.ts'
import type { ChargeDetail } from '../../db/charge-reads.ts'
import { listPayments } from '../../db/payment-lists.ts'
import type { ApiDeps } from '../deps.ts'
import { toPaymentLine } from './booking-view.ts'
import { creditFor } from './pay-credit.ts'

/** Who pays, and under which address. `actor` null = somebody who came by a link. */
export type ChargeDesk = {
  charge: ChargeDetail
  actor: Actor | null
  partyId: string | null
  path: string
}
export type TypedPayment = { phone: string; amount: string; partyId: string; paymentId: string }

export const sharePathOf = (deps: ApiDeps, chargeId: string, partyId: string): string =>
  `/charges/${chargeId}/share/${partyId}/${deps.shareToken(chargeId, partyId)}`

const toShare =
  (deps: ApiDeps, chargeId: string, isOwn: boolean) =>
  (party: ChargeDetail['parties'][number]): PartyShare => {
    const payPath = sharePathOf(deps, chargeId, party.id)
    return {
      id: party.id,
      name: party.name,
      maskedPhone: maskPhone(party.phone),
      share: party.share,
      paid: party.paid,
      declined: party.declined,
      dueAt: party.dueAt,
      phone: isOwn ? party.phone : null,
      payPath,
      payUrl: `${deps.publicUrl}${payPath}`,
    }
  }

const suggestion = (party: PartyShare, balance: Cents): string => {
  const owes = cents(Math.max(0, party.share - party.paid))
  const amount = Math.min(owes > 0 ? owes : balance, balance, MAXIMUM_PUSH)
  return amount > ZERO ? String(toShillings(cents(amount))) : ''
}

const bookingPathOf = ({ reservationId, customerId }: ChargeDetail, actor: Actor | null) => {
  if (!reservationId || !actor) return null
  if (maySeeDesk(actor)) return `/desk/bookings/${reservationId}`
  return actor.userId === customerId ? `/bookings/${reservationId}` : null
}

export async function toChargePage(
  deps: ApiDeps,
  { charge, actor, partyId, path }: ChargeDesk,
  typed: TypedPayment | null,
  problems: FieldProblem[],
): Promise<ChargePage> {
  const open = isPayableCharge(charge.status)
  const mayPay = actor === null || mayPayCharge(actor, charge)
  const parties = charge.parties.map(
    toShare(deps, charge.id, mayPay && actor?.userId === charge.customerId),
  )
  const payments = await listPayments(deps.db, { ownerId: charge.id, limit: 50 })
  const nameOf = (id: string) => parties.find((party) => party.id === id)?.name ?? ''
  const named = parties.find(({ id }) => id === (typed?.partyId || partyId))
  const party = named ?? parties.find((one) => one.paid < one.share) ?? parties[0]
  if (!party) throw new BusinessError('NOT_FOUND', 'We have no such charge.')
  const phone = charge.parties.find(({ id }) => id === party.id)?.phone ?? ''
  const together = charge.mode === 'all_or_nobody' && open
  const { number, total, paid, balance } = charge
  const lines = payments.items.map((one) => toPaymentLine(one, nameOf(one.partyId)))
  const shown = { status: SHOWN_CHARGE[charge.status], payments: lines, now: deps.now() }
  const form = {
    phone: phone && payerPhone(actor, charge.customerId, phone),
    amount: suggestion(party, balance),
    partyId: party.id,
    paymentId: randomUUID(),
  }
  return {
    id: charge.id,
    booking: { number, total, paid, balance, parties, ...shown },
    description: charge.description,
    bookingPath: bookingPathOf(charge, actor),
    dueAt: open ? charge.dueAt : null,
    coverUntil: open ? charge.coverUntil : null,
    allOrNobody: together,
    mayPay: mayPay && open,
    postPath: path,
    livePath: `${path}/live`,
    declinePath: actor ? null : `${path}/decline`,
    party,
    form: typed ?? form,
    problems,
    byHand: deps.payByHand,
    credit: await creditFor(deps, { ...charge, open }, actor, path),
    takePath:
      open && actor && maySeeDesk(actor) && mayTakePayments(actor)
        ? `/desk/charges/${charge.id}/take`
        : null,
    planPath: open && actor && mayPay && balance > MAXIMUM_PUSH ? `${path}/plan` : null,
    billingPath:
      open && actor && mayBill(actor, charge) && charge.type !== 'deposit'
        ? `/charges/${charge.id}/billing`
        : null,
    cancelPath:
      actor && mayCharge(actor) && (open || charge.status === 'paid') ? `${path}/cancel` : null,
    missed: together ? parties.filter((_, index) => charge.parties[index]?.missed) : [],
    coverPath: together ? `${path}/cover` : null,
    shrinkPath: together && actor && mayPay && charge.shrinkable ? `${path}/shrink` : null,
  }
}
