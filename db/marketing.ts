/**
 * What people allow us to send beside what they booked. Choices are added and never changed; of an address that said no stays a keyed
 * hash for as long as any yes could last, so that neither another account nor a list from elsewhere brings it back.
 */
import {
  MARKETING_CHANNELS,
  standingOf,
  type ChoicePlace,
  type MarketingChannel,
  type MarketingChoice,
} from '../domain/marketing.ts'
import { BusinessError } from '../domain/errors.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { mailIndex } from './sealed-columns.ts'

type Contact = { email: string | null; phone: Buffer | null }

/** Only proven ones: what somebody merely typed may be a stranger's. */
const PROVEN = `CASE WHEN u.email_verified THEN u.email END AS email,
  CASE WHEN u.phone_verified THEN u.phone_index END AS phone`

function indexOf(on: Database | Tx, channel: MarketingChannel, contact: Contact): Buffer | null {
  if (channel === 'sms') return contact.phone
  return contact.email === null ? null : mailIndex(on, contact.email)
}

export type KeptChoice = MarketingChoice & {
  language: 'en' | 'sw'
  place: ChoicePlace
  /** Null where it was they themselves. */
  chosenBy: string | null
  chooserName: string | null
}

/** The newest first. */
export const listChoices = (on: Database | Tx, userId: string): Promise<KeptChoice[]> =>
  select(
    on,
    `SELECT c.channel, c.given, c.wording, c.language, c.place, c.chosen_at AS "chosenAt",
       nullif(c.chosen_by, c.user_id::text) AS "chosenBy",
       (SELECT trim(b.first_name || ' ' || b.last_name) FROM users b
        WHERE b.id::text = c.chosen_by AND b.id <> c.user_id) AS "chooserName"
     FROM marketing_choices c WHERE c.user_id = $1 ORDER BY c.id DESC LIMIT 200`,
    [userId],
  )

const lastChoice = (
  on: Database | Tx,
  userId: string,
  channel: MarketingChannel,
): Promise<MarketingChoice | null> =>
  selectOne(
    on,
    `SELECT channel, given, wording, chosen_at AS "chosenAt" FROM marketing_choices
     WHERE user_id = $1 AND channel = $2 ORDER BY id DESC LIMIT 1`,
    [userId, channel],
  )

async function lockCustomer(tx: Tx, userId: string): Promise<Contact> {
  const found = await selectOne<Contact>(
    tx,
    `SELECT ${PROVEN} FROM users u WHERE u.id = $1 AND u.kind = 'customer' AND u.status <> 'deleted'
     FOR NO KEY UPDATE OF u`,
    [userId],
  )
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  return found
}

const refuse = (tx: Tx, channel: MarketingChannel, index: Buffer) =>
  select(
    tx,
    `INSERT INTO marketing_refusals AS r (channel, contact_index) VALUES ($1, $2)
     ON CONFLICT (channel, contact_index) DO UPDATE SET refused_at = greatest(r.refused_at, excluded.refused_at)
     RETURNING channel`,
    [channel, index],
  )

export type NewChoice = {
  userId: string
  channel: MarketingChannel
  given: boolean
  /** What they were shown. */
  wording: number
  language: 'en' | 'sw'
  place: ChoicePlace
  actorId: string
  now: Date
}

/** False where it stands so already: a yes that is still good, or a no. Throws NOT_FOUND. */
export async function keepChoice(tx: Tx, choice: NewChoice): Promise<boolean> {
  const { userId, channel, given, wording, language, place, actorId, now } = choice
  const contact = await lockCustomer(tx, userId)
  const last = await lastChoice(tx, userId, channel)
  const index = given ? null : indexOf(tx, channel, contact)
  if (index) await refuse(tx, channel, index)
  const standing = standingOf(last, now, wording)
  if (standing === (given ? 'given' : 'withdrawn')) return false
  await select(
    tx,
    `INSERT INTO marketing_choices (user_id, channel, given, wording, language, place, chosen_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [userId, channel, given, wording, language, place, actorId],
  )
  // For reports that count; whether somebody may be written to is asked of mayMarketTo alone.
  await select(
    tx,
    `UPDATE customers SET marketing_consent = EXISTS (
       SELECT FROM (SELECT DISTINCT ON (channel) given FROM marketing_choices WHERE user_id = $1
         ORDER BY channel, id DESC) AS last WHERE last.given) WHERE user_id = $1 RETURNING user_id`,
    [userId],
  )
  await appendAudit(tx, {
    actor: actorId,
    action: given ? 'marketing.allowed' : 'marketing.refused',
    entity: 'user',
    entityId: userId,
    after: { channel, wording, place },
  })
  return true
}

/** Whoever is forgotten has said no to everything: asked before their addresses go, and safe to repeat. */
export async function refuseForGood(tx: Tx, userId: string): Promise<void> {
  const contact = await selectOne<Contact>(tx, `SELECT ${PROVEN} FROM users u WHERE u.id = $1`, [
    userId,
  ])
  for (const channel of MARKETING_CHANNELS) {
    const index = contact && indexOf(tx, channel, contact)
    if (index) await refuse(tx, channel, index)
  }
}

type Question = { userId: string; channel: MarketingChannel; now: Date }

/**
 * The only place that says whether an offer may be sent: an open account, an address that is proven, a yes to the words of today that is
 * not too old, and no later no from the same address, whichever account it came by.
 */
export async function mayMarketTo(
  on: Database | Tx,
  { userId, channel, now }: Question,
): Promise<boolean> {
  const contact = await selectOne<Contact>(
    on,
    `SELECT ${PROVEN} FROM users u WHERE u.id = $1 AND u.kind = 'customer' AND u.status = 'active'`,
    [userId],
  )
  const index = contact && indexOf(on, channel, contact)
  const last = index ? await lastChoice(on, userId, channel) : null
  if (!last || standingOf(last, now) !== 'given') return false
  const later = await selectOne(
    on,
    `SELECT channel FROM marketing_refusals WHERE channel = $1 AND contact_index = $2 AND refused_at >= $3`,
    [channel, index, last.chosenAt],
  )
  return later === null
}
