/** The clerk's till. Each form leads back to the page; what is refused comes back with everything still typed in. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import type { TillForm } from '../../domain/desk-pages.ts'
import type { FieldProblem } from '../../domain/errors.ts'
import { mayCreateTills, mayRunTill } from '../../domain/policies.ts'
import {
  bankDepositForm,
  closeTillForm,
  countsOf,
  newTillForm,
  openTillForm,
} from '../../domain/schemas/tenders.ts'
import { inTransaction, type Tx } from '../../db/connection.ts'
import { listLocations } from '../../db/fleet.ts'
import { listCashRefunds } from '../../db/refund-reads.ts'
import { listMovements, listTills } from '../../db/till-reads.ts'
import {
  closeSession,
  createTill,
  depositToBank,
  findOpenSession,
  openSession,
} from '../../db/tills.ts'
import { TillView } from '../../views/till.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { assertOwnSession } from '../till-sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const MOVEMENTS = 100
const CASH_REFUNDS = 50

const mayEnter = (actor: Actor) => mayRunTill(actor) || mayCreateTills(actor)

type Shown = { form: TillForm; problems: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form, problems }: Shown,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, mayEnter)
  const session = await findOpenSession(deps.db, actor.userId)
  const page = {
    session,
    cashRefunds: await listCashRefunds(deps.db, CASH_REFUNDS),
    movements: session ? await listMovements(deps.db, session.id, MOVEMENTS) : [],
    tills: await listTills(deps.db),
    places: mayCreateTills(actor) ? await listLocations(deps.db) : [],
    form,
    problems,
    ids: {
      session: form['sessionId'] ?? randomUUID(),
      deposit: form['depositId'] ?? randomUUID(),
      till: randomUUID(),
    },
    now: deps.now(),
  }
  return c.html(<TillView viewer={await viewerOf(c, deps)} page={page} />, status)
}

type Deed = (tx: Tx, actor: Actor, form: TillForm) => Promise<unknown>

async function submit(
  c: Context<Env>,
  deps: ApiDeps,
  may: (actor: Actor) => boolean,
  deed: Deed,
): Promise<Response> {
  const actor = staff(c, may)
  const fields = await c.req.parseBody()
  assertCsrf(c, fields)
  const form = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.slice(0, 600)]] : [],
    ),
  )
  c.set('address', '/desk/till')
  try {
    await inTransaction(deps.db, (tx) => deed(tx, actor, form))
  } catch (error) {
    const { code, fields: wrong, message } = toBusinessError(error)
    if (code === 'UNEXPECTED' || code === 'FORBIDDEN' || code === 'NOT_FOUND') throw error
    const problems = wrong.length > 0 ? wrong : [{ path: '', message }]
    return show(c, deps, { form, problems }, statusOf(code))
  }
  return c.redirect('/desk/till', 303)
}

export function createTillPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/desk/till', (c) => show(c, deps, { form: {}, problems: [] }))
  pages.post('/desk/till/new', (c) =>
    submit(c, deps, mayCreateTills, (tx, actor, form) => {
      const { tillId, place, name } = parseInput(newTillForm, form)
      return createTill(tx, { id: tillId, place, name, actorId: actor.userId })
    }),
  )
  pages.post('/desk/till/open', (c) =>
    submit(c, deps, mayRunTill, (tx, actor, form) => {
      const opening = parseInput(openTillForm, form)
      return openSession(tx, { ...opening, clerkId: actor.userId, at: deps.now() })
    }),
  )
  pages.post('/desk/till/:id/close', (c) =>
    submit(c, deps, mayRunTill, async (tx, actor, form) => {
      const { id: sessionId } = await assertOwnSession(deps, actor, idParam(c))
      const typed = parseInput(closeTillForm, form)
      const { reason, note } = typed
      const counts = countsOf(typed)
      const closing = { sessionId, counts, reason, note, actorId: actor.userId }
      return closeSession(tx, { ...closing, at: deps.now() })
    }),
  )
  pages.post('/desk/till/:id/deposit', (c) =>
    submit(c, deps, mayRunTill, async (tx, actor, form) => {
      const { id: sessionId } = await assertOwnSession(deps, actor, idParam(c))
      const { depositId, amount, reference } = parseInput(bankDepositForm, form)
      const actorId = actor.userId
      return depositToBank(tx, { id: depositId, sessionId, amount, reference, actorId })
    }),
  )
  return pages
}
