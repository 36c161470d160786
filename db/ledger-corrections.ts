/**
 * A wrong entry is turned round, never changed; what is right may be posted beside it. Once for each entry. What could
 * make money leave waits until a second person agrees.
 */
import { creditGrown, needsSecondPerson, type CorrectionAnswer } from '../domain/corrections.ts'
import { BusinessError } from '../domain/errors.ts'
import { unsoundness, type EntryDetail } from '../domain/ledger-pages.ts'
import { negate } from '../domain/money.ts'
import type { Posting } from '../domain/ledger.ts'
import { appendAudit } from './audit.ts'
import { decideWish, isAsked, writeWish, type CorrectionWish } from './correction-wishes.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { tellCreditAdded } from './credit-notices.ts'
import { findEntry } from './ledger-reads.ts'
import { postEntry } from './ledger.ts'

export type Correction = CorrectionWish

/** Throws when the entry was reversed before, or is itself a reversal. */
export async function postCorrection(tx: Tx, wish: Correction): Promise<CorrectionAnswer> {
  const entry = await lockEntry(tx, wish.entryId)
  const wrong = wish.right && unsoundness(wish.right)
  if (wrong) throw new BusinessError('INVALID_INPUT', wrong)
  if (await isAsked(tx, wish)) return { outcome: 'waiting' }
  if (needsSecondPerson(entry.postings, wish.right)) {
    await writeWish(tx, wish)
    return { outcome: 'waiting' }
  }
  return { outcome: 'posted', reversal: await turnRound(tx, wish, entry) }
}

type Decision = { entryId: string; actorId: string }

/** The second person's yes: from here on it is posted as it was asked for. The id of the reversing entry. */
export async function agreeToCorrection(tx: Tx, { entryId, actorId }: Decision): Promise<string> {
  const entry = await lockEntry(tx, entryId)
  const wish = await decideWish(tx, { entryId, actorId, agreed: true })
  if (!wish) throw new BusinessError('NOT_FOUND', 'No correction of this entry waits.')
  const { reason, right, askedBy } = wish
  return turnRound(tx, { entryId, reason, right, actorId: askedBy }, entry)
}

export async function declineCorrection(tx: Tx, { entryId, actorId }: Decision): Promise<void> {
  await lockEntry(tx, entryId)
  await decideWish(tx, { entryId, actorId, agreed: false })
}

async function lockEntry(tx: Tx, entryId: string): Promise<EntryDetail> {
  await select(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 13))', [entryId])
  const entry = await findEntry(tx, entryId)
  if (!entry) throw new BusinessError('NOT_FOUND', 'We have no such entry.')
  if (entry.reversedBy)
    throw new BusinessError('ENTRY_REVERSED', 'This entry was reversed before; it counts no more.')
  if (entry.reverses || entry.kind.endsWith('_reversed'))
    throw new BusinessError('ENTRY_REVERSED', 'This entry reverses another one; correct that.')
  return entry
}

async function turnRound(tx: Tx, wish: Correction, entry: EntryDetail): Promise<string> {
  const { entryId, reason, actorId, right } = wish
  const reversal = await reverse(tx, wish, entry.postings)
  if (right)
    await postEntry(tx, {
      kind: 'correction',
      reference: entryId,
      description: reason,
      postedBy: actorId,
      postings: right,
    })
  for (const one of creditGrown(entry.postings, right))
    await tellCreditAdded(tx, { ...one, why: `correction:${entryId}` })
  await appendAudit(tx, {
    actor: actorId,
    action: 'ledger.corrected',
    entity: 'ledger_entry',
    entityId: entryId,
    after: { reversal, right },
    why: reason,
  })
  return reversal
}

async function reverse(tx: Tx, wish: Correction, postings: readonly Posting[]): Promise<string> {
  const row = await selectOne<{ id: string }>(
    tx,
    `INSERT INTO ledger_entries (kind, reference, description, posted_by, reverses)
     VALUES ('reversal', $1::text, $2, $3, $1::uuid) RETURNING id`,
    [wish.entryId, wish.reason, wish.actorId],
  )
  const id = row?.id ?? ''
  await select(
    tx,
    `INSERT INTO ledger_postings (entry_id, account, amount_cents, subject)
     SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[])`,
    [
      id,
      postings.map(({ account }) => account),
      postings.map(({ amount }) => negate(amount)),
      postings.map(({ subject }) => subject ?? null),
    ],
  )
  return id
}
