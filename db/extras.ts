/** What is hired along with a car, and how many of it are left for a time. */
import { BusinessError } from '../domain/errors.ts'
import type { Extra, ExtraWish } from '../domain/extras.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { assertPricesAreOurs } from './pricing-rules.ts'
import { toCents } from './values.ts'

export type ExtraRecord = Extra & { version: number }

const COLUMNS = `code, name, kind, daily_rate_cents AS "dailyRate", most_cents AS most, stock, active, version::int AS version`

type Raw = Omit<ExtraRecord, 'dailyRate' | 'most'> & { dailyRate: string; most: string | null }
const toExtra = (raw: Raw): ExtraRecord => ({
  ...raw,
  dailyRate: toCents(raw.dailyRate),
  most: raw.most === null ? null : toCents(raw.most),
})

/** Also those that are not offered any more, where `all`. */
export async function listExtras(on: Database | Tx, { all = false } = {}): Promise<ExtraRecord[]> {
  const rows = await select<Raw>(
    on,
    `SELECT ${COLUMNS} FROM extras WHERE active OR $1 ORDER BY kind, name, code`,
    [all],
  )
  return rows.map(toExtra)
}

export async function findExtra(on: Database | Tx, code: string): Promise<ExtraRecord | null> {
  const raw = await selectOne<Raw>(on, `SELECT ${COLUMNS} FROM extras WHERE code = $1`, [code])
  return raw && toExtra(raw)
}

type Save = { extra: Extra; version: number | null; actorId: string }

/** New, or as said from now on; what was booked keeps its price. Throws CHANGED_MEANWHILE for another version than the one that stands. */
export async function saveExtra(tx: Tx, { extra, version, actorId }: Save): Promise<ExtraRecord> {
  await assertPricesAreOurs(tx)
  const { code, name, kind, dailyRate, most, stock, active } = extra
  await select(tx, 'SELECT code FROM extras WHERE code = $1 FOR UPDATE', [code])
  const before = await findExtra(tx, code)
  if ((before?.version ?? null) !== version)
    throw new BusinessError(
      'CHANGED_MEANWHILE',
      'Somebody else has changed it meanwhile. Look again.',
    )
  await assertOneFee(tx, extra)
  await select(
    tx,
    `INSERT INTO extras (code, name, kind, daily_rate_cents, most_cents, stock, active, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
     ON CONFLICT (code) DO UPDATE SET name = $2, kind = $3, daily_rate_cents = $4, most_cents = $5, stock = $6, active = $7,
       updated_by = $8, updated_at = now(), version = extras.version + 1 RETURNING code`,
    [code, name, kind, dailyRate, most, stock, active, actorId],
  )
  await appendAudit(tx, {
    actor: actorId,
    action: before ? 'extra.changed' : 'extra.created',
    entity: 'extra',
    entityId: code,
    ...(before ? { before } : {}),
    after: extra,
  })
  return (await findExtra(tx, code)) as ExtraRecord
}

async function assertOneFee(tx: Tx, { code, kind, active }: Extra): Promise<void> {
  if (kind === 'thing' || !active) return
  const other = await selectOne<{ name: string }>(
    tx,
    'SELECT name FROM extras WHERE active AND kind = $1 AND code <> $2',
    [kind, code],
  )
  if (!other) return
  const message = `${other.name} is that fee already. Take it out first.`
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'kind', message }] })
}

type Span = { from: Date; to: Date }

/**
 * How many of each are out at once within this time, at the moment at which most are: taken by bookings that stand. Codes in `$1`.
 * What counts is looked at where somebody else's time begins, and at our own beginning: nowhere else does the number rise.
 */
const OUT = `SELECT x.code, coalesce(max(t.out), 0)::int AS out FROM unnest($1::text[]) AS x(code)
  LEFT JOIN LATERAL (
    WITH booked AS MATERIALIZED (
      SELECT r.pickup_at AS at, r.return_at AS until, e.quantity
      FROM reservation_extras e JOIN reservations r ON r.id = e.reservation_id
      WHERE e.extra_code = x.code AND r.pickup_at < $3 AND r.return_at > $2
        AND r.status IN ('pending', 'processing', 'confirmed', 'in_progress'))
    SELECT (SELECT sum(b.quantity) FROM booked b WHERE b.at <= m.at AND b.until > m.at) AS out
    FROM (SELECT $2::timestamptz AS at UNION SELECT at FROM booked WHERE at > $2) m) t ON true
  GROUP BY x.code`

export async function countOut(
  on: Database | Tx,
  codes: readonly string[],
  { from, to }: Span,
): Promise<Map<string, number>> {
  if (codes.length === 0) return new Map()
  const rows = await select<{ code: string; out: number }>(on, OUT, [codes, from, to])
  return new Map(rows.map(({ code, out }) => [code, out]))
}

/** In the order of their codes, for whoever is about to take some; until the end of the transaction nobody else can. */
export async function lockExtras(tx: Tx, codes: readonly string[]): Promise<ExtraRecord[]> {
  const rows = await select<Raw>(
    tx,
    `SELECT ${COLUMNS} FROM extras WHERE active AND code = ANY($1) ORDER BY code FOR NO KEY UPDATE`,
    [codes],
  )
  return rows.map(toExtra)
}

export async function takeExtras(
  tx: Tx,
  reservationId: string,
  wishes: readonly ExtraWish[],
): Promise<void> {
  if (wishes.length === 0) return
  await select(
    tx,
    `INSERT INTO reservation_extras (reservation_id, extra_code, quantity)
     SELECT $1, * FROM unnest($2::text[], $3::int[]) RETURNING extra_code`,
    [reservationId, wishes.map(({ code }) => code), wishes.map(({ quantity }) => quantity)],
  )
}
