/** Pictures of papers are part of the copy of one's data: those themselves, of nobody else, a few at a time, and never more than memory has room for. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction, select } from '../../db/connection.ts'
import { EXPORT_SECTIONS } from '../../db/export-sections.ts'
import { receiveIdentity } from '../../db/identity-documents.ts'
import { setLegalHold } from '../../db/legal-holds.ts'
import type { ExportRecord } from '../../domain/exports.ts'
import { IDENTITY_KINDS, type IdentityKind } from '../../domain/identity-documents.ts'
import { exportFile } from '../../domain/schemas/exports.ts'
import { buildCustomer } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { askForCopy, fileOf, gatherAll } from '../support/exporting.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** What is drawn is of no matter here; that it comes back byte for byte is. */
async function send(customerId: string, kind: IdentityKind): Promise<Buffer> {
  const jpeg = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0), Buffer.from(randomUUID())])
  const picture = { jpeg, width: 800, height: 500 }
  const sent = { id: randomUUID(), customerId, kind, actorId: customerId, picture }
  await inTransaction(db, (tx) => receiveIdentity(tx, { ...sent, now: new Date() }))
  return jpeg
}

const hold = (userId: string) =>
  inTransaction(db, (tx) => setLegalHold(tx, { userId, why: 'A file', actorId: 'test' }))

async function papersOf(userId: string): Promise<ExportRecord[]> {
  const { id } = await askForCopy(db, userId)
  await gatherAll(db, id)
  const file = await fileOf(db, id)
  expect(exportFile(EXPORT_SECTIONS).parse(file)).toEqual(file)
  return file.sections.find(({ name }) => name === 'papers')?.records ?? []
}
const base64 = (jpeg: Buffer) => jpeg.toString('base64')

it('whoever sent pictures is given them as they are kept, beside what was decided, and no other’s', async () => {
  const [one, other] = [await buildCustomer(db), await buildCustomer(db)]
  const passport = await send(one, 'passport')
  const licence = await send(one, 'licence_front')
  await send(other, 'passport')
  expect(await papersOf(one)).toMatchObject([
    { kind: 'passport', status: 'received', picture: base64(passport) },
    { kind: 'licence_front', status: 'received', picture: base64(licence) },
  ])
})

it('a picture that was replaced is gone, and its paper is told of without one', async () => {
  const userId = await buildCustomer(db)
  await send(userId, 'passport')
  const now = await send(userId, 'passport')
  expect(await papersOf(userId)).toMatchObject([
    { status: 'replaced', picture: null },
    { status: 'received', picture: base64(now) },
  ])
})

it('what a hold of the law keeps is in it, the newest first, until there is no more room; what stands now always', async () => {
  const userId = await buildCustomer(db)
  await hold(userId)
  const sent: Buffer[] = []
  for (let n = 0; n < 4; n += 1) sent.push(await send(userId, 'passport'))
  expect((await papersOf(userId)).map(({ picture }) => picture)).toEqual(sent.map(base64))
  // As if each were a third of what there is room for, and the one that stands now more than all of it.
  const size = (status: string, megabytes: number) =>
    select(
      db.owner,
      "UPDATE identity_documents SET bytes = $3 WHERE user_id = $1 AND (status = 'replaced') = ($2 = 'replaced')",
      [userId, status, megabytes * 1024 * 1024],
    )
  await size('replaced', 7)
  const shown = async () => (await papersOf(userId)).map(({ picture }) => picture !== null)
  expect(await shown()).toEqual([false, true, true, true])
  await size('received', 17)
  expect(await shown()).toEqual([false, false, false, true])
})

it('they are gathered a few at a time, each batch sealed and none lost', async () => {
  const userId = await buildCustomer(db)
  await hold(userId)
  const sent = []
  for (const kind of [...IDENTITY_KINDS, ...IDENTITY_KINDS]) sent.push(await send(userId, kind))
  const { id } = await askForCopy(db, userId)
  const steps = await gatherAll(db, id)
  expect(steps.filter(({ place }) => place?.section === 'papers' && place.batch > 0)).toHaveLength(
    1,
  )
  const pieces = await select<{ sealed: Buffer }>(
    db.owner,
    "SELECT content_sealed AS sealed FROM export_pieces WHERE export_id = $1 AND section = 'papers'",
    [id],
  )
  expect(pieces).toHaveLength(2)
  for (const { sealed } of pieces)
    for (const jpeg of sent) expect(sealed.includes(base64(jpeg).slice(0, 16))).toBe(false)
  const papers = (await fileOf(db, id)).sections.find(({ name }) => name === 'papers')
  expect(papers?.records.map(({ picture }) => picture)).toEqual(sent.map(base64))
})
