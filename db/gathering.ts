/** Gathering what is known of somebody, one batch of one kind at a time; what is gathered lies sealed until the files are written. */
import type {
  ExportPlace,
  ExportRecord,
  ExportStep,
  ExportValue,
  FieldType,
  Fields,
} from '../domain/exports.ts'
import {
  emailForOwner,
  phoneForOwner,
  toldForOwner,
  wordsForOwner,
  type OwnContacts,
} from '../domain/masking-others.ts'
import { cents, toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { phoneFor } from './erasing.ts'
import type { ExportSection, Owner, ReadRow } from './export-section.ts'
import { EXPORT_SECTIONS } from './export-sections.ts'
import { lockExport, noteExport, type Export } from './exports.ts'
import { SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'
import { protect, revealAll, type Value } from './subject-keys.ts'

/** Rows of one transaction. */
export const GATHERED_AT_ONCE = 200

export async function findOwner(on: Database | Tx, userId: string): Promise<Owner | null> {
  const row = await selectOne<SealedPhone & { email: string | null; verified: boolean }>(
    on,
    `SELECT ${SEALED_PHONE}, u.email, u.phone_verified AS verified FROM users u WHERE u.id = $1 AND u.erased_at IS NULL`,
    [userId],
  )
  if (!row) return null
  const { email, verified, phone } = withPhone(on, userId, row)
  return { userId, email, phone, proven: verified ? phone : null }
}

type Batch = { records: ExportRecord[]; after: string | null }

/** The next rows after this key; `after` is null behind the last. */
export async function readSection(
  tx: Tx,
  { sql, open, fields, atOnce = GATHERED_AT_ONCE }: ExportSection,
  owner: Owner,
  after: string,
  rowsAtOnce = GATHERED_AT_ONCE,
): Promise<Batch> {
  const most = Math.min(rowsAtOnce, atOnce)
  const bind = [owner.userId, ...phoneFor(tx, sql, owner.proven), after, most + 1]
  const rows = await select<ReadRow & { key: string }>(
    tx,
    `SELECT * FROM (${sql}) AS found WHERE key COLLATE "C" > $${bind.length - 1}::text
     ORDER BY key COLLATE "C" LIMIT $${bind.length}::int`,
    bind,
  )
  const some = rows.slice(0, most)
  const opened = open ? await open(tx, some, owner) : some
  return {
    records: opened.map((row) => toRecord(fields, row, owner)),
    after: rows.length > most ? (some.at(-1)?.key ?? null) : null,
  }
}

const toRecord = (fields: Fields, row: ReadRow, own: OwnContacts): ExportRecord =>
  Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, valueOf(type, row[name], own)]),
  )

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
/** As PostgreSQL told it: words, or a number. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const FORMS: Record<FieldType, (value: unknown, own: OwnContacts) => ExportValue> = {
  time: (value) => toNairobiIso(value as Date),
  money: (value) => toDecimal(cents(Number(value))),
  number: Number,
  flag: (value) => value === true,
  code: textOf,
  day: textOf,
  phone: (value, own) => phoneForOwner(own, textOf(value)),
  email: (value, own) => emailForOwner(own, textOf(value)),
  words: (value, own) => wordsForOwner(own, textOf(value)),
  list: (value, own) => listOf(value).map((one) => wordsForOwner(own, textOf(one))),
  told: (value, own) => toldForOwner(own, value) as object,
  picture: textOf,
}

const valueOf = (type: FieldType, value: unknown, own: OwnContacts): ExportValue =>
  value === null || value === undefined ? null : FORMS[type](value, own)

const pieceOf = (one: Export, section: string, batch: number): Value => ({
  subjectId: one.userId,
  table: 'export_pieces',
  column: 'content_sealed',
  row: `${one.id} ${section} ${batch}`,
})

async function keepPiece(
  tx: Tx,
  one: Export,
  { section, batch }: ExportPlace,
  records: ExportRecord[],
) {
  const text = JSON.stringify(records)
  const sealed = await protect(tx, pieceOf(one, section, batch), text)
  await select(
    tx,
    `INSERT INTO export_pieces (export_id, section, batch, user_id, content_sealed) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (export_id, section, batch) DO UPDATE SET content_sealed = excluded.content_sealed`,
    [one.id, section, batch, one.userId, sealed],
  )
}

const FIRST: ExportPlace = { section: EXPORT_SECTIONS[0]?.name ?? '', after: '', batch: 0 }

/** A section that a release has taken away since begins all anew; what is there already is written over. */
const sectionAt = (place: ExportPlace): number =>
  EXPORT_SECTIONS.findIndex(({ name }) => name === place.section)

function nextPlace(place: ExportPlace, after: string | null): ExportPlace | null {
  if (after !== null) return { ...place, after, batch: place.batch + 1 }
  const next = EXPORT_SECTIONS[sectionAt(place) + 1]
  return next ? { section: next.name, after: '', batch: 0 } : null
}

async function begin(tx: Tx, one: Export): Promise<void> {
  await select(tx, "UPDATE exports SET status = 'gathering' WHERE id = $1", [one.id])
  await noteExport(tx, 'export.begun', { one, actor: 'gari' })
}

/** One batch; a repeat of it writes the same piece again. Stopped meanwhile, it gathers nothing. */
export async function gatherSome(
  tx: Tx,
  id: string,
  from: ExportPlace | null,
  most = GATHERED_AT_ONCE,
): Promise<ExportStep> {
  const one = await lockExport(tx, id)
  const sections = EXPORT_SECTIONS.length
  const owner = await findOwner(tx, one.userId)
  if ((one.status !== 'waiting' && one.status !== 'gathering') || !owner)
    return { status: one.status, place: null, done: one.sectionsDone, sections }
  if (one.status === 'waiting') await begin(tx, one)
  const place = from && sectionAt(from) >= 0 ? from : FIRST
  const section = EXPORT_SECTIONS[sectionAt(place)]
  if (!section) throw new Error('an export has no section')
  const { records, after } = await readSection(tx, section, owner, place.after, most)
  if (records.length > 0) await keepPiece(tx, one, place, records)
  const done = sectionAt(place) + (after === null ? 1 : 0)
  await select(tx, 'UPDATE exports SET sections_done = $2 WHERE id = $1', [id, done])
  return { status: 'gathering', place: nextPlace(place, after), done, sections }
}

type Piece = { section: string; batch: number; sealed: Buffer }

/** All that was gathered, in the order of the sections; a section of which there is nothing is there, and empty. */
export async function readGathered(on: Database | Tx, one: Export) {
  const pieces = await select<Piece>(
    on,
    `SELECT section, batch, content_sealed AS sealed FROM export_pieces WHERE export_id = $1 ORDER BY section, batch`,
    [one.id],
  )
  const texts = await revealAll(
    on,
    pieces.map(({ section, batch, sealed }) => ({ place: pieceOf(one, section, batch), sealed })),
  )
  const records = new Map<string, ExportRecord[]>()
  for (const [index, { section }] of pieces.entries()) {
    const some = JSON.parse(texts[index] ?? '[]') as ExportRecord[]
    records.set(section, [...(records.get(section) ?? []), ...some])
  }
  return EXPORT_SECTIONS.map((section) => ({ section, records: records.get(section.name) ?? [] }))
}
