/** Our books against a provider's list, on PostgreSQL: whatever is dropped, doubled or reordered comes right. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createReconciliationActivities } from '../../activities/reconciliation.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { sumOf, readAccounts } from '../../db/ledger-reads.ts'
import { readBalances } from '../../db/ledger.ts'
import { settleFromMessage } from '../../db/payment-reports.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { compareBalance } from '../../db/provider-balances.ts'
import { importLines, listLines } from '../../db/provider-lines.ts'
import { explainFinding, listOpenFindings } from '../../db/reconciliation-findings.ts'
import { findRun } from '../../db/reconciliation-runs.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import type { NewLine, RunKind, RunSummary } from '../../domain/reconciliation.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCallback,
  buildCustomer,
  buildMessage,
  buildPrompt,
  count,
  eventsOf,
  KSH_1000,
  nextPhone,
  nextReceipt,
  settle,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let books: ReturnType<typeof createReconciliationActivities>
/** The run looks back from here, so that what happened now is neither young nor at its edge. */
const now = () => new Date(Date.now() + 2 * HOUR_MS)
beforeAll(async () => {
  db = await createTestDatabase()
  books = createReconciliationActivities({ db, now })
})
afterAll(() => db.drop())

const buildLine = (over: Partial<NewLine> = {}): NewLine => ({
  source: 'pull',
  key: nextReceipt(),
  direction: 'in',
  nature: 'money',
  amount: KSH_1000,
  balance: null,
  at: new Date(),
  position: 0,
  party: 'WANJIKU',
  phone: null,
  reference: null,
  details: null,
  raw: {},
  ...over,
})
const lineOf = (prompt: Prompted, over: Partial<NewLine> = {}): NewLine =>
  buildLine({
    amount: prompt.amount,
    reference: prompt.ownerNumber.replaceAll('-', ''),
    phone: prompt.phone.slice(1),
    ...over,
  })

/** As the workflow goes through it, without its waiting. */
async function reconcile(lines: NewLine[], kind: RunKind = 'pull'): Promise<RunSummary> {
  const runId = randomUUID()
  await books.openReconciliation({ runId, kind, actorId: 'clock' })
  for (let at = 0; at < lines.length; at += 200)
    await inTransaction(db, (tx) => importLines(tx, runId, lines.slice(at, at + 200)))
  for (let round = 0; round < 20; round += 1) {
    const told = await books.compareLines(runId)
    if (told.length === 0) break
    for (const { paymentId, ...found } of told) await books.settleFromReceipt(paymentId, found)
  }
  while (await books.explainKnownReasons());
  if (lines.length > 0) await books.findMissing(runId)
  return books.finishReconciliation(runId, true)
}
const open = async () =>
  (await listOpenFindings(db, 100)).map(({ kind, subject }) => [kind, subject])
/** Closes what a test has found, so that the next begins with an empty worklist. */
const closeAll = () =>
  select(
    db,
    `UPDATE reconciliation_findings SET status = 'closed', closed_at = now(), closed_by = 'test'
     WHERE status = 'open' RETURNING id`,
  )
afterEach(closeAll)
const prompt = async (amount: Cents = KSH_1000): Promise<Prompted> =>
  buildPrompt(db, await buildBooking(db), { amount })

