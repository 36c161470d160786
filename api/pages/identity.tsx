/** Pictures of one's own id and licence, those of a customer at the counter, and the pictures themselves. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import type { Customer } from '../../domain/customers.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { IDENTITY_KINDS, type IdentityKind } from '../../domain/identity-documents.ts'
import type { IdentityCard, IdentityPage } from '../../domain/identity-pages.ts'
import { mayReviewIdentity, maySeeIdentity, maySendIdentity } from '../../domain/policies.ts'
import { identityFields } from '../../domain/schemas/identity-documents.ts'
import { findCustomer } from '../../db/customers.ts'
import { listIdentity } from '../../db/identity-documents.ts'
import { IdentityView } from '../../views/identity.tsx'
import { findForStaff } from '../customers.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { assertMaySend, sendIdentity } from '../identity-sending.ts'
import { idParam, parseInput } from '../input.ts'
import { pictureDoorOf, type PictureDoor } from '../picture-forms.ts'
import { answerPicture, linkPicture } from '../picture-links.ts'
import { announceRetry, problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

export const picturePath = (deps: ApiDeps, id: string, tokenHash: Buffer): string => {
  const { until, signature } = linkPicture(deps, id, tokenHash)
  return `/identity-documents/${id}/${until}/${signature}`
}

const OWN = '/account/identity'
/** Whose page it is; `customer` is null on one's own. */
type Room = { actor: Actor; customerId: string; customer: Customer | null; path: string }

async function cardsOf(c: Context<Env>, deps: ApiDeps, room: Room): Promise<IdentityCard[]> {
  const { tokenHash } = c.get('session')
  const all = await listIdentity(deps.db, room.customerId, deps.now())
  return IDENTITY_KINDS.map((kind) => {
    const document = all.find((one) => one.kind === kind && one.status !== 'replaced') ?? null
    // At the counter a picture is shown by the page that writes the look down.
    const shown = document?.hasPicture && room.customer === null
    return { kind, document, pictureUrl: shown ? picturePath(deps, document.id, tokenHash) : null }
  })
}

type Told = { problems: FieldProblem[]; wrong: IdentityKind | null; form: Record<string, string> }
const NOTHING: Told = { problems: [], wrong: null, form: {} }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  room: Room,
  { problems, wrong, form }: Told = NOTHING,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const { actor, customerId, customer, path } = room
  const known = customer ? null : await findCustomer(deps.db, customerId)
  const page: IdentityPage = {
    path,
    customer: customer && {
      id: customerId,
      name: `${customer.firstName} ${customer.lastName}`.trim(),
      number: customer.number,
    },
    cards: await cardsOf(c, deps, room),
    maySend: maySendIdentity(actor, { customerId }),
    licence: {
      number: form['licence_number'] ?? known?.licence?.number ?? '',
      expiresOn: form['licence_expires_on'] ?? known?.licence?.expiresOn ?? '',
    },
    problems,
    wrong,
    done: IDENTITY_KINDS.find((kind) => kind === c.req.query('done')) ?? null,
    now: deps.now(),
  }
  return c.html(<IdentityView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** What somebody can mend is said beside the picture, with what they typed. */
const MENDABLE = new Set([
  'INVALID_INPUT',
  'BODY_TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'TEMPORARILY_UNAVAILABLE',
])

const besidePicture = (problems: FieldProblem[]): FieldProblem[] =>
  problems.map(({ path, message }) => ({ path: path === '' ? 'picture' : path, message }))

async function take(c: Context<Env>, deps: ApiDeps, door: PictureDoor, room: Room) {
  const { actor, customerId, path } = room
  assertMaySend(actor, customerId)
  c.set('address', path)
  let form: Record<string, string> = {}
  try {
    const kept = await door(c, actor, async ({ fields: { _csrf, ...fields }, picture }) => {
      assertCsrf(c, { _csrf })
      form = fields
      const {
        kind,
        licence_number: number,
        licence_expires_on: expiresOn,
      } = parseInput(identityFields, fields)
      const licence = number === null ? null : { number, expiresOn }
      return sendIdentity(deps, actor, { id: randomUUID(), customerId, kind, picture, licence })
    })
    return c.redirect(`${path}?done=${kept.kind}`, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.has(refused.code)) throw error
    announceRetry(c, refused)
    const wrong = IDENTITY_KINDS.find((kind) => kind === form['kind']) ?? null
    const problems = wrong
      ? besidePicture(problemsIn(refused))
      : problemsIn(refused).map(({ message }) => ({ path: '', message }))
    return show(c, deps, room, { problems, wrong, form }, statusOf(refused.code))
  }
}

function ownRoom(c: Context<Env>): Room {
  const actor = signedIn(c)
  if (!maySeeIdentity(actor, { customerId: actor.userId }))
    throw new BusinessError('FORBIDDEN', 'Your roles do not allow this. Ask whoever gives roles.')
  return { actor, customerId: actor.userId, customer: null, path: OWN }
}

async function counterRoom(c: Context<Env>, deps: ApiDeps): Promise<Room> {
  const actor = staff(c, mayReviewIdentity)
  const customer = await findForStaff(deps, actor, idParam(c))
  const path = `/desk/customers/${customer.id}/identity`
  return { actor, customerId: customer.id, customer, path }
}

export function createIdentityPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const door = pictureDoorOf(deps)
  pages.get(OWN, (c) => show(c, deps, ownRoom(c)))
  pages.post(OWN, (c) => take(c, deps, door, ownRoom(c)))
  pages.get('/desk/customers/:id/identity', async (c) => show(c, deps, await counterRoom(c, deps)))
  pages.post('/desk/customers/:id/identity', async (c) =>
    take(c, deps, door, await counterRoom(c, deps)),
  )
  pages.get('/identity-documents/:id/:until{[0-9]{13}}/:signature{[\\w-]{43}}', (c) =>
    answerPicture(c, deps, {
      id: idParam(c),
      until: c.req.param('until'),
      signature: c.req.param('signature'),
      actor: signedIn(c),
      tokenHash: c.get('session').tokenHash,
    }),
  )
  return pages
}
