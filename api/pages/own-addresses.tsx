/** One's own addresses: seen, added, changed and taken away, one at a time. */
import { Hono, type Context } from 'hono'
import { ADDRESS_KINDS, type AddressKind, type CustomerAddress } from '../../domain/customers.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import type { AddressForm } from '../../domain/own-pages.ts'
import { mayChangeAddresses, maySeeAddresses } from '../../domain/policies.ts'
import { addressForm, removedAddress } from '../../domain/schemas/addresses.ts'
import { keepAddress, removeAddress } from '../../db/addresses.ts'
import { inTransaction, type Tx } from '../../db/connection.ts'
import { findCustomer } from '../../db/customers.ts'
import { OwnAddressesView } from '../../views/own-addresses.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/addresses'
const NOT_ALLOWED = 'Your roles do not allow this. Ask whoever gives roles.'
type Form = Record<string, string>
const DONE = ['kept', 'removed'] as const

const kindIn = (text: string | undefined): AddressKind | null =>
  ADDRESS_KINDS.find((kind) => kind === text) ?? null

/** What was typed, or else what stands. */
function formOf(typed: Form, known: CustomerAddress | undefined): AddressForm {
  const { poBox = '', primary = false, ...lines } = known ?? {}
  const before: Form = { ...lines, po_box: poBox, primary: primary ? 'yes' : '' }
  const of = (name: keyof AddressForm, otherwise = '') =>
    typed[name] ?? (typed['kind'] === undefined ? before[name] : undefined) ?? otherwise
  return {
    kind: of('kind'),
    line1: of('line1'),
    line2: of('line2'),
    po_box: of('po_box'),
    city: of('city'),
    state: of('state'),
    postcode: of('postcode'),
    country: of('country', 'Kenya'),
    primary: of('primary'),
  }
}

/** Throws FORBIDDEN where a role of theirs was taken away, NOT_FOUND for who is no customer. */
async function customerOf(c: Context<Env>, deps: ApiDeps, may = maySeeAddresses) {
  const actor = signedIn(c)
  if (!may(actor, { customerId: actor.userId })) throw new BusinessError('FORBIDDEN', NOT_ALLOWED)
  const found = await findCustomer(deps.db, actor.userId)
  if (!found) throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  return found
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  typed: Form = {},
  problems: FieldProblem[] = [],
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const { addresses, version } = await customerOf(c, deps)
  const asked = kindIn(typed['kind'] ?? c.req.query('kind'))
  const known = addresses.find(({ kind }) => kind === asked)
  const page = {
    addresses,
    free: ADDRESS_KINDS.filter((kind) => !addresses.some((one) => one.kind === kind)),
    changing: known?.kind ?? null,
    form: formOf(typed, known),
    version,
    problems,
    done: DONE.find((one) => one === c.req.query('done')) ?? null,
  }
  return c.html(<OwnAddressesView viewer={await viewerOf(c, deps)} page={page} />, status)
}

const MEANWHILE =
  'Your addresses were changed meanwhile, maybe on another device. Look at them again, then save.'
const BESIDE = ['INVALID_INPUT', 'CHANGED_MEANWHILE']

type Deed = (tx: Tx, form: Form, userId: string) => Promise<void>

async function submit(
  c: Context<Env>,
  deps: ApiDeps,
  done: (typeof DONE)[number],
  deed: Deed,
): Promise<Response> {
  const { id } = await customerOf(c, deps, mayChangeAddresses)
  const form = await c.req.parseBody<Form>()
  c.set('address', PATH)
  assertCsrf(c, form)
  try {
    await inTransaction(deps.db, (tx) => deed(tx, form, id))
    return c.redirect(`${PATH}?done=${done}`, 303)
  } catch (error) {
    const { code, fields } = toBusinessError(error)
    if (!BESIDE.includes(code)) throw error
    const problems = code === 'INVALID_INPUT' ? fields : [{ path: '', message: MEANWHILE }]
    return show(c, deps, done === 'kept' ? form : {}, problems, statusOf(code))
  }
}

export function createOwnAddressesPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, (c) =>
    submit(c, deps, 'kept', (tx, form, userId) => {
      const { address, version } = parseInput(addressForm, form)
      return keepAddress(tx, address, { userId, version, actorId: userId })
    }),
  )
  pages.post(`${PATH}/remove`, (c) =>
    submit(c, deps, 'removed', (tx, form, userId) => {
      const { kind, version } = parseInput(removedAddress, form)
      return removeAddress(tx, kind, { userId, version, actorId: userId })
    }),
  )
  return pages
}
