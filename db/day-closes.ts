/** Closed days: written once, corrected only by a reversing line and a new one. */
import {
  isOver,
  readDay,
  terminalField,
  terminalOf,
  type DayClose,
  type DayFigures,
  type DayLine,
  type DayReason,
} from '../domain/day-close.ts'
import { BusinessError } from '../domain/errors.ts'
import { negate, ZERO } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'
import { readDayFigures } from './day-figures.ts'
import { toCents } from './values.ts'

export type Reasons = Record<string, { reason: DayReason; note: string | null }>
type Closing = { id: string; day: string; reasons: Reasons; actorId: string; now: Date }

const refuse = (message: string): never => {
  throw new BusinessError('DAY_REFUSED', message)
}

const stretchOf = (day: string) => {
  const found = readDay(day)
  if (!found) throw new BusinessError('NOT_FOUND', 'This is not a day.')
  return found
}

export async function closeDay(tx: Tx, closing: Closing): Promise<DayClose> {
  const { id, day, actorId, now } = closing
  const { from, to } = stretchOf(day)
  if (!isOver(to, now)) refuse('This day is not over. Money still comes in until midnight.')
  await assertTillsClosed(tx, to)
  const made = await select(
    tx,
    'INSERT INTO day_closes (id, day, closed_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id',
    [id, day, actorId],
  )
  const standing = made.length === 0 ? await findDayClose(tx, day) : null
  if (standing?.id === id) return standing
  if (made.length === 0) refuse('This day is closed already. Correct a line instead.')
  const figures = await readDayFigures(tx, from, to)
  assertExplained(figures, closing.reasons)
  assertOtherEyes(figures, actorId)
  for (const one of figures) await writeLine(tx, id, 'close', one, closing)
  const differences = figures.filter(({ taken, booked }) => taken !== booked).length
  const entity = { entity: 'day_close', entityId: id }
  await appendAudit(tx, {
    actor: actorId,
    action: 'day.closed',
    ...entity,
    after: { day, lines: figures.length, differences },
  })
  const told = { day_close_id: id, day, lines: figures.length, differences }
  await appendEvents(tx, [{ type: 'day.closed', key: id, version: 1, data: told }])
  return (await findDayClose(tx, day)) as DayClose
}

async function assertTillsClosed(tx: Tx, to: Date): Promise<void> {
  const open = await selectOne<{ name: string }>(
    tx,
    `SELECT l.name || ', ' || t.name AS name FROM till_sessions s JOIN tills t ON t.id = s.till_id
     JOIN locations l ON l.code = t.place WHERE s.closed_at IS NULL AND s.opened_at < $1 LIMIT 1`,
    [to],
  )
  if (open) refuse(`A till of that day is still open: ${open.name}. Its clerk closes it first.`)
}

/** Whoever handled the money named the difference; somebody else accepts it. */
type Handled = Pick<DayFigures, 'label' | 'taken' | 'booked' | 'by'>
function assertOtherEyes(figures: Handled[], actorId: string): void {
  const own = figures.find(({ taken, booked, by }) => taken !== booked && by?.includes(actorId))
  if (own) refuse(`${own.label}: you handled this money yourself, so somebody else closes the day.`)
}

function assertExplained(figures: DayFigures[], reasons: Reasons): void {
  const unread = figures.filter(({ uncounted }) => uncounted)
  if (unread.length > 0) {
    const message = (label: string) => `${label}: write down its total first.`
    const fields = unread.map((one) => ({
      path: terminalField(terminalOf(one) ?? ''),
      message: message(one.label),
    }))
    throw new BusinessError('INVALID_INPUT', fields[0]?.message ?? '', { fields })
  }
  const open = figures.filter(({ key, taken, booked }) => taken !== booked && !reasons[key])
  if (open.length === 0) return
  const fields = open.map(({ key, label }) => ({
    path: key,
    message: `${label}: say why the two differ.`,
  }))
  throw new BusinessError('INVALID_INPUT', fields[0]?.message ?? '', { fields })
}

