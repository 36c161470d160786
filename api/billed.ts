/** What a form may say about who is billed: a booking, or a charge, by whoever may say it. */
import type { Actor } from '../domain/accounts.ts'
import { hasChargeEnded, isPayableCharge } from '../domain/charges.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Cents } from '../domain/money.ts'
import { maySeeDesk, mayBill } from '../domain/policies.ts'
import { isPayable } from '../domain/reservations.ts'
import { findContact } from '../db/invoice-reads.ts'
import { findVisible } from './booking.ts'
import { findVisibleCharge } from './charging.ts'
import type { ApiDeps } from './deps.ts'

export type Billed = {
  purpose: 'reservation' | 'charge'
  id: string
  number: string
  total: Cents
  /** Still to be paid: what is said now is issued later, with the money. */
  open: boolean
  customerEmail: string | null
  parties: { id: string; name: string; share: Cents }[]
  path: string
  backPath: string
}

async function findBooking(deps: ApiDeps, actor: Actor, id: string): Promise<Billed> {
  const found = await findVisible(deps, actor, id)
  if (!mayBill(actor, found))
    throw new BusinessError('FORBIDDEN', 'You may see this booking, but not pay for it.')
  const { number, total, customerEmail, parties } = found
  const path = `/bookings/${id}`
  const backPath = maySeeDesk(actor) ? `/desk${path}` : path
  const open = isPayable(found.status)
  return { purpose: 'reservation', id, number, total, open, customerEmail, parties, path, backPath }
}

/** A deposit is never invoiced, and nothing of what has ended is. */
async function findCharge(deps: ApiDeps, actor: Actor, id: string): Promise<Billed> {
  const found = await findVisibleCharge(deps, actor, id)
  if (!mayBill(actor, found))
    throw new BusinessError('FORBIDDEN', 'You may see this charge, but not pay for it.')
  if (found.type === 'deposit')
    throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  if (hasChargeEnded(found.status))
    throw new BusinessError('CHARGE_CLOSED', 'This charge is no longer open.')
  const { number, total, parties, status, customerId } = found
  const path = `/charges/${id}`
  const customerEmail = (await findContact(deps.db, customerId))?.email ?? null
  const open = isPayableCharge(status)
  const paths = { path, backPath: path }
  return { purpose: 'charge', id, number, total, open, customerEmail, parties, ...paths }
}

export const findBilled = (
  deps: ApiDeps,
  actor: Actor,
  purpose: Billed['purpose'],
  id: string,
): Promise<Billed> =>
  purpose === 'charge' ? findCharge(deps, actor, id) : findBooking(deps, actor, id)
