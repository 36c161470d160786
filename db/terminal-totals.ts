/** What a card terminal's own report says of a day: read by somebody who took no card there. The latest counts. */
import { readDay, terminalName } from '../domain/day-close.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { readDayProofs } from './day-proofs.ts'
import { toCents } from './values.ts'

export type TerminalTotal = { day: string; terminal: string; total: Cents; actorId: string }

export async function recordTerminalTotal(tx: Tx, wish: TerminalTotal): Promise<void> {
  const { day, total, actorId } = wish
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
  const last = await selectOne<{ total: string }>(
    tx,
    `SELECT total_cents AS total FROM terminal_totals WHERE day = $1 AND terminal = $2
     ORDER BY id DESC LIMIT 1`,
    [day, terminal],
  )
  if (last && toCents(last.total) === total) return
  await select(
    tx,
    `INSERT INTO terminal_totals (day, terminal, total_cents, counted_by) VALUES ($1, $2, $3, $4)
     RETURNING id`,
    [day, terminal, total, actorId],
  )
  await appendAudit(tx, {
    actor: actorId,
    action: 'day.terminal_read',
    entity: 'terminal',
    entityId: terminal,
    before: last ? { day, total: toCents(last.total) } : undefined,
    after: { day, total },
  })
}
