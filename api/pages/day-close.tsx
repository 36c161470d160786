/** Finance closes a day, once; corrections stand beside it. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import {
  batchField,
  DAY_REASONS,
  dayOf,
  isOver,
  OTHER_TERMINAL as OTHER,
  OTHER_BATCH,
  OTHER_TOTAL,
  readDay,
  type DayReason,
} from '../../domain/day-close.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { readShillings, ZERO, type Cents } from '../../domain/money.ts'
import { mayCloseDays } from '../../domain/policies.ts'
import { batch, terminal } from '../../domain/schemas/references.ts'
import { DAY_MS } from '../../domain/time.ts'
import { inTransaction } from '../../db/connection.ts'
import { closeDay, correctDay, findDayClose, type Reasons } from '../../db/day-closes.ts'
import { readDayFigures } from '../../db/day-figures.ts'
import { recordTerminalTotal } from '../../db/terminal-totals.ts'
import { DayCloseView } from '../../views/day-close.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

type Form = Record<string, string>
type Shown = { day: string; form: Form; problems: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { day, form, problems }: Shown,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const stretch = readDay(day)
  if (!stretch) throw new BusinessError('NOT_FOUND', 'This is not a day.')
  const page = {
    day,
    figures: await readDayFigures(deps.db, stretch.from, stretch.to),
    close: await findDayClose(deps.db, day),
    over: isOver(stretch.to, deps.now()),
    closeId: form['id'] ?? randomUUID(),
    form,
    problems,
  }
  return c.html(<DayCloseView viewer={await viewerOf(c, deps)} page={page} />, status)
}

const isReason = (text: string | undefined): text is DayReason =>
  text !== undefined && Object.hasOwn(DAY_REASONS, text)

const NOTE_LENGTH = 500
const noteOf = (form: Form, name: string) => form[name]?.trim().slice(0, NOTE_LENGTH) || null

const reasonsOf = (form: Form): Reasons =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, reason]) => {
      const key = name.startsWith('reason-') ? name.slice('reason-'.length) : null
      if (key === null || !isReason(reason)) return []
      return [[key, { reason, note: noteOf(form, `note-${key}`) }]]
    }),
  )

const wrong = (path: string, message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path, message }] })

function readTotal(form: Form, path: string): Cents {
  const text = form[path]?.trim() ?? ''
  const total = text === '0' ? ZERO : readShillings(text)
  if (total !== null) return total
  throw wrong(path, 'Write the total in whole shillings, like 4,500.')
}

function readBatch(form: Form, path: string): string | null {
  const text = form[path]?.trim() ?? ''
  const read = batch.safeParse(text)
  if (text === '' || read.success) return read.data ?? null
  throw wrong(path, 'Write the batch: letters and digits.')
}

/** A terminal that no slip names: its report shows cards that nobody wrote down. */
function otherOf(form: Form) {
  if (!form[OTHER]?.trim()) return []
  const read = terminal.safeParse(form[OTHER])
  if (!read.success) throw wrong(OTHER, read.error.issues[0]?.message ?? '')
  const total = readTotal(form, OTHER_TOTAL)
  return [{ terminal: read.data, total, batch: readBatch(form, OTHER_BATCH) }]
}

/** The totals that were typed; a field left empty says nothing. */
const totalsOf = (form: Form) => [
  ...Object.entries(form).flatMap(([name, text]) => {
    if (!name.startsWith('terminal-') || text.trim() === '') return []
    const known = name.slice('terminal-'.length)
    const settlement = readBatch(form, batchField(known))
    return [{ terminal: known, total: readTotal(form, name), batch: settlement }]
  }),
  ...otherOf(form),
]

type Deed = (form: Form, actorId: string) => Promise<unknown>

async function submit(c: Context<Env>, deps: ApiDeps, deed: Deed): Promise<Response> {
  const actor = staff(c, mayCloseDays)
  const fields = await c.req.parseBody()
  assertCsrf(c, fields)
  const form = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
  const day = form['day'] ?? ''
  c.set('address', `/finance/day-close?day=${encodeURIComponent(day)}`)
  try {
    await deed(form, actor.userId)
  } catch (error) {
    const { code, fields: fieldsOf, message } = toBusinessError(error)
    if (code !== 'INVALID_INPUT' && code !== 'DAY_REFUSED') throw error
    const problems = fieldsOf.map((one) =>
      one.path === 'reason' || /^(?:terminal|batch|other)-/.test(one.path)
        ? one
        : { ...one, path: `reason-${one.path}` },
    )
    const shown = problems.length > 0 ? problems : [{ path: '', message }]
    return show(c, deps, { day, form, problems: shown }, statusOf(code))
  }
  return c.redirect(`/finance/day-close?day=${encodeURIComponent(day)}`, 303)
}

export function createDayClosePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/day-close', (c) => {
    staff(c, mayCloseDays)
    const yesterday = dayOf(new Date(deps.now().getTime() - DAY_MS))
    const day = c.req.query('day') ?? yesterday
    return show(c, deps, { day: readDay(day) ? day : yesterday, form: {}, problems: [] })
  })
  pages.post('/finance/day-close', (c) =>
    submit(c, deps, (form, actorId) => {
      const id = isId(form['id'] ?? '') ? String(form['id']) : randomUUID()
      const closing = { id, day: form['day'] ?? '', reasons: reasonsOf(form), actorId }
      return inTransaction(deps.db, (tx) => closeDay(tx, { ...closing, now: deps.now() }))
    }),
  )
  pages.post('/finance/day-close/terminals', (c) =>
    submit(c, deps, async (form, actorId) => {
      const totals = totalsOf(form)
      await inTransaction(deps.db, async (tx) => {
        for (const one of totals)
          await recordTerminalTotal(tx, { ...one, day: form['day'] ?? '', actorId })
      })
    }),
  )
  pages.post('/finance/day-close/correct', (c) =>
    submit(c, deps, async (form, actorId) => {
      const reason = form['reason']
      if (!isReason(reason)) {
        const message = 'Say why the line is corrected.'
        throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'reason', message }] })
      }
      const why = { reason, note: noteOf(form, 'note') }
      const correction = { day: form['day'] ?? '', lineId: form['line'] ?? '', why, actorId }
      return inTransaction(deps.db, (tx) => correctDay(tx, correction))
    }),
  )
  return pages
}
