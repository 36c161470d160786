/** Asking for what we hold about somebody to be erased, by themselves or by staff for them. */
import { BusinessError } from '../domain/errors.ts'
import { inTransaction } from '../db/connection.ts'
import { findCustomer } from '../db/customers.ts'
import { askForErasure, refusedErasure, takeErasureBack, type Erasure } from '../db/erasures.ts'
import { isOnePerson } from '../db/one-person.ts'
import type { ApiDeps } from './deps.ts'

type Wish = { userId: string; actorId: string; why?: string }

/** Throws ACCOUNT_NEEDED with all that stands in the way; that it was refused is written down all the same. */
export async function requestErasure(deps: ApiDeps, wish: Wish): Promise<Erasure> {
  const { coolingMs } = deps.privacy
  const asked = { ...wish, now: deps.now(), coolingMs }
  const erasure = await inTransaction(deps.db, (tx) => askForErasure(tx, asked))
  if (erasure.status === 'refused') throw refusedErasure(erasure)
  return erasure
}

/** For whoever works here. Throws NOT_FOUND, and SECOND_PERSON for an account of their own. */
export async function assertErasable(
  deps: ApiDeps,
  userId: string,
  actorId: string,
): Promise<void> {
  if (!(await findCustomer(deps.db, userId)))
    throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  if (await isOnePerson(deps.db, userId, actorId))
    throw new BusinessError('SECOND_PERSON', 'Somebody else does this for you.')
}

/** Throws NOT_FOUND where nothing waits any more. */
export async function takeBack(deps: ApiDeps, userId: string, actorId: string): Promise<void> {
  if (!(await inTransaction(deps.db, (tx) => takeErasureBack(tx, userId, actorId))))
    throw new BusinessError('NOT_FOUND', 'No wish to be erased waits any more.')
}
