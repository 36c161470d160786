/** A wrong entry is turned round, never changed; what is right may be posted beside it. Once for each entry. */
import { BusinessError } from '../domain/errors.ts'
import { unsoundness } from '../domain/ledger-pages.ts'
import { negate } from '../domain/money.ts'
import type { Posting } from '../domain/ledger.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { findEntry } from './ledger-reads.ts'
import { postEntry } from './ledger.ts'

export type Correction = {
  entryId: string
  reason: string
  actorId: string
  /** What should have been posted; null when nothing should. */
  right: Posting[] | null
}

/** The id of the reversing entry. Throws when the entry was reversed before, or is itself a reversal. */
export async function postCorrection(tx: Tx, wish: Correction): Promise<string> {
  const { entryId, reason, actorId, right } = wish
  await select(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 13))', [entryId])
  const entry = await findEntry(tx, entryId)
  if (!entry) throw new BusinessError('NOT_FOUND', 'We have no such entry.')
  if (entry.reversedBy)
    throw new BusinessError('ENTRY_REVERSED', 'This entry was reversed before; it counts no more.')
  if (entry.reverses || entry.kind.endsWith('_reversed'))
    throw new BusinessError('ENTRY_REVERSED', 'This entry reverses another one; correct that.')
  const wrong = right && unsoundness(right)
  if (wrong) throw new BusinessError('INVALID_INPUT', wrong)
  const reversal = await reverse(tx, wish, entry.postings)
  if (right)
    await postEntry(tx, {
      kind: 'correction',
      reference: entryId,
      description: reason,
      postedBy: actorId,
      postings: right,
    })
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