describe('a lost callback', () => {
  it('is made good by the list: the payment settles, once, with its receipt', async () => {
    const one = await prompt()
    const line = lineOf(one)
    expect(await reconcile([line])).toMatchObject({ status: 'clean', leftOver: 0 })
    expect(await findPayment(db, one.paymentId)).toMatchObject({
      status: 'settled',
      receipt: line.key,
    })
    expect(await reconcile([line, line])).toMatchObject({ status: 'clean' })
    const entries = "ledger_entries WHERE kind = 'payment' AND reference = $1"
    expect(await count(db, entries, [one.paymentId])).toBe(1)
  })

  it('of a payment that a query settled brings the receipt', async () => {
    const one = await prompt()
    await settle(db, one, null)
    const line = lineOf(one)
    expect(await reconcile([line])).toMatchObject({ status: 'clean' })
    expect((await findPayment(db, one.paymentId))?.receipt).toBe(line.key)
  })

  it('of a payment that we took for refused is late money', async () => {
    const one = await prompt()
    await select(db, "UPDATE payments SET status = 'refused' WHERE id = $1 RETURNING id", [
      one.paymentId,
    ])
    const runId = randomUUID()
    await books.openReconciliation({ runId, kind: 'pull', actorId: 'clock' })
    await inTransaction(db, (tx) => importLines(tx, runId, [lineOf(one)]))
    const [told] = await books.compareLines(runId)
    const { paymentId, ...found } = told ?? {
      paymentId: '',
      receipt: '',
      amount: KSH_1000,
      source: 'pull' as const,
    }
    expect(await books.settleFromReceipt(paymentId, found)).toMatchObject({
      outcome: 'settled',
      ownerOpen: false,
    })
  })

  it('is not concluded from a line so young that the callback may still come', async () => {
    const one = await prompt()
    const line = lineOf(one, { at: now() })
    expect(await reconcile([line])).toMatchObject({ status: 'clean' })
    expect((await findPayment(db, one.paymentId))?.status).toBe('prompted')
    await settle(db, one, line.key)
  })
})

describe('the worklist', () => {
  it('gets money that fits two prompts, and money that fits none; the books hold both', async () => {
    const booking = await buildBooking(db)
    const pair = [
      await buildPrompt(db, booking, { amount: KSH_1000 }),
      await buildPrompt(db, booking, { amount: KSH_1000 }),
    ]
    const [first] = pair
    const unclear = lineOf(first as Prompted, { phone: '2547 ***** 678' })
    const stray = buildLine({ reference: 'HELLO' })
    const before = await readBalances(db)
    expect(await reconcile([unclear, stray])).toMatchObject({ status: 'differences', leftOver: 2 })
    expect(await open()).toEqual(
      expect.arrayContaining([
        ['several_candidates', unclear.key],
        ['unknown_money_in', stray.key],
      ]),
    )
    const after = await readBalances(db)
    expect(after.mpesa_clearing - before.mpesa_clearing).toBe(2 * KSH_1000)
    expect(before.unexplained - after.unexplained).toBe(2 * KSH_1000)
    // The callback comes after all: the money has its owner, and the finding closes by itself.
    await settle(db, first as Prompted, unclear.key)
    await reconcile([])
    expect(await open()).toEqual([['unknown_money_in', stray.key]])
    expect((await readBalances(db)).mpesa_clearing).toBe(after.mpesa_clearing)
  })

  it('gets another amount, one receipt with two amounts, and a receipt only we know', async () => {
    const [other, twice, only] = [await prompt(), await prompt(), await prompt()]
    const [a, b, c] = [nextReceipt(), nextReceipt(), nextReceipt()]
    await settle(db, other, a)
    await settle(db, twice, b)
    await settle(db, only, c)
    await select(
      db,
      'UPDATE mpesa_receipts SET paid_at = now() WHERE receipt = ANY($1) RETURNING receipt',
      [[a, b, c]],
    )
    const lines = [
      lineOf(other, { key: a, amount: shillings(999) }),
      lineOf(twice, { key: b }),
      lineOf(twice, { key: b, amount: shillings(1) }),
    ]
    await reconcile(lines)
    expect(await open()).toEqual(
      expect.arrayContaining([
        ['amount_differs', a],
        ['told_twice', b],
        ['missing_at_provider', c],
      ]),
    )
    await reconcile([lineOf(only, { key: c })])
    expect((await open()).map(([kind]) => kind)).not.toContain('missing_at_provider')
  })

  it('gets money that left for no reason of ours; charges and transfers explain themselves', async () => {
    const before = await readBalances(db)
    const out = { direction: 'out', source: 'statement' } as const
    const [theft, charge, transfer] = [
      buildLine({ ...out, amount: shillings(700) }),
      buildLine({ ...out, nature: 'charge', amount: shillings(5) }),
      buildLine({ ...out, nature: 'transfer', amount: shillings(300) }),
    ]
    const lines = [theft, charge, transfer] as NewLine[]
    await reconcile(lines, 'statement')
    await reconcile(lines, 'statement')
    const after = await readBalances(db)
    expect(after.mpesa_charges - before.mpesa_charges).toBe(shillings(5))
    expect(after.bank - before.bank).toBe(shillings(300))
    expect(before.mpesa_clearing - after.mpesa_clearing).toBe(shillings(305))
    const [finding] = await listOpenFindings(db, 1)
    expect(finding).toMatchObject({ kind: 'unknown_money_out', subject: theft?.key })
    const explain = () =>
      inTransaction(db, (tx) =>
        explainFinding(tx, {
          findingId: finding?.id ?? '',
          reason: 'The landlord was paid from the portal',
          actorId: 'amina',
          account: 'write_offs',
        }),
      )
    await explain()
    await expect(explain()).rejects.toMatchObject({ code: 'FINDING_CLOSED' })
    expect((await readBalances(db)).write_offs - after.write_offs).toBe(shillings(700))
    expect(await reconcile(lines, 'statement')).toMatchObject({ leftOver: 0 })
    expect(sumOf(await readAccounts(db))).toBe(0)
  })
})

