/** All that we hold about somebody, copied for them: nothing of the register is forgotten, and nothing of anybody else is told. */
import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createUser } from '../../db/accounts.ts'
import { beginWitness, listUnwritten } from '../../db/audit-witness.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { changeCustomer } from '../../db/customer-writes.ts'
import { fetchExportFile, keepExportFiles } from '../../db/export-files.ts'
import { COLUMNS_NOT_EXPORTED, EXPORT_SECTIONS, NOT_EXPORTED } from '../../db/export-sections.ts'
import { endExport, findExport, markExportStarted, type Export } from '../../db/exports.ts'
import { sweepTables } from '../../db/housekeeping.ts'
import { setLegalHold } from '../../db/legal-holds.ts'
import { adjustPoints } from '../../db/loyalty.ts'
import { PERSONAL_COLUMNS } from '../../db/personal-columns.ts'
import { toPaper } from '../../domain/export-paper.ts'
import { FIELD_WORDS } from '../../domain/export-words.ts'
import { REGISTER } from '../../domain/retention.ts'
import { exportFile } from '../../domain/schemas/exports.ts'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import { buildBooking, buildCustomer, buildParty, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  askForCopy,
  CONTROLLER,
  fileOf,
  gather,
  gatherAll,
  gatheredOf,
} from '../support/exporting.ts'
import { ask, buildKnown, eraseWhole, look, PLANTED, type Known } from '../support/forgetting.ts'

let db: TestDatabase
let known: Known
beforeAll(async () => {
  db = await createTestDatabase()
  known = await buildKnown(db)
  await chooseAndCollect(known.userId)
  await beginWitness(db.owner)
})
afterAll(() => db.drop())

/** What people say, show and collect beside their bookings. */
async function chooseAndCollect(userId: string): Promise<void> {
  const rows = [
    `INSERT INTO marketing_choices (user_id, channel, given, wording, language, place, chosen_by)
     VALUES ($1, 'sms', true, 1, 'sw', 'account', 'x')`,
    `INSERT INTO identity_documents (id, user_id, kind, received_at, received_by, width, height, bytes)
     VALUES (gen_random_uuid(), $1, 'passport', now(), 'x', 1, 1, 1)`,
    `INSERT INTO loyalty_entries (customer_id, kind, points, source, rule, reason, made_by, expires_at)
     VALUES ($1, 'adjusted', 40, 'test', 'v1', 'For the goats', 'x', now() + interval '1 year')`,
    `INSERT INTO customer_ratings (customer_id, level, score, rule, facts, reasons, by_hand, set_by, why, expires_at)
     VALUES ($1, 'high', 48, 'v1', '{"unpaid": 1}', '[{"code": "unpaid", "count": 1, "points": -12}]', true, 'x',
       'Two lost keys', now() + interval '1 month')`,
    `INSERT INTO rating_reviews (id, customer_id, rating_id, words, answer, answered_by, answered_at)
     VALUES (gen_random_uuid(), $1, gen_random_uuid(), 'I brought both', 'So you did', 'x', now())`,
  ]
  for (const row of rows) await select(db, row, [userId])
}

const sectionsOf = (table: string) => EXPORT_SECTIONS.filter(({ tables }) => tables.includes(table))

describe('the sections', () => {
  const registered: string[] = Object.values(REGISTER).flatMap(({ tables }) => [...tables])

  it('hold something of every table of the register, or it is said why not', () => {
    const exported = EXPORT_SECTIONS.flatMap(({ tables }) => tables)
    const told = [...new Set(exported), ...Object.keys(NOT_EXPORTED)]
    expect(told.toSorted()).toEqual(registered.toSorted())
  })

  it('hold every column that says something of somebody, or it is said why not', () => {
    const missing = [...PERSONAL_COLUMNS.keys()].filter((name) => {
      const [table = '', column = ''] = name.split('.')
      if (!registered.includes(table) || table in NOT_EXPORTED) return false
      const reads = new RegExp(`\\b${column}\\b`)
      return !sectionsOf(table).some(
        ({ sql, opens = [] }) => opens.includes(name) || reads.test(sql),
      )
    })
    expect(missing.toSorted()).toEqual(Object.keys(COLUMNS_NOT_EXPORTED))
  })

  it('name what they hold by the kind that the register has it under, each once', () => {
    const names = EXPORT_SECTIONS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { kind, tables, name } of EXPORT_SECTIONS) {
      const of: readonly string[] = REGISTER[kind].tables
      expect({ name, others: tables.filter((table) => !of.includes(table)) }).toEqual({
        name,
        others: [],
      })
    }
  })

  it('have words for each of their fields', () => {
    const fields = new Set(EXPORT_SECTIONS.flatMap((section) => Object.keys(section.fields)))
    expect(Object.keys(FIELD_WORDS).toSorted()).toEqual([...fields].toSorted())
  })
})

