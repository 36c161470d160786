/** Slips, transfers and cards must show on the bank's own list; what does not is found without anybody looking. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createReconciliationActivities } from '../../activities/reconciliation.ts'
import { settleTransfer } from '../../db/bank-transfers.ts'
import { inTransaction } from '../../db/connection.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { readBalances } from '../../db/ledger.ts'
import { importLines } from '../../db/provider-lines.ts'
import { listOpenFindings } from '../../db/reconciliation-findings.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { recordTerminalTotal } from '../../db/terminal-totals.ts'
import { depositToBank } from '../../db/tills.ts'
import { dayOf } from '../../domain/day-close.ts'
import { shillings, subtract } from '../../domain/money.ts'
import type { NewLine } from '../../domain/reconciliation.ts'
import type { Tender } from '../../domain/tenders.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildBooking, buildCustomer, buildTender, buildTill, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let clerkId: string
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** A comparison so many days from now, after the bank told these lines. */
async function compare(days: number, lines: Partial<NewLine>[] = []) {
  const at = new Date(NOW.getTime() + days * DAY_MS)
  const books = createReconciliationActivities({ db, now: () => at })
  const runId = randomUUID()
  await inTransaction(db, async (tx) => {
    await openRun(tx, { runId, kind: 'bank', from: NOW, to: at, actorId: 'amina' })
    await importLines(
      tx,
      runId,
      lines.map((line): NewLine => ({
        source: 'bank',
        key: randomUUID(),
        direction: 'in',
        nature: 'money',
        amount: shillings(1),
        balance: null,
        at: new Date(NOW.getTime() + DAY_MS),
        position: 0,
        party: null,
        phone: null,
        reference: null,
        details: null,
        raw: {},
        ...line,
      })),
    )
  })
  expect(await books.matchBankLines(runId)).toEqual([])
  await books.finishReconciliation(runId, true)
  return (await listOpenFindings(db, 50)).map(({ kind, subject }) => [kind, subject])
}

async function take(tender: Tender, amount = shillings(3_000)) {
  const input = buildTender(await buildBooking(db), { actorId: clerkId, amount, tender })
  await inTransaction(db, (tx) => takePayment(tx, input, NOW))
  return input
}

describe('money that we say is at the bank', () => {
  it('is a finding when three days have passed and no line shows it', async () => {
    const till = await buildTill(db, shillings(10_000))
    clerkId = till.clerkId
    await inTransaction(db, (tx) =>
      depositToBank(tx, {
        id: randomUUID(),
        sessionId: till.sessionId,
        amount: shillings(9_000),
        reference: 'MADEUP1',
        actorId: clerkId,
      }),
    )
    const { paymentId } = await take({ method: 'bank_transfer', reference: 'FT26325X' })
    const by = { by: 'hand' as const, actorId: 'finance', reference: 'FT26325X' }
    await inTransaction(db, (tx) => settleTransfer(tx, paymentId, by, NOW))
    await take({ method: 'credit_card', terminal: 'T1', slip: 'MADEUP' })
    expect(await compare(2)).toEqual([])
    expect(new Set(await compare(4))).toEqual(
      new Set([
        ['deposit_missing', 'MADEUP1'],
        ['transfer_missing', 'FT26325X'],
        ['card_missing', 'T1'],
      ]),
    )
  })

  it('is none any more when the bank’s list shows it, and cards leave what was on its way', async () => {
    const finance = await buildCustomer(db)
    const read = { day: dayOf(NOW), terminal: 'T1', total: shillings(3_000), actorId: finance }
    await inTransaction(db, (tx) => recordTerminalTotal(tx, read))
    const before = await readBalances(db)
    const left = await compare(4, [
      { amount: shillings(9_000), reference: 'MADEUP1', details: 'CASH DEPOSIT' },
      { amount: shillings(3_000), details: 'TRANSFER FT26325X' },
      { amount: shillings(2_940), details: 'MERCHANT SETTLEMENT VISA' },
    ])
    expect(left).toEqual([])
    const after = await readBalances(db)
    expect(after.card_clearing).toBe(0)
    expect(subtract(after.bank_charges, before.bank_charges)).toBe(shillings(60))
    expect(subtract(after.bank, before.bank)).toBe(shillings(2_940))
  })

  it('is never explained by a line of less than a commission’s difference, nor by one twice', async () => {
    await take({ method: 'debit_card', terminal: 'T2', slip: '1' })
    const lines = [{ amount: shillings(2_000), details: 'CARD SETTLEMENT' }]
    const left = await compare(4, [...lines, { amount: shillings(9_000), reference: 'MADEUP1' }])
    expect(left.map(([kind]) => kind).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'bank_line',
      'bank_line',
      'card_missing',
    ])
  })
})

describe('a card terminal’s day', () => {
  const card = (terminal: string, amount: number) =>
    take({ method: 'credit_card', terminal, slip: randomUUID().slice(0, 8) }, shillings(amount))
  const paidOut = (amount: number, details = 'CARD SETTLEMENT') => ({
    amount: shillings(amount),
    details,
  })
  /** Those of these terminals whose money the bank has not shown. */
  const missing = async (terminals: string[], lines: Partial<NewLine>[]) => {
    const left = await compare(4, lines)
    return terminals.filter((one) =>
      left.some(([kind, at]) => kind === 'card_missing' && at === one),
    )
  }

  it('is not paid out by a line of more than it took', async () => {
    expect(await missing(['T2'], [paidOut(3_010)])).toEqual(['T2'])
  })

  it('is paid out by a line that fits no other one', async () => {
    await card('T3', 5_000)
    await card('T4', 5_000)
    expect(await missing(['T3', 'T4'], [paidOut(5_000)])).toEqual(['T3', 'T4'])
  })

  it('of exactly the amount comes before one of nearly that', async () => {
    await card('T5', 7_000)
    await card('T6', 7_100)
    expect(await missing(['T5', 'T6'], [paidOut(7_000)])).toEqual(['T6'])
  })

  it('is never paid out by words of other money, or twice', async () => {
    await card('T7', 8_000)
    const other = [paidOut(8_000, 'EFT OTIENO')]
    expect(await missing(['T7'], other)).toEqual(['T7'])
    const before = await readBalances(db)
    expect(await missing(['T7'], [paidOut(8_000), paidOut(8_000)])).toEqual([])
    const after = await readBalances(db)
    expect(subtract(after.bank, before.bank)).toBe(shillings(8_000))
  })

  it('is what its own report says, and that the latest', async () => {
    const finance = await buildCustomer(db)
    await card('T8', 6_000)
    const read = { day: dayOf(NOW), terminal: 'T8', actorId: finance }
    for (const total of [9_400, 9_200])
      await inTransaction(db, (tx) => recordTerminalTotal(tx, { ...read, total: shillings(total) }))
    const before = await readBalances(db)
    expect(await missing(['T8'], [paidOut(9_200)])).toEqual([])
    const after = await readBalances(db)
    expect(subtract(after.bank_charges, before.bank_charges)).toBe(0)
  })
})