describe('a line of the bank', () => {
  const bankLine = (over: Partial<NewLine>) =>
    buildLine({ source: 'bank', key: randomUUID(), amount: KSH_1000, ...over })
  const announce = async (reference: string, status: string) => {
    const one = await prompt()
    await select(
      db,
      `UPDATE payments SET method = 'bank_transfer', channel = 'desk', desk_reference = $2, status = $3
       WHERE id = $1 RETURNING id`,
      [one.paymentId, reference, status],
    )
    return one.paymentId
  }

  it('belongs to the transfer that it names, or to our own from M-Pesa; the others wait', async () => {
    const runId = randomUUID()
    const [waiting, settled] = [
      await announce('FT-26325-W', 'unknown'),
      await announce('FT26325S', 'settled'),
    ]
    const lines = [
      bankLine({ reference: 'FT26325W' }),
      bankLine({ details: 'TRANSFER FT26325S WANJIKU' }),
      bankLine({ details: 'RENT', direction: 'out' }),
      bankLine({ details: 'SAFARICOM PAYBILL', amount: shillings(4_321) }),
      buildLine({
        direction: 'out',
        nature: 'transfer',
        source: 'statement',
        amount: shillings(4_321),
      }),
    ]
    await books.openReconciliation({ runId, kind: 'bank', actorId: 'amina' })
    await inTransaction(db, (tx) => importLines(tx, runId, lines))
    const [first] = lines
    const told = await books.matchBankLines(runId)
    expect(told.map(({ paymentId }) => paymentId)).toEqual([waiting])
    const { items } = await listLines(db, { runId, state: 'matched' }, 10)
    expect(items.map(({ matchedTo }) => matchedTo)).toEqual(
      expect.arrayContaining([`payment:${settled}`, expect.stringMatching(/^transfer:/)]),
    )
    expect((await open()).filter(([kind]) => kind === 'bank_line')).toHaveLength(2)
    await select(db, "UPDATE payments SET status = 'settled' WHERE id = $1 RETURNING id", [waiting])
    expect(await books.matchBankLines(runId)).toEqual([])
    await books.finishReconciliation(runId, true)
    expect((await open()).map(([, subject]) => subject)).not.toContain(first?.reference)
  })
})

