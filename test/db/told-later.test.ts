/** What a provider tells of somebody once they are forgotten names nobody after the night. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { beginWitness, listUnwritten } from '../../db/audit-witness.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { importLines } from '../../db/provider-lines.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { emptyOpenPayersPhones, sealOpenPayersPhones } from '../../db/sealing-payer-phones.ts'
import { forgetToldLater, toldLater, toldSince } from '../../db/told-later.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildBankLine } from '../support/bank.ts'
import { buildBooking, buildPaid, KSH_1000, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ask, buildKnown, eraseWhole, look, PLANTED, searchDump } from '../support/forgetting.ts'

const STRANGERS_PHONE = '+254733977777'
const STRANGER = '733977777'
const later = new Date(NOW.getTime() + DAY_MS)

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  const known = await buildKnown(db)
  const { id } = await ask(db, known.userId)
  await look(db, id)
  await eraseWhole(db, id)
  await select(db, 'UPDATE erasure_letters SET address = NULL, sent_at = now()')
  const { paymentId } = await buildPaid(db, await buildBooking(db), KSH_1000)
  await select(db, 'UPDATE payments SET phone = $2 WHERE id = $1', [paymentId, STRANGERS_PHONE])
  await sealOpenPayersPhones(db)
  await emptyOpenPayersPhones(db)
  await beginWitness(db.owner)
})
afterAll(() => db.drop())

type Paid = { id: string; receipt: string }
const BY = "p.channel = 'prompt' AND p.phone_index IS NOT DISTINCT FROM $1::bytea"
/** Null for one that is forgotten. */
const paidBy = async (phone: string | null): Promise<Paid[]> =>
  select(
    db,
    `SELECT id, receipt FROM payments p WHERE ${BY} AND receipt IS NOT NULL
     UNION SELECT m.payment_id, m.receipt FROM mpesa_receipts m JOIN payments p ON p.id = m.payment_id WHERE ${BY}`,
    [phone && phoneIndex(db, phone)],
  )

/** The hourly list, which has each payment with its whole row; and the report a second time. */
async function tellAgain(paid: Paid[], phone: string, name: string): Promise<void> {
  const runId = randomUUID()
  const lines = paid.map(({ receipt }) =>
    buildBankLine({
      source: 'pull',
      key: receipt,
      party: name,
      phone,
      details: `Pay Bill from ${phone} - ${name}`,
      raw: { msisdn: phone },
    }),
  )
  await inTransaction(db, async (tx) => {
    await openRun(tx, { runId, kind: 'pull', from: NOW, to: NOW, actorId: 'amina' })
    await importLines(tx, runId, lines)
  })
  await select(
    db,
    "UPDATE provider_lines SET state = 'matched', matched_to = 'x', decided_at = now() WHERE run_id = $1",
    [runId],
  )
  for (const { id: subjectId } of paid) {
    const body = { phone, name }
    await storeMessage(db, { kind: 'stk_callback', subjectId, body, sourceIp: null })
  }
}

describe('what is told of somebody who is forgotten', () => {
  it('stands until a story has read it, and then names nobody; of others it stays', async () => {
    const gone = await paidBy(null)
    expect(gone.length).toBeGreaterThan(0)
    await tellAgain(gone, '254733912345', 'ZAWADI MWAKITELE')
    await tellAgain(await paidBy(STRANGERS_PHONE), STRANGERS_PHONE, 'WAMBUI')

    const told = (await searchDump(db, PLANTED)).filter((one) => !one.startsWith('invoices: '))
    expect(new Set(told.map((one) => one.split(':')[0]))).toEqual(
      new Set(['provider_lines', 'provider_messages']),
    )
    await forgetToldLater(db, later)
    expect(await searchDump(db, ['zawadi', '733912345'])).toEqual([
      'invoices: zawadi',
      'provider_messages: zawadi',
      'provider_messages: 733912345',
    ])

    await select(db, 'UPDATE provider_messages SET delivered_at = now() WHERE delivered_at IS NULL')
    expect(await forgetToldLater(db, later)).toBeGreaterThan(0)
    expect(await searchDump(db, ['zawadi', '733912345'])).toEqual(['invoices: zawadi'])
    expect(await searchDump(db, ['wambui', STRANGER])).toEqual([
      'provider_lines: wambui',
      'provider_lines: 733977777',
      'provider_messages: wambui',
      'provider_messages: 733977777',
    ])
    expect(await forgetToldLater(db, later)).toBe(0)
  })

  it('is looked for among what was read lately, and once a month among all', async () => {
    const [paid] = await paidBy(null)
    if (!paid) throw new Error('nothing was paid')
    const body = { name: 'ZAWADI' }
    await storeMessage(db, { kind: 'stk_callback', subjectId: paid.id, body, sourceIp: null })
    const days = (n: number) => new Date(later.getTime() - n * DAY_MS)
    await select(
      db,
      'UPDATE provider_messages SET delivered_at = $2 WHERE subject_id = $1 AND body_sealed IS NOT NULL RETURNING id',
      [paid.id, days(60)],
    )
    expect(await forgetToldLater(db, later, toldSince('2026-11-02', later))).toBe(0)
    expect(await forgetToldLater(db, later, days(70))).toBe(1)
    expect(toldSince('2026-11-01', later)).toBeNull()
  })

  it('is found without reading all that was ever told', async () => {
    await select(
      db,
      `INSERT INTO provider_messages (kind, subject_id, body_sealed, body_hash, delivered_at)
       SELECT 'stk_callback', gen_random_uuid(), decode(repeat('00', 200), 'hex'), n::text::bytea, now() - interval '1 year'
       FROM generate_series(1, 20000) n`,
    )
    await select(db.owner, 'VACUUM ANALYZE provider_messages')
    const [rule] = toldLater(toldSince('2026-11-02', new Date())).filter(
      ({ table }) => table === 'provider_messages',
    )
    const plan = await inTransaction(db, async (tx) => {
      // As where so many are forgotten that nobody goes through them one by one.
      await select(tx, 'SET LOCAL enable_nestloop = off')
      const find = `SELECT m.id FROM ${rule?.rows} WHERE ${rule?.at} < now() AND ${rule?.naming}`
      return select(tx, `EXPLAIN ${find}`)
    })
    expect(JSON.stringify(plan)).not.toContain('Seq Scan on provider_messages')
  })

  it('leaves an entry', async () => {
    expect(await listUnwritten(db.owner)).toEqual([])
  })
})