/** Known by us, and told to whoever asks about themselves; the rest was planted to be found by an erasure only. */
const OWN_WORDS = [
  'zawadi',
  'mwakitele',
  '+254733912345',
  'plot 77 nyali',
  'goats',
  'two lost keys',
  'unpaid 1: -12',
  'i brought both',
  'so you did',
  'nokia of hers',
]

describe('somebody of whom every table knows something', () => {
  let text: string

  it('is given all of it, in the form that is promised', async () => {
    const one = await askForCopy(db, known.userId)
    await gatherAll(db, one.id)
    const file = await fileOf(db, one.id)
    expect(exportFile(EXPORT_SECTIONS).parse(file)).toEqual(file)
    text = JSON.stringify(file).toLowerCase()
    for (const word of OWN_WORDS) expect(text).toContain(word)
    const empty = file.sections.filter(({ records }) => records.length === 0)
    expect(empty.map(({ name }) => name)).toEqual([
      'roles',
      'companies',
      'condition_photos',
      'late_offers',
      'rentals',
      'rental_charges',
      'rental_refunds',
      'refunds_by_hand',
      'credit',
      'invoice_payments',
      'credit_notes',
      'receipts',
      'mailed_documents',
      'questions',
      'money_given',
      'alarms',
      'erasures',
      'erasure_letters',
      'legal_holds',
    ])
    const paper = toPaper(await gatheredOf(db, one.id), {
      controller: CONTROLLER,
      madeAt: new Date(),
      language: 'sw',
    })
    const printed = JSON.stringify(paper)
    expect(printed).toContain('Zawadi Mwakitele')
    expect(printed).toMatch(/KSh \d/)
    expect(printed).not.toMatch(/undefined|\[object/)
    await inTransaction(db, (tx) =>
      keepExportFiles(
        tx,
        one.id,
        { json: Buffer.from('{}'), pdf: Buffer.from('%PDF') },
        new Date(),
      ),
    )
  })

  it('is not given the phone of a friend, whom they had typed', () => {
    const friends = PLANTED.filter((word) => word === '733954321')
    expect(friends).toHaveLength(1)
    for (const digits of friends) expect(text).not.toContain(digits)
    expect(text).toContain('0733 *** 321')
  })
})

it('tells of points and of holds, and not why somebody of the house holds', async () => {
  const customerId = await buildCustomer(db)
  const hold = { userId: customerId, why: 'A secret file of a court', actorId: 'test' }
  const points = {
    id: randomUUID(),
    customerId,
    points: 77,
    reason: 'The car was late',
    actorId: 'test',
  }
  await inTransaction(db, async (tx) => {
    await setLegalHold(tx, hold)
    await adjustPoints(tx, points)
  })
  const one = await askForCopy(db, customerId)
  await gatherAll(db, one.id)
  const file = await fileOf(db, one.id)
  const entries = file.sections.find(({ name }) => name === 'entries')?.records
  expect(entries).toContainEqual(expect.objectContaining({ what: 'legal_hold.set', why: null }))
  expect(entries).toContainEqual(
    expect.objectContaining({ what: 'loyalty.adjusted', why: 'The car was late' }),
  )
  expect(JSON.stringify(file)).not.toContain('secret file')
})

/** Of nobody else in this database. */
const phone = () => `+25479${randomInt(1_000_000, 9_999_999)}`

describe('whatever else is known of others', () => {
  it('stands in nobody’s copy: no phone, no e-mail, no licence', async () => {
    const people = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const contact = { phone: phone(), email: `${randomUUID()}@example.com` }
        const { userId } = await inTransaction(db, (tx) =>
          createUser(tx, {
            kind: 'customer',
            passwordHash: null,
            firstName: 'Achieng',
            lastName: 'Owuor',
            phoneVerified: true,
            ...contact,
          }),
        )
        const licence = `ZQ${randomUUID().slice(0, 8).toUpperCase()}`
        const changes = {
          licence: { number: licence, country: 'Kenya', state: '', expiresOn: null },
        }
        await inTransaction(db, (tx) =>
          changeCustomer(tx, userId, { changes, version: null, actorId: known.userId }),
        )
        return { userId, licence, ...contact }
      }),
    )
    // Everybody books with everybody, and writes of everybody in what is typed freely.
    for (const one of people) {
      const others = people.filter(({ userId }) => userId !== one.userId)
      const words = others
        .flatMap((other) => [other.phone, other.phone.replace('+254', '0'), other.email])
        .join(' or ')
      const parties = people.map((who) => buildParty({ phone: who.phone, name: 'Friend' }))
      await buildBooking(db, { customerId: one.userId, parties, specialRequests: words })
      await select(db, "UPDATE customers SET notes = 'Ask ' || $2 WHERE user_id = $1", [
        one.userId,
        words,
      ])
    }
    const told: string[] = []
    for (const one of people) {
      const wish = await askForCopy(db, one.userId)
      await gatherAll(db, wish.id)
      const text = JSON.stringify(await gatheredOf(db, wish.id))
      for (const own of [one.phone, one.email, one.licence]) expect(text).toContain(own)
      const shares = (await fileOf(db, wish.id)).sections.find(
        ({ name }) => name === 'booking_shares',
      )
      // Five of their own, and one in each of the four others’.
      expect(shares?.records).toHaveLength(9)
      const others = people.filter(({ userId }) => userId !== one.userId)
      for (const other of others)
        for (const secret of [other.phone.slice(-9), other.email, other.licence])
          if (text.includes(secret)) told.push(`${one.email} is told ${secret}`)
    }
    expect(told).toEqual([])
  })
})