describe('the lines of a bank', () => {
  const bankLine = (details: string, over: Partial<NewLine> = {}) =>
    buildLine({ source: 'bank', key: randomUUID(), amount: KSH_1000, details, ...over })
  const announce = async (reference: string, status = 'unknown') => {
    const { paymentId } = await prompt()
    await select(
      db,
      `UPDATE payments SET method = 'bank_transfer', channel = 'desk', desk_reference = $2, status = $3
       WHERE id = $1 RETURNING id`,
      [paymentId, reference, status],
    )
    return paymentId
  }
  const compare = async (lines: NewLine[]) => {
    const runId = randomUUID()
    await books.openReconciliation({ runId, kind: 'bank', actorId: 'amina' })
    await inTransaction(db, (tx) => importLines(tx, runId, lines))
    const first = await books.matchBankLines(runId)
    await books.finishReconciliation(runId, true)
    return first.map(({ paymentId }) => paymentId)
  }

  it('settle no transfer by a mere word, nor by a piece of another reference', async () => {
    await announce('DEPOSIT')
    await announce('FT2632')
    expect(await compare([bankLine('CASH DEPOSIT'), bankLine('FROM FT26329 OTIENO')])).toEqual([])
  })

  it('may be written with spaces and strokes where the transfer was announced without', async () => {
    const waiting = await announce('RSV26700001')
    expect(await compare([bankLine('TRF RSV-26-700001 AMINA')])).toEqual([waiting])
  })

  it('that wait for a person are in no transfer’s way, however many they are', async () => {
    const strangers = Array.from({ length: 200 }, (_, n) =>
      bankLine(`STRANGER ${n}`, {
        amount: shillings(50_000 + n),
        at: new Date(Date.now() - DAY_MS),
      }),
    )
    await compare(strangers)
    const waiting = await announce('FT26401XYZ')
    expect(await compare([bankLine('FT26401XYZ')])).toContain(waiting)
  })

  it('belong to a transfer that was given back meanwhile, too', async () => {
    const refunded = await announce('FT26402XYZ', 'refunded')
    const line = bankLine('FT26402XYZ')
    await compare([line])
    const matched = `provider_lines WHERE line_key = $1 AND matched_to = $2`
    expect(await count(db, matched, [line.key, `payment:${refunded}`])).toBe(1)
  })
})

describe('a refund in the statement', () => {
  it('is matched by its receipt, and found when its result never came', async () => {
    const [done, waiting] = [await prompt(), await prompt()]
    const receipts = [nextReceipt(), nextReceipt()]
    await settle(db, done, receipts[0])
    await settle(db, waiting, receipts[1])
    const back = nextReceipt()
    await select(
      db,
      `INSERT INTO refunds (id, payment_id, amount_cents, method, reason, status, receipt, requested_by)
       VALUES ($1, $1, $3, 'reversal', 'test', 'settled', $4, 'test'),
         ($2, $2, $3, 'reversal', 'test', 'sent', NULL, 'test') RETURNING id`,
      [done.paymentId, waiting.paymentId, KSH_1000, back],
    )
    const lost = nextReceipt()
    const out = { direction: 'out', source: 'statement' } as const
    await reconcile(
      [
        buildLine({ ...out, key: back }),
        buildLine({ ...out, key: lost, details: `Reversal of transaction ${receipts[1]}` }),
      ],
      'statement',
    )
    const found = (await open()).filter(([kind]) => kind !== 'missing_at_provider')
    expect(found).toEqual([['refund_unreported', lost]])
  })
})

describe('the balance', () => {
  it('counts what had moved by then, whenever we learned of it', async () => {
    const runId = randomUUID()
    await books.openReconciliation({ runId, kind: 'full', actorId: 'clock' })
    const at = new Date(Date.now() - DAY_MS)
    const one = await prompt()
    const key = nextReceipt()
    await settle(db, one, key)
    const differenceAt = (moment: Date) =>
      inTransaction(db, (tx) => compareBalance(tx, runId, 0 as Cents, moment))
    const before = await differenceAt(at)
    await inTransaction(db, (tx) =>
      importLines(tx, runId, [lineOf(one, { key, at: new Date(at.getTime() - MINUTE_MS) })]),
    )
    expect((await differenceAt(at)) - before).toBe(KSH_1000)
    const { ledger } = (await findRun(db, runId)) ?? {}
    expect(await inTransaction(db, (tx) => compareBalance(tx, runId, ledger as Cents, at))).toBe(0)
    expect((await open()).map(([kind]) => kind)).not.toContain('balance_differs')
  })
})

