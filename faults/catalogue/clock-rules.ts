/** What must hold besides where the clocks of our processes are wrong. */
import { word } from '../checker/words.ts'
import { plantSql, type Rule } from '../checker/world.ts'

/** By PostgreSQL's clock, which is right. */
const EARLY = `SELECT number FROM reservations
  WHERE status = ${word('reservations.status', 'expired')} AND ended_at < hold_expires_at`
const END_EARLY = `UPDATE reservations SET status = ${word('reservations.status', 'expired')},
    ended_at = hold_expires_at - interval '1 second'
  WHERE id = (SELECT id FROM reservations LIMIT 1)`
export const noEarlyEnd: Rule = {
  name: 'no booking runs out before its time',
  kind: 'lost',
  broken: async ({ sql }) => (await sql<{ number: string }>(EARLY)).map(({ number }) => number),
  plant: plantSql('reservations', END_EARLY),
}
