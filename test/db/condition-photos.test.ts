/** Photographs of a car's condition: sealed by the key of whoever drove it, one however often it is sent, and gone when they are. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import {
  keepConditionPhoto,
  listConditionPhotos,
  readConditionPhoto,
  type NewConditionPhoto,
} from '../../db/condition-photos.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { EXPORT_SECTIONS } from '../../db/export-sections.ts'
import { overwriteOld } from '../../db/retention.ts'
import { RETENTION_RULES } from '../../db/retention-rules.ts'
import { CONDITION_PHOTO_LIMITS } from '../../domain/condition-photos.ts'
import { exportFile } from '../../domain/schemas/exports.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildCustomer } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { askForCopy, fileOf, gatherAll } from '../support/exporting.ts'
import { ask, eraseWhole, look } from '../support/forgetting.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const jpegOf = (words: string) =>
  Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0), Buffer.from(words)])

const wish = (over: Partial<NewConditionPhoto> = {}): NewConditionPhoto => ({
  id: randomUUID(),
  of: 'rental',
  ownerId: randomUUID(),
  customerId: null,
  moment: 'pickup',
  note: null,
  takenAt: new Date(),
  actorId: 'test',
  picture: { jpeg: jpegOf(randomUUID()), width: 800, height: 600 },
  ...over,
})
const keep = (photo: NewConditionPhoto) => inTransaction(db, (tx) => keepConditionPhoto(tx, photo))

const sealedOf = async (id: string): Promise<Buffer | null> =>
  (
    await selectOne<{ sealed: Buffer | null }>(
      db.owner,
      'SELECT picture_sealed AS sealed FROM condition_photos WHERE id = $1',
      [id],
    )
  )?.sealed ?? null

describe('a photograph of a car', () => {
  it('comes back byte for byte, and stands nowhere as it is', async () => {
    const customerId = await buildCustomer(db)
    for (const photo of [wish({ customerId }), wish({ of: 'damage', moment: 'report' })]) {
      expect(await keep(photo)).toBe(true)
      expect(await readConditionPhoto(db, photo.id)).toEqual(photo.picture.jpeg)
      expect(
        (await sealedOf(photo.id))?.includes(Buffer.from(photo.picture.jpeg.subarray(4))),
      ).toBe(false)
    }
  })

  it('is one, however often it is sent, and never another thing’s', async () => {
    const photo = wish()
    expect([await keep(photo), await keep({ ...photo, note: 'again' })]).toEqual([true, false])
    expect(await listConditionPhotos(db, 'rental', photo.ownerId)).toMatchObject([
      { id: photo.id, note: null, hasPicture: true },
    ])
    await expect(keep({ ...photo, ownerId: randomUUID() })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('stands in the order in which it was taken, not sent', async () => {
    const ownerId = randomUUID()
    const [later, first] = [new Date(), new Date(Date.now() - DAY_MS)]
    await keep(wish({ ownerId, moment: 'return', takenAt: later }))
    await keep(wish({ ownerId, takenAt: first }))
    const found = await listConditionPhotos(db, 'rental', ownerId)
    expect(found.map(({ moment }) => moment)).toEqual(['pickup', 'return'])
  })

  it('is refused where there are enough', async () => {
    const ownerId = randomUUID()
    for (let n = 0; n < CONDITION_PHOTO_LIMITS.each; n += 1) await keep(wish({ ownerId }))
    await expect(keep(wish({ ownerId }))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await keep(wish({ ownerId, of: 'damage', moment: 'report' }))).toBe(true)
  })

  it('cannot be read beside another row', async () => {
    const [one, other] = [wish(), wish()]
    await keep(one)
    await keep(other)
    await select(
      db.owner,
      `UPDATE condition_photos SET picture_sealed = (SELECT picture_sealed FROM condition_photos WHERE id = $2) WHERE id = $1`,
      [one.id, other.id],
    )
    await expect(readConditionPhoto(db, one.id)).rejects.toThrow()
  })
})

describe('whoever drove', () => {
  it('is given the photographs with the copy of their data, and nobody else’s', async () => {
    const customerId = await buildCustomer(db)
    const own = wish({ customerId, note: 'left door' })
    await keep(own)
    await keep(wish())
    const { id } = await askForCopy(db, customerId)
    await gatherAll(db, id)
    const file = await fileOf(db, id)
    expect(exportFile(EXPORT_SECTIONS).parse(file)).toEqual(file)
    expect(file.sections.find(({ name }) => name === 'condition_photos')?.records).toMatchObject([
      {
        moment: 'pickup',
        note: 'left door',
        picture: Buffer.from(own.picture.jpeg).toString('base64'),
      },
    ])
  })

  it('is forgotten with the photographs; that there was one stays', async () => {
    const customerId = await buildCustomer(db)
    const own = wish({ customerId, note: 'Zawadi at the wheel' })
    await keep(own)
    const { id } = await ask(db, customerId)
    await look(db, id)
    await eraseWhole(db, id)
    expect(await readConditionPhoto(db, own.id)).toBeNull()
    expect(await listConditionPhotos(db, 'rental', own.ownerId)).toMatchObject([
      { note: null, hasPicture: false },
    ])
  })
})

it('a photograph goes when its time is over, and a younger one stays', async () => {
  const rule = RETENTION_RULES.find(({ table }) => table === 'condition_photos')
  if (!rule) throw new Error('photographs are kept for ever')
  const old = wish({ takenAt: new Date(Date.now() - 10 * DAY_MS) })
  const young = wish()
  await keep(old)
  await keep(young)
  await overwriteOld(db, rule, new Date(Date.now() - DAY_MS))
  expect([await sealedOf(old.id), await readConditionPhoto(db, young.id)]).toEqual([
    null,
    young.picture.jpeg,
  ])
})
