/** Making and changing charges, for the API and the pages alike. */
import type { Actor } from '../domain/accounts.ts'
import { CHARGE_LIMITS, type ChargeInput, type OpenedCharge } from '../domain/charges.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayCharge, maySeeCharge } from '../domain/policies.ts'
import type { ChargeRequest } from '../domain/schemas/charges.ts'
import { findActor } from '../db/accounts.ts'
import { bookingOwner, findCharge, type ChargeDetail } from '../db/charge-reads.ts'
import { servesRental } from '../db/charges.ts'
import type { ApiDeps } from './deps.ts'
import { uuidFrom } from './tokens.ts'

const invalid = (path: string, message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path, message }] })

/** A booking's charge is its customer's, whatever a client says. */
async function customerOf(deps: ApiDeps, request: ChargeRequest): Promise<string> {
  if (!request.reservation_id) {
    const id = request.customer_id ?? ''
    if (await findActor(deps.db, id)) return id
    throw invalid('customer_id', 'We have no such customer.')
  }
  const owner = await bookingOwner(deps.db, request.reservation_id)
  if (!owner) throw invalid('reservation_id', 'We have no such booking.')
  if (request.customer_id && request.customer_id !== owner)
    throw invalid('customer_id', 'This booking is another customer’s.')
  return owner
}

function dueOf(deps: ApiDeps, { due_at: wanted, parties }: ChargeRequest): string {
  const now = deps.now().getTime()
  const due = wanted ? Date.parse(wanted) : now + CHARGE_LIMITS.dueMs
  const [first, last] = [now + CHARGE_LIMITS.shortestMs, now + CHARGE_LIMITS.longestMs]
  if (due < first || due > last)
    throw invalid('due_at', 'Leave between an hour and 180 days to pay.')
  const wrong = parties.findIndex((one) => one.due_at && Date.parse(one.due_at) > due)
  if (wrong >= 0)
    throw invalid(`parties.${wrong}.due_at`, 'Nobody can pay later than the whole is due.')
  return new Date(due).toISOString()
}

export async function openCharge(
  deps: ApiDeps,
  actor: Actor,
  chargeId: string,
  request: ChargeRequest,
): Promise<OpenedCharge> {
  if (!mayCharge(actor)) throw new BusinessError('FORBIDDEN', 'Charges are made by our staff.')
  const answer = await deps.workflows.charges.open({
    chargeId,
    type: request.type,
    customerId: await customerOf(deps, request),
    reservationId: request.reservation_id ?? null,
    actorId: actor.userId,
    description: request.description,
    total: request.amount,
    mode: request.mode,
    shrinkable: request.shrinkable,
    dueAt: dueOf(deps, request),
    parties: request.parties.map(({ name, phone, share, due_at: dueAt }, index) => ({
      id: uuidFrom('party', chargeId, String(index)),
      name,
      phone,
      share: share ?? null,
      dueAt: dueAt ?? null,
    })),
  })
  if (answer.outcome === 'opened') return answer
  throw new BusinessError(answer.code, answer.message)
}

/** Somebody else's charge is not found, rather than forbidden. */
export async function findVisibleCharge(
  deps: ApiDeps,
  actor: Actor,
  id: string,
): Promise<ChargeDetail> {
  const found = await findCharge(deps.db, id, deps.now())
  if (found && maySeeCharge(actor, found)) return found
  throw new BusinessError('NOT_FOUND', 'We have no such charge.')
}

export async function cancelCharge(
  deps: ApiDeps,
  actor: Actor,
  found: ChargeDetail,
  note: string | null,
): Promise<void> {
  if (!mayCharge(actor)) throw new BusinessError('FORBIDDEN', 'Charges are cancelled by our staff.')
  if (await servesRental(deps.db, found.id))
    throw new BusinessError(
      'CHARGE_CLOSED',
      'This deposit belongs to a rental. It goes back when that is settled.',
    )
  const {
    id: chargeId,
    type,
    customerId,
    reservationId,
    description,
    total,
    mode,
    shrinkable,
  } = found
  const input: ChargeInput = {
    chargeId,
    type,
    customerId,
    reservationId,
    description,
    total,
    mode,
    shrinkable,
    actorId: actor.userId,
    dueAt: found.dueAt.toISOString(),
    parties: [],
    resumed: true,
  }
  await deps.workflows.charges.cancel(input, { reason: 'desk', actorId: actor.userId, note })
}
