/** Phones of payments are sealed beside a release that knows nothing of it: neither asks a phone twice, and nothing is left open in the end. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { connectDatabase, inTransaction, select, selectOne } from '../../db/connection.ts'
import { PAYMENTS } from '../../db/erasing-money.ts'
import { overwrite } from '../../db/erasing.ts'
import { listForFinance } from '../../db/finance-reads.ts'
import { beat } from '../../db/heartbeats.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { findPromptOf } from '../../db/paybill-prompts.ts'
import { listPayments } from '../../db/payment-lists.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { openPayment, refusePayment } from '../../db/payments.ts'
import { emptyOpenPhones, sealOpenPhones } from '../../db/sealing-payer-phones.ts'
import { shillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import {
  buildBooking,
  buildPaymentInput,
  buildPrompt,
  count,
  KSH_1000,
  nextPhone,
  NOW,
  settle,
} from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
/** A release from before may be at work. */
beforeEach(() =>
  select(db.owner, "INSERT INTO read_by_older_release VALUES ('payments') ON CONFLICT DO NOTHING"),
)

const wish = async (over: Partial<PaymentInput> = {}) =>
  buildPaymentInput(await buildBooking(db), { amount: KSH_1000, ...over })
const open = (input: PaymentInput, on = db as typeof db | ReturnType<typeof connectDatabase>) =>
  inTransaction(on, (tx) => openPayment(tx, input, NOW))
const opened = async (over: Partial<PaymentInput> = {}) => {
  const input = await wish(over)
  expect(await open(input)).toEqual({ outcome: 'opened' })
  return input
}
/** As the release before writes one. */
async function openBefore(over: Partial<PaymentInput> = {}) {
  const input = await wish(over)
  await select(
    db,
    `INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method, amount_cents, phone,
       status, requested_at, version, created_by, updated_by)
     VALUES ($1, 'reservation', $2, $3, $4, $5, 'rental', 'mpesa', $6, $7, 'requested', $8, 1, 'x', 'x') RETURNING id`,
    [
      input.paymentId,
      input.ownerId,
      input.ownerNumber,
      input.partyId,
      input.customerId,
      input.amount,
      input.phone,
      NOW,
    ],
  )
  return input
}
type Kept = { open: string | null; sealed: boolean; found: boolean }
const kept = (id: string) =>
  selectOne<Kept>(
    db,
    `SELECT phone AS open, phone_sealed IS NOT NULL AS sealed, phone_index IS NOT NULL AS found FROM payments WHERE id = $1`,
    [id],
  )
const phoneOf = async (id: string) => (await findPayment(db, id))?.phone
const sealAll = async () => {
  while (await sealOpenPhones(db, 'payments'));
}
const emptyAll = async () => {
  await sealAll()
  while (await emptyOpenPhones(db, 'payments'));
}
const refuse = (id: string, code: string) =>
  inTransaction(db, (tx) => refusePayment(tx, id, reasonFor(code)))
const PUSH_OPEN = { outcome: 'refused', reason: { code: 'PUSH_OPEN' } }

describe('beside the release before', () => {
  it('a phone is sealed, and written as that one reads it', async () => {
    const { paymentId, phone } = await opened()
    expect(await kept(paymentId)).toEqual({ open: phone, sealed: true, found: true })
    expect(await phoneOf(paymentId)).toBe(phone)
  })

  it('what that one writes is read at once, and sealed', async () => {
    const { paymentId, phone, ownerId } = await openBefore()
    expect(await phoneOf(paymentId)).toBe(phone)
    await sealAll()
    expect(await kept(paymentId)).toEqual({ open: phone, sealed: true, found: true })
    expect(await phoneOf(paymentId)).toBe(phone)
    const { items } = await listPayments(db, { ownerId, limit: 5 })
    expect(items.map((one) => one.phone)).toEqual([phone])
  })

  it('neither asks a phone that the other is asking', async () => {
    const theirs = await openBefore()
    expect(await open(await wish({ phone: theirs.phone }))).toMatchObject(PUSH_OPEN)
    const ours = await opened()
    await expect(openBefore({ phone: ours.phone })).rejects.toThrow()
  })

  it('what that one forgets is forgotten sealed as well, and is no phone to seal', async () => {
    const prompt = await buildPrompt(db, await buildBooking(db), { amount: KSH_1000 })
    await settle(db, prompt)
    await select(db, "UPDATE payments SET phone = '' WHERE id = $1", [prompt.paymentId])
    expect(await phoneOf(prompt.paymentId)).toBeNull()
    await sealAll()
    expect(await kept(prompt.paymentId)).toEqual({ open: '', sealed: false, found: false })
  })

  it('sealing changes nothing that a restore would look at', async () => {
    const { paymentId } = await openBefore()
    const at = 'SELECT updated_at AS at, version FROM payments WHERE id = $1'
    const before = await selectOne(db, at, [paymentId])
    await emptyAll()
    expect(await selectOne(db, at, [paymentId])).toEqual(before)
  })
})