describe('a copy', () => {
  const files = { json: Buffer.from('{"a":"Ũ"}'), pdf: Buffer.from([37, 80, 68, 70, 0, 255]) }
  const make = async (userId: string, now = new Date()): Promise<Export> => {
    const { id } = await askForCopy(db, userId, now)
    await gatherAll(db, id)
    await inTransaction(db, (tx) => keepExportFiles(tx, id, files, now))
    return (await findExport(db, id)) as Export
  }
  const fetched = (one: Export, format: 'json' | 'pdf', now = new Date()) =>
    inTransaction(db, (tx) => fetchExportFile(tx, one, format, now))
  const kept = (table: string, { id }: Export) => count(db, `${table} WHERE export_id = $1`, [id])

  it('is made once at a time, and three times within a day', async () => {
    const userId = await buildCustomer(db)
    const first = await askForCopy(db, userId)
    expect((await askForCopy(db, userId)).id).toBe(first.id)
    const now = new Date()
    await gatherAll(db, first.id)
    await inTransaction(db, (tx) => keepExportFiles(tx, first.id, files, now))
    await make(userId)
    await make(userId)
    await expect(askForCopy(db, userId)).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      details: { retry_after: expect.any(Number) },
    })
    const tomorrow = new Date(Date.now() + DAY_MS)
    expect((await askForCopy(db, userId, tomorrow)).status).toBe('waiting')
  })

  it('lies there once: the one before goes', async () => {
    const userId = await buildCustomer(db)
    const [one, other] = [await make(userId), await make(userId)]
    expect(await findExport(db, one.id)).toMatchObject({ status: 'expired' })
    expect(await fetched(one, 'json')).toBeNull()
    expect(await kept('export_files', one)).toBe(0)
    expect(await fetched(other, 'json')).toEqual(files.json)
    expect(await fetched(other, 'pdf')).toEqual(files.pdf)
    expect(
      await count(db, "audit_entries WHERE action = 'export.fetched' AND actor = $1", [userId]),
    ).toBe(2)
  })

  it('says nothing to who has the tables alone', async () => {
    const { userId } = known
    const { id } = await askForCopy(db, userId, new Date(Date.now() + 2 * DAY_MS))
    await gatherAll(db, id)
    const [piece] = await select<{ text: string }>(
      db.owner,
      "SELECT string_agg(encode(content_sealed, 'escape'), '') AS text FROM export_pieces WHERE export_id = $1",
      [id],
    )
    expect(piece?.text.length).toBeGreaterThan(100)
    expect(piece?.text).not.toMatch(/Zawadi|733912345/)
  })

  it('is gathered in batches of any size alike, and a batch that is done twice counts once', async () => {
    const one = await askForCopy(db, known.userId, new Date(Date.now() + 4 * DAY_MS))
    await gatherAll(db, one.id)
    const whole = await gatheredOf(db, one.id)
    const audited = ({ section }: { section: { name: string } }) => section.name !== 'entries'
    const steps = await gatherAll(db, one.id, 1)
    expect(steps.length).toBeGreaterThan(EXPORT_SECTIONS.length)
    expect(steps.at(-1)).toMatchObject({ place: null, done: EXPORT_SECTIONS.length })
    const middle = steps.find(({ place }) => place !== null && place.batch > 0)?.place ?? null
    expect(middle).not.toBeNull()
    await gather(db, one.id, middle, 1)
    expect((await gatheredOf(db, one.id)).filter(audited)).toEqual(whole.filter(audited))
  })

  it('carries no more than a time and an id from batch to batch', async () => {
    const one = await askForCopy(db, known.userId, new Date(Date.now() + 4 * DAY_MS))
    for (const { place } of await gatherAll(db, one.id, 1))
      expect(place?.after ?? '').toMatch(
        /^(?:[\d a-f-]*|app|paper|passkey [\da-f-]+|\d+ U\w+|[a-z]+)$/,
      )
  })

  it('goes when its time is over, at the latest with the hourly sweep', async () => {
    const userId = await buildCustomer(db)
    const one = await make(userId)
    const later = new Date((one.expiresAt?.getTime() ?? 0) + 1)
    expect(await fetched(one, 'pdf', later)).toBeNull()
    await inTransaction(db, (tx) => endExport(tx, one.id))
    await inTransaction(db, (tx) => endExport(tx, one.id))
    expect(await findExport(db, one.id)).toMatchObject({ status: 'expired' })
    expect(await kept('export_files', one)).toBe(0)
    const left = await make(userId)
    await sweepTables(db, new Date((left.expiresAt?.getTime() ?? 0) + 1))
    expect(await kept('export_files', left)).toBe(0)
  })

  it('whose story is lost is stopped after a day, and another may be asked for', async () => {
    const [lostOwner, slowOwner] = [await buildCustomer(db), await buildCustomer(db)]
    const [lost, slow] = [await askForCopy(db, lostOwner), await askForCopy(db, slowOwner)]
    await gather(db, lost.id, null)
    for (const { id } of [lost, slow]) await markExportStarted(db, id)
    const soon = new Date(Date.now() + DAY_MS - MINUTE_MS)
    await sweepTables(db, soon)
    expect(await findExport(db, lost.id)).toMatchObject({ status: 'gathering' })
    const tomorrow = new Date(Date.now() + DAY_MS + MINUTE_MS)
    const waiting = await askForCopy(db, await buildCustomer(db))
    await sweepTables(db, tomorrow)
    expect(await findExport(db, lost.id)).toMatchObject({ status: 'stopped' })
    expect(await findExport(db, slow.id)).toMatchObject({ status: 'stopped' })
    // Nobody has begun it: its story is started as soon as there is somebody to do so.
    expect(await findExport(db, waiting.id)).toMatchObject({ status: 'waiting' })
    expect(await kept('export_pieces', lost)).toBe(0)
    const again = await askForCopy(db, lostOwner, tomorrow)
    expect(again).toMatchObject({ status: 'waiting' })
    expect(again.id).not.toBe(lost.id)
  })

  it('has every change of its row in the audit', async () => {
    expect(await listUnwritten(db.owner)).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ what: 'exports' })]),
    )
  })
})

describe('whoever is forgotten', () => {
  it('has no copy lying here any more, and none is made', async () => {
    const userId = await buildCustomer(db)
    const wish = await askForCopy(db, userId)
    const step = await gather(db, wish.id, null)
    const erasure = await ask(db, userId)
    await look(db, erasure.id)
    expect(await findExport(db, wish.id)).toMatchObject({ status: 'stopped' })
    expect(await gather(db, wish.id, step.place)).toMatchObject({ status: 'stopped', place: null })
    const none = { json: Buffer.from('{}'), pdf: Buffer.from('') }
    const status = await inTransaction(db, (tx) => keepExportFiles(tx, wish.id, none, new Date()))
    expect(status).toBe('stopped')
    await eraseWhole(db, erasure.id)
    for (const table of ['export_pieces', 'export_files'])
      expect(await count(db, `${table} WHERE user_id = $1`, [userId])).toBe(0)
    await expect(askForCopy(db, userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
