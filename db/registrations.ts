/** Accounts that wait for a mailed link: written down sealed, mailed by a worker, opened once. */
import { randomUUID } from 'node:crypto'
import { REGISTRATION_MS } from '../domain/accounts.ts'
import type { Ticked } from '../domain/schemas/marketing.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { createSealer, type Sealer } from './sealed-by-us.ts'

/** What somebody typed, and what the account is made of. */
export type Registration = {
  email: string
  passwordHash: string
  firstName: string
  lastName: string
  phone: string
  language: 'en' | 'sw'
  /** Null where no words were shown. */
  offers: Ticked | null
  /** Where they were going. */
  next: string
  /** The browser in which it was typed, by the hash of its session; null for a program. */
  browser: string | null
}

export type RegistrationSealer = Sealer<Registration>

/** `keyedHash`: by the key of ours from which the other secrets come as well. */
export const createRegistrationSealer = (keyedHash: (text: string) => Buffer): RegistrationSealer =>
  createSealer(keyedHash('what waits for its link'))

const placeOf = (id: string): Buffer => Buffer.from(`registration\n${id}`)

/** One statement, whoever has an account with this e-mail: nobody is looked up here. Answers its id. */
export async function keepRegistration(
  on: Database | Tx,
  sealer: RegistrationSealer,
  registration: Registration,
  now: Date,
): Promise<string> {
  const id = randomUUID()
  await select(
    on,
    `INSERT INTO registrations (id, sealed, asked_at, expires_at) VALUES ($1, $2, $3, $4) RETURNING id`,
    [id, sealer.seal(registration, placeOf(id)), now, new Date(now.getTime() + REGISTRATION_MS)],
  )
  return id
}

type Row = { sealed: Buffer }

const opened = (sealer: RegistrationSealer, id: string, row: Row | null): Registration | null =>
  row && sealer.open(row.sealed, placeOf(id))

const OPEN = 'id = $1 AND expires_at > $2'

/** Null where it was used or is too old. */
export const findRegistration = async (
  db: Database,
  sealer: RegistrationSealer,
  id: string,
  now: Date,
): Promise<Registration | null> =>
  opened(
    sealer,
    id,
    await selectOne<Row>(db, `SELECT sealed FROM registrations WHERE ${OPEN}`, [id, now]),
  )

/** Once: of two at the same moment one gets null. */
export const takeRegistration = async (
  tx: Tx,
  sealer: RegistrationSealer,
  id: string,
  now: Date,
): Promise<Registration | null> =>
  opened(
    sealer,
    id,
    await selectOne<Row>(tx, `DELETE FROM registrations WHERE ${OPEN} RETURNING sealed`, [id, now]),
  )

export async function dropRegistration(on: Database | Tx, id: string): Promise<void> {
  await select(on, 'DELETE FROM registrations WHERE id = $1', [id])
}

/** `isKnown`: somebody has an account with this e-mail, and it is written to in the language of that. */
export type WaitingRegistration = {
  id: string
  email: string
  language: 'en' | 'sw'
  isKnown: boolean
}

/** Nobody else takes it for a minute; one that could not be sent comes again, ever later. */
export async function takeWaitingRegistrations(
  db: Database,
  sealer: RegistrationSealer,
  most: number,
): Promise<WaitingRegistration[]> {
  const taken = await select<{ id: string; sealed: Buffer }>(
    db,
    `UPDATE registrations SET attempts = attempts + 1, next_try_at = now() + least(attempts + 1, 30) * interval '1 minute'
     WHERE id IN (SELECT id FROM registrations WHERE sent_at IS NULL AND next_try_at <= now() AND expires_at > now()
       ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, sealed`,
    [most],
  )
  const waiting: WaitingRegistration[] = []
  for (const { id, sealed } of taken) {
    const content = sealer.open(sealed, placeOf(id))
    if (!content) continue
    const { email, language } = content
    const known = await selectOne<{ language: 'en' | 'sw' }>(
      db,
      'SELECT language FROM users WHERE email = $1',
      [email],
    )
    waiting.push({ id, email, language: known?.language ?? language, isKnown: known !== null })
  }
  return waiting
}

/** Whoever has an account was told so, and no link waits for them. */
export async function markRegistrationSent(
  db: Database,
  { id, isKnown }: WaitingRegistration,
): Promise<void> {
  if (isKnown) return dropRegistration(db, id)
  await select(db, 'UPDATE registrations SET sent_at = now() WHERE id = $1', [id])
}