describe('once the release before is gone', () => {
  beforeEach(emptyAll)

  it('nothing stands open, nothing is written so, and every phone is read', async () => {
    const before = await openBefore()
    await emptyAll()
    const { paymentId, phone } = await opened()
    expect(await count(db, 'payments WHERE phone IS NOT NULL')).toBe(0)
    expect(await phoneOf(before.paymentId)).toBe(before.phone)
    expect(await phoneOf(paymentId)).toBe(phone)
    expect(
      await count(
        db,
        "audit_entries WHERE entity_id = 'payments' AND action = 'personal_columns.emptied'",
      ),
    ).toBeGreaterThan(0)
  })

  it('what is not sealed yet is not lost', async () => {
    const { paymentId, phone } = await openBefore({ amount: shillings(7) })
    while (await emptyOpenPhones(db, 'payments'));
    expect(await kept(paymentId)).toEqual({ open: phone, sealed: false, found: false })
    expect(await phoneOf(paymentId)).toBe(phone)
  })

  it('a phone is asked once at a time, also when two ask it at once', async () => {
    const { phone } = await opened()
    expect(await open(await wish({ phone }))).toMatchObject(PUSH_OPEN)
    const other = nextPhone()
    const both = await Promise.all(
      [await wish({ phone: other }), await wish({ phone: other })].map((one) => open(one)),
    )
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['opened', 'refused'])
  })

  it('a phone rests after what M-Pesa said of it, and after the same amount', async () => {
    const first = await opened()
    await refuse(first.paymentId, '1001')
    expect(await open(await wish({ phone: first.phone, amount: shillings(7) }))).toMatchObject({
      outcome: 'refused',
      reason: { code: '1001' },
    })
    const paid = await buildPrompt(db, await buildBooking(db), { amount: KSH_1000 })
    await settle(db, paid)
    expect(await open(await wish({ phone: paid.phone }))).toMatchObject({
      outcome: 'refused',
      reason: { code: '17' },
    })
  })

  it('money that is reported without its payment is known by its phone', async () => {
    const { paymentId, phone } = await opened()
    const told = (payer: string) =>
      inTransaction(db, (tx) =>
        findPromptOf(tx, {
          money: {
            receipt: 'X',
            amount: KSH_1000,
            heardFrom: 'confirmation',
            payer,
            payerName: null,
            reference: null,
            paidAt: NOW,
          },
          owner: null,
        }),
      )
    expect(await told(phone.slice(1))).toEqual({ id: paymentId, open: true })
    expect(await told(nextPhone().slice(1))).toBeNull()
  })

  it('finance finds it by the whole phone, and by no part of it', async () => {
    const { paymentId, phone } = await opened()
    const look = async (text: string) =>
      (await listForFinance(db, { statuses: null, text }, 5)).items.map(({ id }) => id)
    expect(await look(phone.replace('+254', '0'))).toEqual([paymentId])
    expect(await look(phone.slice(-6))).toEqual([])
  })

  it('whoever is asked has a phone', async () => {
    const { paymentId } = await opened()
    await expect(
      select(db, 'UPDATE payments SET phone_sealed = NULL WHERE id = $1 RETURNING id', [paymentId]),
    ).rejects.toThrow()
  })
})

it('no statement more is made: a phone is sealed by a key that came along', async () => {
  const input = await wish()
  const asked: string[] = []
  const log = (sql: string) => void asked.push(sql)
  const own = connectDatabase({
    url: db.url,
    pool: 1,
    applicationName: 'gari-tests',
    vault: testVault,
    log,
  })
  try {
    await open(input, own)
  } finally {
    await own.close()
  }
  expect(await kept(input.paymentId)).toMatchObject({ sealed: true })
  expect(asked.some((sql) => sql.includes('INTO payments'))).toBe(true)
  expect(asked.filter((sql) => /(?:INTO|FROM) subject_keys (?!k\b)/.test(sql))).toEqual([])
})

describe('who is forgotten', () => {
  const NOBODY = randomUUID()
  const forget = (userId: string, phone: string | null) =>
    inTransaction(db, async (tx) => {
      for (const part of PAYMENTS) await overwrite(tx, part, { userId, phone })
    })
  const paid = async () => {
    const prompt = await buildPrompt(db, await buildBooking(db), { amount: KSH_1000 })
    await settle(db, prompt)
    return prompt
  }

  it('is found by their proven phone in what they paid for others, when it is over', async () => {
    await emptyAll()
    const over = await paid()
    const standing = await opened()
    await forget(NOBODY, over.phone)
    await forget(NOBODY, standing.phone)
    expect(await kept(over.paymentId)).toEqual({ open: null, sealed: false, found: false })
    expect(await phoneOf(over.paymentId)).toBeNull()
    expect(await phoneOf(standing.paymentId)).toBe(standing.phone)
  })

  it('takes along what the release before still shows', async () => {
    const { customerId, paymentId } = await paid()
    await forget(customerId, null)
    expect(await kept(paymentId)).toEqual({ open: '', sealed: false, found: false })
    await emptyAll()
    expect(await kept(paymentId)).toEqual({ open: null, sealed: false, found: false })
  })

  it('leaves nothing to read in a backup, once their key is destroyed', async () => {
    await emptyAll()
    const { customerId, paymentId } = await paid()
    await select(db, 'DELETE FROM subject_keys WHERE subject_id = $1', [customerId])
    expect(await phoneOf(paymentId)).toBeNull()
  })
})

describe('the migration', () => {
  const NAME = '0110-sealed-payment-phones'
  const again = async () => {
    await select(db.owner, 'DELETE FROM migrations WHERE name = $1', [NAME])
    await select(db.owner, 'DELETE FROM read_by_older_release')
    return migrateDatabase(db.migrationUrl, MIGRATIONS, testVault)
  }

  it('seals what it finds, and leaves it to a release before that was ever at work', async () => {
    const { paymentId, phone } = await openBefore()
    expect(await again()).toEqual([NAME])
    expect(await kept(paymentId)).toEqual({ open: phone, sealed: true, found: true })
    expect(await count(db, 'read_by_older_release')).toBe(0)
    await inTransaction(db, (tx) =>
      beat(tx, { part: 'business', instance: 'a', version: '0.1.0', detail: null }),
    )
    await again()
    expect(await count(db, 'read_by_older_release')).toBe(1)
  })
})
