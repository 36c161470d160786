/** Opening accounts for people who work here, for the API and the pages alike. */
import type { z } from 'zod'
import { inTransaction } from '../db/connection.ts'
import { inviteColleague, type Person } from '../db/people.ts'
import { LINK_LIFE_MS } from '../domain/accounts.ts'
import type { colleague } from '../domain/schemas/roles.ts'
import type { ApiDeps } from './deps.ts'

/** Throws EMAIL_TAKEN. */
export async function invite(
  deps: ApiDeps,
  wish: z.infer<typeof colleague>,
  actorId: string,
): Promise<Person> {
  const { first_name: firstName, last_name: lastName, ...rest } = wish
  const until = new Date(deps.now().getTime() + LINK_LIFE_MS.invitation)
  const invited = await inTransaction(deps.db, (tx) =>
    inviteColleague(tx, { ...rest, firstName, lastName, actorId, until }),
  )
  return invited.person
}
