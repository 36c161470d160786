/** What somebody allowed, showed and collected: what an export holds. */
import { IDENTITY_KINDS } from '../domain/identity-documents.ts'
import type { Tx } from './connection.ts'
import { keyed, type ExportSection, type ReadRow } from './export-section.ts'
import { readConditionPhoto } from './condition-photos.ts'
import { readPicture } from './identity-pictures.ts'

/** A copy is held in memory whole while it is written. */
const MOST_BYTES = 16 * 1024 * 1024
/** What stands now always, which is one of each kind; of what was replaced and is kept by a hold of the law, the newest that fit. */
const SHOWN = `(d.status <> 'replaced' OR sum(CASE WHEN EXISTS (SELECT FROM identity_pictures p WHERE p.document_id = d.id)
  THEN d.bytes ELSE 0 END) OVER (ORDER BY d.status = 'replaced', d.received_at DESC, d.id DESC) <= ${MOST_BYTES})`

type Read = (on: Tx, id: string) => Promise<Buffer | null>

/** One after the other: each is opened from its seal. */
async function showPictures(on: Tx, rows: ReadRow[], read: Read): Promise<ReadRow[]> {
  const shown: ReadRow[] = []
  for (const row of rows) {
    const jpeg = row['shown'] === true ? await read(on, String(row['document'])) : null
    shown.push({ ...row, picture: jpeg?.toString('base64') ?? null })
  }
  return shown
}

export const EXPORTED_CHOICES: readonly ExportSection[] = [
  {
    name: 'choices',
    title: ['What you said to offers and news', 'Ulichosema kuhusu ofa na habari'],
    kind: 'marketing',
    tables: ['marketing_choices'],
    fields: {
      channel: 'code',
      agreed: 'flag',
      wording: 'number',
      language: 'code',
      place: 'code',
      chosen_at: 'time',
    },
    sql: `SELECT ${keyed('m.chosen_at', 'm.id')}, m.channel, m.given AS agreed, m.wording, m.language, m.place, m.chosen_at
      FROM marketing_choices m WHERE m.user_id = $1::uuid`,
  },
  {
    name: 'papers',
    title: ['Pictures of your id and licence', 'Picha za kitambulisho na leseni yako'],
    kind: 'identity',
    tables: ['identity_documents', 'identity_pictures'],
    fields: {
      kind: 'code',
      status: 'code',
      sent_at: 'time',
      decided_at: 'time',
      reason: 'code',
      valid_until: 'day',
      picture: 'picture',
    },
    atOnce: IDENTITY_KINDS.length,
    opens: ['identity_pictures.picture_sealed'],
    open: (on, rows) => showPictures(on, rows, readPicture),
    sql: `SELECT ${keyed('d.received_at', 'd.id')}, d.kind, d.status, d.received_at AS sent_at, d.decided_at, d.refusal AS reason,
        d.valid_until::text AS valid_until, d.id AS document, ${SHOWN} AS shown FROM identity_documents d WHERE d.user_id = $1::uuid`,
  },
  {
    name: 'condition_photos',
    title: ['Photographs of cars that you drove', 'Picha za magari uliyoendesha'],
    kind: 'condition',
    tables: ['condition_photos'],
    fields: { moment: 'code', note: 'words', taken_at: 'time', picture: 'picture' },
    atOnce: IDENTITY_KINDS.length,
    opens: ['condition_photos.picture_sealed'],
    open: (on, rows) => showPictures(on, rows, readConditionPhoto),
    sql: `SELECT ${keyed('p.taken_at', 'p.id')}, p.moment, p.note, p.taken_at, p.id AS document,
        p.picture_sealed IS NOT NULL AND sum(p.bytes) OVER (ORDER BY p.taken_at DESC, p.id DESC) <= ${MOST_BYTES} AS shown
      FROM condition_photos p WHERE p.subject_id = $1::uuid`,
  },
  {
    name: 'points',
    title: ['Your points', 'Pointi zako'],
    kind: 'books',
    tables: ['loyalty_entries'],
    fields: {
      kind: 'code',
      points: 'number',
      booking: 'code',
      why: 'words',
      at: 'time',
      expires_at: 'time',
    },
    sql: `SELECT ${keyed('e.created_at', 'e.id')}, e.kind, e.points, r.number AS booking, e.reason AS why, e.created_at AS at, e.expires_at
      FROM loyalty_entries e LEFT JOIN reservations r ON r.id = e.reservation_id WHERE e.customer_id = $1::uuid`,
  },
  {
    name: 'ratings',
    title: ['Your risk level and credit score', 'Kiwango chako cha hatari na alama za mkopo'],
    kind: 'ratings',
    tables: ['customer_ratings'],
    fields: {
      risk_level: 'code',
      credit_score: 'number',
      rule: 'code',
      reasons: 'words',
      facts: 'words',
      by_hand: 'flag',
      why: 'words',
      at: 'time',
      expires_at: 'time',
    },
    sql: `SELECT ${keyed('e.created_at', 'e.id')}, e.level AS risk_level, e.score AS credit_score, e.rule,
        (SELECT string_agg(concat(o ->> 'code', ' ', o ->> 'count', ': ', o ->> 'points'), ', ') FROM jsonb_array_elements(e.reasons) o) AS reasons,
        (SELECT string_agg(concat(f.key, ' ', f.value), ', ') FROM jsonb_each_text(e.facts) f) AS facts,
        e.by_hand, e.why, e.created_at AS at, e.expires_at FROM customer_ratings e WHERE e.customer_id = $1::uuid`,
  },
  {
    name: 'rating_reviews',
    title: ['What you asked us to look at', 'Ulichotuomba tukiangalie'],
    kind: 'ratings',
    tables: ['rating_reviews'],
    fields: { words: 'words', asked_at: 'time', answer: 'words', answered_at: 'time' },
    sql: `SELECT ${keyed('v.asked_at', 'v.id')}, v.words, v.asked_at, v.answer, v.answered_at
      FROM rating_reviews v WHERE v.customer_id = $1::uuid`,
  },
]
