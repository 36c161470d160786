/** What a card terminal's own report says of a day: read by somebody who took no card there. The latest counts. */
import { readDay, terminalName } from '../domain/day-close.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { readDayProofs } from './day-proofs.ts'
import { toCents } from './values.ts'

export type TerminalTotal = {
  day: string
  terminal: string
  total: Cents
  /** As the report names its settlement. */
  batch?: string | null
  actorId: string
}

export async function recordTerminalTotal(tx: Tx, wish: TerminalTotal): Promise<void> {
  const { day, total, actorId, batch = null } = wish
  const stretch = readDay(day)
  if (!stretch) throw new BusinessError('NOT_FOUND', 'This is not a day.')
  const terminal = terminalName(wish.terminal)
  const proofs = await readDayProofs(tx, stretch)
  const own = proofs.find(({ key }) => key === `terminal:${terminal}`)
  if (own?.by?.includes(actorId))
    throw new BusinessError(
      'DAY_REFUSED',
      `You took cards on ${terminal} that day, so somebody else reads its report.`,
    )
  await refuseUsedBatch(tx, { day, terminal, batch })
  const last = await selectOne<{ total: string; batch: string | null }>(
    tx,
    `SELECT total_cents AS total, batch FROM terminal_totals WHERE day = $1 AND terminal = $2
     ORDER BY id DESC LIMIT 1`,
    [day, terminal],
  )
  if (last && toCents(last.total) === total && last.batch === batch) return
  await select(
    tx,
    `INSERT INTO terminal_totals (day, terminal, total_cents, batch, counted_by) VALUES ($1, $2, $3, $4, $5)
     RETURNING id`,
    [day, terminal, total, batch, actorId],
  )
  await appendAudit(tx, {
    actor: actorId,
    action: 'day.terminal_read',
    entity: 'terminal',
    entityId: terminal,
    before: last ? { day, total: toCents(last.total), batch: last.batch } : undefined,
    after: { day, total, batch },
  })
}

type Named = Pick<TerminalTotal, 'day' | 'terminal'> & { batch: string | null }

/** One settlement stands on one report: yesterday's read once more would prove today's cards. */
async function refuseUsedBatch(tx: Tx, { day, terminal, batch }: Named): Promise<void> {
  if (batch === null) return
  await select(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 29))', [terminal])
  const other = await selectOne<{ day: string }>(
    tx,
    `SELECT day::text AS day FROM terminal_totals WHERE terminal = $1 AND batch = $2 AND day <> $3
     ORDER BY id DESC LIMIT 1`,
    [terminal, batch, day],
  )
  if (other)
    throw new BusinessError(
      'DAY_REFUSED',
      `Batch ${batch} of ${terminal} was written down for ${other.day} already.`,
    )
}
