/** Handing over keys, taking cars back and what follows, for the API and the pages alike. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Cents } from '../domain/money.ts'
import { mayAnswerRental, mayDecideRental, mayHandOver, maySeeRental } from '../domain/policies.ts'
import type { ConditionCheck, Mark, ReturnWish } from '../domain/rentals.ts'
import { isOnePerson } from '../db/one-person.ts'
import { findRental, findRentalOf, type RentalDetail } from '../db/rental-reads.ts'
import { findVisible } from './booking.ts'
import type { ApiDeps } from './deps.ts'
import { uuidFrom } from './tokens.ts'

const forbidden = () =>
  new BusinessError('FORBIDDEN', 'Your roles do not allow this. Ask whoever gives roles.')
const none = () => new BusinessError('NOT_FOUND', 'We have no such rental.')

export function assertMayHandOver(actor: Actor): void {
  if (!mayHandOver(actor)) throw forbidden()
}

/** Somebody else's rental is not found, rather than forbidden. */
export async function findVisibleRental(
  deps: ApiDeps,
  actor: Actor,
  id: string,
): Promise<RentalDetail> {
  const found = await findRental(deps.db, id)
  if (found && maySeeRental(actor, found)) return found
  throw none()
}

/** Of a booking that they may see; NOT_FOUND while its keys are not out. */
export async function findVisibleRentalOf(
  deps: ApiDeps,
  actor: Actor,
  reservationId: string,
): Promise<RentalDetail> {
  await findVisible(deps, actor, reservationId)
  const found = await findRentalOf(deps.db, reservationId)
  if (found && maySeeRental(actor, found)) return found
  throw none()
}

/** Nobody looks at the car that they drove, nor says what they owe for it. */
async function assertNotTheirs(deps: ApiDeps, actor: Actor, { customerId }: RentalDetail) {
  if (await isOnePerson(deps.db, actor.userId, customerId))
    throw new BusinessError('SECOND_PERSON', 'Somebody else sees to your own rental.')
}

const standing = async (deps: ApiDeps, id: string): Promise<RentalDetail> => {
  const found = await findRental(deps.db, id)
  if (found) return found
  throw none()
}

type Look = { check: ConditionCheck; idSeen: boolean }

/** The rental's id follows from its booking's, so that two clerks ask for the same one. Throws RENTAL_REFUSED with all that is missing. */
export async function handOver(
  deps: ApiDeps,
  actor: Actor,
  reservationId: string,
  look: Look,
): Promise<RentalDetail> {
  assertMayHandOver(actor)
  await findVisible(deps, actor, reservationId)
  const rentalId = uuidFrom('rental', reservationId)
  const wish = { rentalId, reservationId, actorId: actor.userId, ...look }
  const answer = await deps.workflows.rentals.pickUp(wish)
  if (answer.outcome === 'refused') throw new BusinessError('RENTAL_REFUSED', answer.message)
  return standing(deps, answer.rentalId)
}

export async function takeBack(
  deps: ApiDeps,
  actor: Actor,
  rentalId: string,
  wish: Omit<ReturnWish, 'actorId'>,
): Promise<RentalDetail> {
  assertMayHandOver(actor)
  await assertNotTheirs(deps, actor, await findVisibleRental(deps, actor, rentalId))
  const answer = await deps.workflows.rentals.bringBack(rentalId, {
    ...wish,
    actorId: actor.userId,
  })
  if (answer.outcome === 'refused') throw new BusinessError('RENTAL_REFUSED', answer.message)
  return standing(deps, rentalId)
}

export async function claim(
  deps: ApiDeps,
  actor: Actor,
  rentalId: string,
  found: { id: string; mark: Mark; amount: Cents },
): Promise<RentalDetail> {
  assertMayHandOver(actor)
  await assertNotTheirs(deps, actor, await findVisibleRental(deps, actor, rentalId))
  await deps.workflows.rentals.claim(rentalId, { ...found, actorId: actor.userId })
  return standing(deps, rentalId)
}

async function theirs(deps: ApiDeps, actor: Actor, rentalId: string): Promise<void> {
  const found = await findVisibleRental(deps, actor, rentalId)
  if (!mayAnswerRental(actor, found)) throw forbidden()
}

export async function agree(deps: ApiDeps, actor: Actor, rentalId: string): Promise<RentalDetail> {
  await theirs(deps, actor, rentalId)
  await deps.workflows.rentals.agree(rentalId, actor.userId)
  return standing(deps, rentalId)
}

export async function dispute(
  deps: ApiDeps,
  actor: Actor,
  rentalId: string,
  because: string,
): Promise<RentalDetail> {
  await theirs(deps, actor, rentalId)
  await deps.workflows.rentals.dispute(rentalId, { actorId: actor.userId, because })
  return standing(deps, rentalId)
}

/** Nobody decides about their own car. Lines that are not named stand as they were proposed. */
export async function decide(
  deps: ApiDeps,
  actor: Actor,
  rentalId: string,
  lines: readonly { id: string; amount: Cents }[],
): Promise<RentalDetail> {
  if (!mayDecideRental(actor)) throw forbidden()
  const found = await findVisibleRental(deps, actor, rentalId)
  await assertNotTheirs(deps, actor, found)
  const unknown = lines.findIndex(({ id }) => !found.charges.some((charge) => charge.id === id))
  if (unknown >= 0)
    throw new BusinessError('INVALID_INPUT', 'There is no such line.', {
      fields: [{ path: `lines.${unknown}.id`, message: 'There is no such line.' }],
    })
  const finals = Object.fromEntries(lines.map(({ id, amount }) => [id, amount]))
  await deps.workflows.rentals.decide(rentalId, { actorId: actor.userId, finals })
  return standing(deps, rentalId)
}