async function writeLine(
  tx: Tx,
  dayCloseId: string,
  kind: 'close' | 'correction',
  { key, label, taken, booked }: Pick<DayFigures, 'key' | 'label' | 'taken' | 'booked'>,
  { reasons, actorId }: { reasons: Reasons; actorId: string },
): Promise<void> {
  const why = taken === booked ? undefined : reasons[key]
  await select(
    tx,
    `INSERT INTO day_close_lines (day_close_id, kind, key, label, taken_cents, booked_cents, reason, note, made_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
    [dayCloseId, kind, key, label, taken, booked, why?.reason ?? null, why?.note ?? null, actorId],
  )
}

type RawLine = DayLine & Record<'taken' | 'booked' | 'difference', string>

const LINES = `
  SELECT n.id, n.kind, n.key, n.label, n.taken_cents AS taken, n.booked_cents AS booked,
    n.difference_cents AS difference, n.reason, n.note, n.made_at AS "madeAt",
    coalesce(trim(u.first_name || ' ' || u.last_name), n.made_by) AS "madeBy",
    EXISTS (SELECT FROM day_close_lines r WHERE r.reverses = n.id) AS reversed
  FROM day_close_lines n LEFT JOIN users u ON u.id::text = n.made_by`

const toLine = (raw: RawLine): DayLine => ({
  ...raw,
  taken: toCents(raw.taken),
  booked: toCents(raw.booked),
  difference: toCents(raw.difference),
})

export async function findDayClose(on: Database | Tx, day: string): Promise<DayClose | null> {
  const close = await selectOne<Omit<DayClose, 'lines'>>(
    on,
    `SELECT d.id, d.day::text AS day, d.closed_at AS "closedAt",
       trim(u.first_name || ' ' || u.last_name) AS "closedBy"
     FROM day_closes d JOIN users u ON u.id = d.closed_by WHERE d.day = $1`,
    [day],
  )
  if (!close) return null
  const lines = await select<RawLine>(on, `${LINES} WHERE n.day_close_id = $1 ORDER BY n.id`, [
    close.id,
  ])
  return { ...close, lines: lines.map(toLine) }
}

/** The last ones first. */
export const listDayCloses = (db: Database, limit: number): Promise<Omit<DayClose, 'lines'>[]> =>
  select(
    db,
    `SELECT d.id, d.day::text AS day, d.closed_at AS "closedAt",
       trim(u.first_name || ' ' || u.last_name) AS "closedBy"
     FROM day_closes d JOIN users u ON u.id = d.closed_by ORDER BY d.day DESC LIMIT $1`,
    [limit],
  )

type Correction = {
  day: string
  lineId: string
  why: { reason: DayReason; note: string | null }
  actorId: string
}

/** Takes the line back and writes what stands now in its place. A line is taken back once. */
export async function correctDay(tx: Tx, correction: Correction): Promise<DayClose> {
  const { day, lineId, why, actorId } = correction
  const { from, to } = stretchOf(day)
  const close = await findDayClose(tx, day)
  const line = close?.lines.find(({ id }) => id === lineId)
  if (!close || !line || line.kind === 'reversal')
    throw new BusinessError('NOT_FOUND', 'We have no such line.')
  const reversal = await select(
    tx,
    `INSERT INTO day_close_lines (day_close_id, kind, reverses, key, label, taken_cents, booked_cents, reason, note,
       made_by) VALUES ($1, 'reversal', $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id`,
    [
      close.id,
      lineId,
      line.key,
      line.label,
      negate(line.taken),
      negate(line.booked),
      why.reason,
      why.note,
      actorId,
    ],
  )
  if (reversal.length === 0) refuse('This line was corrected already.')
  const figures = await readDayFigures(tx, from, to)
  const gone = { key: line.key, label: line.label, taken: ZERO, booked: ZERO }
  const now = figures.find(({ key }) => key === line.key) ?? gone
  assertOtherEyes([now], actorId)
  await writeLine(tx, close.id, 'correction', now, { reasons: { [line.key]: why }, actorId })
  const entity = { entity: 'day_close', entityId: close.id }
  await appendAudit(tx, {
    actor: actorId,
    action: 'day.corrected',
    ...entity,
    before: { key: line.key, taken: line.taken, booked: line.booked },
    after: { taken: now.taken, booked: now.booked },
    why: why.reason,
  })
  return (await findDayClose(tx, day)) as DayClose
}
