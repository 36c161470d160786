/** What is asked for over REST to be paid, for bookings and charges alike: who may, with what, and once for a key. */
import type { Context } from 'hono'
import { randomUUID } from 'node:crypto'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayTakePayments } from '../domain/policies.ts'
import type { PaymentOrder } from '../domain/schemas/requests.ts'
import { bookedAmount, type Tender } from '../domain/tenders.ts'
import type { PaymentDetail } from '../db/payment-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import type { PaidThing } from './paying.ts'
import { payWithinLimits } from './prompt-limits.ts'
import { receive } from './receiving.ts'
import { uuidFrom } from './tokens.ts'

export type Ordered = { paymentId: string; found: PaymentDetail | null }

/** The payment as it stands; `found` is null while no worker has written it down. */
export async function order(
  c: Context<ApiEnv>,
  deps: ApiDeps,
  thing: PaidThing,
  request: PaymentOrder,
): Promise<Ordered> {
  const actor = c.get('actor')
  const key = c.req.header('idempotency-key')?.trim()
  const paymentId = key ? uuidFrom('payment', actor.userId, key) : randomUUID()
  const found = await start(deps, thing, { ...request, paymentId }, actor)
  if (found && isOther(found, request, thing.id)) {
    const words = 'Use a new Idempotency-Key for a new payment.'
    throw new BusinessError('IDEMPOTENCY_KEY_REUSED', words)
  }
  c.header('Location', `/api/v1/payments/${paymentId}`)
  return { paymentId, found }
}

/** Who pays with what: customers by prompt or with their own credit, staff with what is handed to them as well. */
function start(
  deps: ApiDeps,
  thing: PaidThing,
  wanted: PaymentOrder & { paymentId: string },
  actor: Actor,
): Promise<PaymentDetail | null> {
  const { paymentId, amount } = wanted
  const wish = { paymentId, amount, partyId: wanted.party_id ?? null, actorId: actor.userId }
  if ('phone' in wanted)
    return payWithinLimits(deps, thing, { ...wish, phone: wanted.phone }, actor)
  if (wanted.method !== 'credit' && !mayTakePayments(actor))
    throw new BusinessError('FORBIDDEN', 'Only our desk takes that. Pay by M-Pesa or with credit.')
  return receive(deps, thing, { ...wish, tender: tenderOf(wanted) })
}

function tenderOf(wanted: Exclude<PaymentOrder, { phone: string }>): Tender {
  switch (wanted.method) {
    case 'cash':
      return { method: 'cash', given: wanted.cash_given, keepChange: wanted.keep_change }
    case 'bank_transfer':
      return { method: wanted.method, reference: wanted.reference }
    case 'account':
      return { method: wanted.method, companyId: wanted.company_id }
    case 'credit':
      return { method: wanted.method }
    default:
      return { method: wanted.method, terminal: wanted.terminal, slip: wanted.slip }
  }
}

/** The key was used before, for something else. Cash whose change became credit is booked as it was given. */
const isOther = (found: PaymentDetail, wanted: PaymentOrder, ownerId: string): boolean => {
  const amount =
    'phone' in wanted ? wanted.amount : bookedAmount({ ...wanted, tender: tenderOf(wanted) })
  const method = wanted.method ?? 'mpesa'
  return found.ownerId !== ownerId || found.amount !== amount || found.method !== method
}