/** The same sequence each time the seed is the same. */
function shuffle<T>(items: T[], seed: number): T[] {
  let state = seed
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  return items
    .map((item) => ({ item, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}

describe('a thousand payments', () => {
  it('with callbacks dropped, doubled and reordered end in an empty report', async () => {
    const own = await createTestDatabase()
    const store = createReconciliationActivities({ db: own, now })
    const seed = process.pid
    try {
      const prompts = await manyPrompts(own, 1_000)
      const lines = prompts.map((one) => lineOf(one))
      const arrived = shuffle(
        prompts.flatMap((one, index) =>
          Array.from({ length: index % 3 }, () => [one, index] as const),
        ),
        seed,
      )
      for (const [one, index] of arrived) await hear(own, one, lines[index]?.key ?? '')
      const told = shuffle([...lines, ...lines.filter((_, index) => index % 5 === 0)], seed + 1)
      const began = performance.now()
      const runId = randomUUID()
      await store.openReconciliation({ runId, kind: 'pull', actorId: 'clock' })
      for (let at = 0; at < told.length; at += 200)
        await inTransaction(own, (tx) => importLines(tx, runId, told.slice(at, at + 200)))
      for (;;) {
        const found = await store.compareLines(runId)
        if (found.length === 0) break
        for (const { paymentId, ...one } of found) await store.settleFromReceipt(paymentId, one)
      }
      await store.findMissing(runId)
      const summary = await store.finishReconciliation(runId, true)
      const seconds = (performance.now() - began) / 1000
      process.stdout.write(`seed ${seed}: 1,000 lines compared in ${seconds.toFixed(1)} s\n`)
      expect(summary).toMatchObject({ status: 'clean', matched: 1_000, leftOver: 0 })
      expect(await count(own, "payments WHERE status = 'settled'")).toBe(1_000)
      expect(await count(own, "ledger_entries WHERE kind = 'payment'")).toBe(1_000)
      const total = lines.reduce((sum, { amount }) => sum + amount, 0)
      expect((await readBalances(own)).mpesa_clearing).toBe(total)
      expect(sumOf(await readAccounts(own))).toBe(0)
      const [event] = await eventsOf(own, runId)
      expect(event).toMatchObject({ type: 'reconciliation.completed', data: { left_over: 0 } })
      const listed = await listLines(own, { runId, state: 'matched' }, 60)
      expect([listed.items.length, listed.next === null]).toEqual([60, false])
    } finally {
      await own.drop()
    }
  }, 120_000)
})

/** Rows as the prompt leaves them: one booking, so that only reference, amount, phone and time can tell them apart. */
async function manyPrompts(own: TestDatabase, size: number): Promise<Prompted[]> {
  const booking = await buildBooking(own, { customerId: await buildCustomer(own) })
  const first = await buildPrompt(own, booking, { amount: shillings(10) })
  const rows = Array.from({ length: size - 1 }, (_, index) => ({
    ...first,
    paymentId: randomUUID(),
    phone: nextPhone(),
    amount: shillings(1 + (index % 50)),
  }))
  const made = rows.map((one) => ({
    ...one,
    merchantRequestId: `m-${one.paymentId}`,
    checkoutRequestId: `ws_CO_${one.paymentId}`,
  }))
  await select(
    own,
    `INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method, amount_cents, phone,
       status, requested_at, prompted_at, version, created_by, updated_by, merchant_request_id, checkout_request_id)
     SELECT t.id, 'reservation', $4, $5, $6, $7, 'rental', 'mpesa', t.amount, t.phone, 'prompted', now(), now(), 2,
       'test', 'test', 'm-' || t.id, 'ws_CO_' || t.id
     FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS t (id, amount, phone) RETURNING id`,
    [
      made.map(({ paymentId }) => paymentId),
      made.map(({ amount }) => amount),
      made.map(({ phone }) => phone),
      first.ownerId,
      first.ownerNumber,
      first.partyId,
      first.customerId,
    ],
  )
  return [first, ...made]
}

async function hear(own: TestDatabase, one: Prompted, receipt: string): Promise<void> {
  const { messageId } = await buildMessage(own, one.paymentId, buildCallback(one, { receipt }))
  await inTransaction(own, (tx) => settleFromMessage(tx, one.paymentId, messageId, new Date()))
}

it('a line is stored once, by receipt, direction and nature', async () => {
  const line = buildLine({ source: 'statement', key: 'UKLSAME001' })
  const charge = { ...line, direction: 'out', nature: 'charge' } as const
  await reconcile([line, charge, line], 'statement')
  await reconcile([line, { ...line, source: 'pull' }, charge], 'statement')
  const row = await selectOne<{ n: number }>(
    db,
    "SELECT count(*)::int AS n FROM provider_lines WHERE line_key = 'UKLSAME001'",
  )
  expect(row?.n).toBe(3)
})
