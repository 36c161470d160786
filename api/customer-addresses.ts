/** Where a customer lives and gets letters, over REST: for themselves, and for staff who look after customers. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { ADDRESS_KINDS, type Customer } from '../domain/customers.ts'
import { BusinessError } from '../domain/errors.ts'
import { shownTo } from '../domain/masking.ts'
import { mayChangeAddresses, maySeeAddresses } from '../domain/policies.ts'
import { addressRequest } from '../domain/schemas/addresses.ts'
import { keepAddress, removeAddress } from '../db/addresses.ts'
import { inTransaction, type Tx } from '../db/connection.ts'
import { findCustomer } from '../db/customers.ts'
import { isOnePerson } from '../db/one-person.ts'
import { addressBody, toAddressBody } from './customer-bodies.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import {
  createOpenApi,
  idPath,
  json,
  jsonBody,
  NOT_MODIFIED,
  problems,
  SECURED,
} from './open-api.ts'
import { noteReveal } from './revealing.ts'
import { bearerSession } from './sessions.ts'
import { isKnown, knownHeader, versionHeader, versionIfGiven, versionOf } from './versions.ts'

const ofKind = idPath.extend({ kind: z.enum(ADDRESS_KINDS) })
const toCorrect: [number, string] = [400, 'Something to correct']
const forThem: [number, string] = [403, 'For themselves, and staff who look after customers']
const noCustomer: [number, string] = [404, 'No such customer, or not one of yours']

const listRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/addresses',
  summary: 'Where a customer lives and gets letters; its ETag is needed to change one',
  description:
    'One of each kind at most. Their own are whole; staff who may see contacts see them whole, each look is in the audit and counted; ' +
    'other staff see none (`masked`).',
  security: SECURED,
  request: { params: idPath, headers: knownHeader },
  responses: {
    200: json(
      z.object({ items: z.array(addressBody), next: z.null(), masked: z.boolean() }),
      'All of them',
    ),
    ...NOT_MODIFIED,
    ...problems(forThem, noCustomer, [429, 'Too many looks at people’s contacts']),
  },
})
const putRoute = createRoute({
  method: 'put',
  path: '/customers/{id}/addresses/{kind}',
  summary: 'Add the address of a kind, or put another in its place',
  description: 'With `primary` it becomes the one to write to, and the one before no longer is.',
  security: SECURED,
  request: { params: ofKind, headers: versionHeader, body: jsonBody(addressRequest) },
  responses: {
    200: json(addressBody, 'As it stands'),
    ...problems(
      toCorrect,
      forThem,
      noCustomer,
      [409, 'It is one’s own account'],
      [412, 'The customer was changed meanwhile'],
      [428, 'If-Match is missing'],
    ),
  },
})
const deleteRoute = createRoute({
  method: 'delete',
  path: '/customers/{id}/addresses/{kind}',
  summary: 'Take an address away; where others are left, one of them becomes the one to write to',
  security: SECURED,
  request: { params: ofKind, headers: versionHeader },
  responses: {
    204: { description: 'Gone' },
    ...problems(
      forThem,
      [404, 'No such customer, or no such address'],
      [409, 'It is one’s own account'],
      [412, 'The customer was changed meanwhile'],
    ),
  },
})

type May = (actor: Actor, customer: { customerId: string }) => boolean

/** A customer cannot try ids: another's are as if there were none. Throws FORBIDDEN and NOT_FOUND. */
async function findFor(deps: ApiDeps, actor: Actor, id: string, may: May): Promise<Customer> {
  if (!may(actor, { customerId: id }))
    throw actor.kind === 'customer' && actor.userId !== id
      ? new BusinessError('NOT_FOUND', 'We have no such customer.')
      : new BusinessError('FORBIDDEN', 'Your roles do not allow this. Ask whoever gives roles.')
  const found = await findCustomer(deps.db, id)
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  return found
}

/** Whoever works here has somebody else look after the account by which they book. Throws SECOND_PERSON. */
async function assertOther(tx: Tx, actor: Actor, id: string): Promise<void> {
  if (actor.userId === id) return
  if (await isOnePerson(tx, id, actor.userId))
    throw new BusinessError('SECOND_PERSON', 'Nobody changes their own account here.')
}

export function createCustomerAddressesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    const { id, addresses, version } = await findFor(deps, actor, idParam(c), maySeeAddresses)
    const shown = shownTo(actor, id, 'address')
    if (isKnown(c, version)) return c.body(null, 304)
    if (shown === 'nothing') return c.json({ items: [], next: null, masked: true }, 200)
    // Masked means that whoever asks for the whole is written down; this is asking.
    if (shown === 'masked') await noteReveal(deps, actor, { subjectId: id, shown: ['addresses'] })
    return c.json({ items: addresses.map(toAddressBody), next: null, masked: false }, 200)
  })
  api.openapi(putRoute, async (c) => {
    const actor = c.get('actor')
    const { id } = await findFor(deps, actor, idParam(c), mayChangeAddresses)
    const address = { ...c.req.valid('json'), kind: c.req.valid('param').kind }
    const change = { userId: id, version: versionOf(c), actorId: actor.userId }
    const changed = await inTransaction(deps.db, async (tx) => {
      await assertOther(tx, actor, id)
      await keepAddress(tx, address, change)
      return findCustomer(tx, id)
    })
    isKnown(c, changed?.version ?? 0)
    const kept = changed?.addresses.find(({ kind }) => kind === address.kind)
    return c.json(toAddressBody(kept ?? address), 200)
  })
  api.openapi(deleteRoute, async (c) => {
    const actor = c.get('actor')
    const { id } = await findFor(deps, actor, idParam(c), mayChangeAddresses)
    const change = { userId: id, version: versionIfGiven(c), actorId: actor.userId }
    await inTransaction(deps.db, async (tx) => {
      await assertOther(tx, actor, id)
      await removeAddress(tx, c.req.valid('param').kind, change)
    })
    return c.body(null, 204)
  })
  return api
}
