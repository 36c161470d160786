/** The books as they are read and corrected: nothing is changed, everything sums to zero at every moment. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import {
  agreeToCorrection,
  declineCorrection,
  postCorrection,
  type Correction,
} from '../../db/ledger-corrections.ts'
import { findEntry, listEntries, listPostings, readAccounts, sumOf } from '../../db/ledger-reads.ts'
import { postEntry, readBalances } from '../../db/ledger.ts'
import { openRefund } from '../../db/refunds.ts'
import { ACCOUNTS, type Account, type Posting } from '../../domain/ledger.ts'
import { unsoundness } from '../../domain/ledger-pages.ts'
import { cents, negate, shillings, type Cents } from '../../domain/money.ts'
import { buildBooking, buildPaid, count, KSH_1000, type Prompted } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const between = (from: Account, to: Account, amount: Cents, subject: string | null = null) => [
  { account: to, amount, subject },
  { account: from, amount: negate(amount), subject },
]

async function post(postings: Posting[], kind = 'test'): Promise<string> {
  const reference = randomUUID()
  await inTransaction(db, (tx) =>
    postEntry(tx, { kind, reference, postings, description: 'as tested' }),
  )
  const row = await selectOne<{ id: string }>(
    db,
    'SELECT id FROM ledger_entries WHERE reference = $1',
    [reference],
  )
  return row?.id ?? ''
}
const ask = (over: Partial<Correction> & { entryId: string }) =>
  inTransaction(db, (tx) =>
    postCorrection(tx, { reason: 'the wrong account', actorId: 'amina', right: null, ...over }),
  )
const agree = (entryId: string, actorId = 'baraka') =>
  inTransaction(db, (tx) => agreeToCorrection(tx, { entryId, actorId }))
/** With the second person's yes where one is needed. */
async function correct(over: Partial<Correction> & { entryId: string }): Promise<string> {
  const answer = await ask(over)
  return answer.outcome === 'posted' ? answer.reversal : agree(over.entryId)
}
const wish = { subject: '', from: null, to: null, cursor: null }

describe('an account', () => {
  it('shows what stood in it after each posting, page by page, for all and for one owner', async () => {
    const mine = randomUUID()
    for (let n = 1; n <= 7; n += 1)
      await post(between('customer_credit', 'cash_tills', shillings(n), n % 2 ? mine : null))
    const seen: [number, number][] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listPostings>> = await listPostings(
        db,
        { ...wish, account: 'cash_tills', cursor },
        3,
      )
      seen.push(...page.items.map(({ amount, running }): [number, number] => [amount, running]))
      cursor = page.next
    } while (cursor)
    expect(seen.map(([amount]) => amount / 100)).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(seen.map(([, running]) => running / 100)).toEqual([28, 21, 15, 10, 6, 3, 1])
    const { items } = await listPostings(db, { ...wish, account: 'cash_tills', subject: mine }, 10)
    expect(items.map(({ running }) => running / 100)).toEqual([16, 9, 4, 1])
  })

  it('shows a period with the balances that stood then', async () => {
    const { items } = await listPostings(
      db,
      { ...wish, account: 'cash_tills', from: new Date(Date.now() + 60_000) },
      10,
    )
    expect(items).toEqual([])
  })
})

describe('balances', () => {
  it('at a moment leave out what came later, and sum to zero', async () => {
    await post(between('rental_revenue', 'bank', shillings(5)))
    const row = await selectOne<{ at: Date }>(db, 'SELECT clock_timestamp() AS at')
    await post(between('rental_revenue', 'bank', shillings(7)))
    const bankOf = async (at: Date | null) =>
      (await readAccounts(db, at)).find(({ account }) => account === 'bank')?.balance
    expect([await bankOf(row?.at ?? null), await bankOf(null)]).toEqual([
      shillings(5),
      shillings(12),
    ])
    expect(sumOf(await readAccounts(db, row?.at ?? null))).toBe(0)
    expect(await readAccounts(db)).toHaveLength(ACCOUNTS.length)
  })
})

describe('a correction', () => {
  it('turns the entry round, posts the right one and says who and why', async () => {
    const before = await readBalances(db)
    const wrong = await post(between('customer_credit', 'bank', shillings(900)))
    const right = between('customer_credit', 'card_clearing', shillings(900))
    const reversal = await correct({ entryId: wrong, right })
    const after = await readBalances(db)
    expect(after.bank).toBe(before.bank)
    expect(after.card_clearing - before.card_clearing).toBe(shillings(900))
    expect((await findEntry(db, wrong))?.reversedBy).toBe(reversal)
    expect(await findEntry(db, reversal)).toMatchObject({ reverses: wrong, postedBy: 'amina' })
    const told =
      "audit_entries WHERE entity_id = $1 AND actor = 'amina' AND why = 'the wrong account'"
    expect(await count(db, told, [wrong])).toBe(1)
  })

  it('happens once, also when two people press at the same moment, and not to a reversal', async () => {
    const wrong = await post(between('customer_credit', 'bank', shillings(3)))
    const tries = await Promise.allSettled([1, 2, 3].map(() => correct({ entryId: wrong })))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const reversal = (await findEntry(db, wrong))?.reversedBy ?? ''
    await expect(correct({ entryId: reversal })).rejects.toMatchObject({ code: 'ENTRY_REVERSED' })
  })

  it('that makes credit waits for somebody else than whoever asked, and is posted as it was asked', async () => {
    const friend = randomUUID()
    const wrong = await post(between('customer_deposits', 'bank', shillings(900)))
    const right = [
      { account: 'bank' as const, amount: shillings(900), subject: null },
      { account: 'customer_credit' as const, amount: shillings(-900), subject: friend },
    ]
    for (const _click of [1, 2])
      expect(await ask({ entryId: wrong, right })).toEqual({ outcome: 'waiting' })
    await expect(agree(wrong, 'amina')).rejects.toMatchObject({ code: 'SECOND_PERSON' })
    await expect(ask({ entryId: wrong, actorId: 'chris' })).rejects.toMatchObject({
      code: 'SECOND_PERSON',
    })
    expect((await findEntry(db, wrong))?.reversedBy).toBeNull()
    const reversal = await agree(wrong)
    expect(await findEntry(db, reversal)).toMatchObject({ reverses: wrong, postedBy: 'amina' })
    const credited = "ledger_postings WHERE account = 'customer_credit' AND subject = $1"
    expect(await count(db, credited, [friend])).toBe(1)
    await expect(agree(wrong)).rejects.toMatchObject({ code: 'ENTRY_REVERSED' })
    const told = "audit_entries WHERE entity_id = $1 AND action = 'ledger.correction_agreed'"
    expect(await count(db, `${told} AND actor = 'baraka'`, [wrong])).toBe(1)
  })

  it('that was declined leaves everything as it was, and may be asked for again', async () => {
    const wrong = await post(between('customer_credit', 'bank', shillings(9)))
    expect(await ask({ entryId: wrong })).toEqual({ outcome: 'waiting' })
    expect(await count(db, "finance_cases WHERE subject = $1 AND status = 'open'", [wrong])).toBe(1)
    await inTransaction(db, (tx) => declineCorrection(tx, { entryId: wrong, actorId: 'baraka' }))
    expect((await findEntry(db, wrong))?.reversedBy).toBeNull()
    expect(await count(db, "finance_cases WHERE subject = $1 AND status = 'open'", [wrong])).toBe(0)
    await expect(agree(wrong)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await ask({ entryId: wrong, actorId: 'chris' })).toEqual({ outcome: 'waiting' })
  })

  it('between other accounts needs one person', async () => {
    const wrong = await post(between('rental_revenue', 'bank', shillings(9)))
    expect(await ask({ entryId: wrong })).toMatchObject({ outcome: 'posted' })
  })

  it('refuses what does not balance, and then nothing is turned round', async () => {
    const wrong = await post(between('customer_credit', 'bank', shillings(3)))
    const right = [
      { account: 'bank' as const, amount: cents(100) },
      { account: 'customer_credit' as const, amount: cents(-99) },
    ]
    await expect(correct({ entryId: wrong, right })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect((await findEntry(db, wrong))?.reversedBy).toBeNull()
  })

  it('changes nothing that stands: no update, no delete, not by hand either', async () => {
    const id = await post(between('customer_credit', 'bank', shillings(3)))
    for (const sql of [
      'UPDATE ledger_entries SET description = $1 WHERE id = $1::uuid RETURNING id',
      'UPDATE ledger_postings SET subject = $1 WHERE entry_id = $1::uuid RETURNING id',
      'DELETE FROM ledger_postings WHERE entry_id = $1::uuid RETURNING id',
    ])
      await expect(select(db.owner, sql, [id])).rejects.toThrow()
  })

  it('of anything leaves the trial balance at zero', async () => {
    const account = fc.constantFrom(...ACCOUNTS)
    const entry = fc.tuple(account, account, fc.integer({ min: 1, max: 10 ** 9 }))
    await fc.assert(
      fc.asyncProperty(entry, fc.boolean(), async ([from, to, amount], corrected) => {
        const before = await readBalances(db)
        const id = await post(between(from, to, cents(amount)))
        if (corrected) {
          await correct({ entryId: id })
          expect(await readBalances(db)).toEqual(before)
        }
        expect(sumOf(await readAccounts(db))).toBe(0)
      }),
      { numRuns: 20 },
    )
  })
})

it('entries are listed newest first without losing one', async () => {
  const kind = 'listed'
  const ids: string[] = []
  for (let n = 0; n < 5; n += 1)
    ids.unshift(await post(between('bank', 'cash_tills', shillings(1)), kind))
  const first = await listEntries(db, { kind, reference: '', cursor: null }, 3)
  const rest = await listEntries(db, { kind, reference: '', cursor: first.next }, 3)
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids)
  expect(rest.next).toBeNull()
})

it('an entry needs two lines with amounts that sum to zero', () => {
  expect(unsoundness(between('bank', 'cash_tills', shillings(1)))).toBeNull()
  expect(unsoundness([])).not.toBeNull()
  expect(unsoundness(between('bank', 'cash_tills', cents(0)))).not.toBeNull()
})

describe('a payment whose entry was corrected', () => {
  const give = async (right: (paid: Prompted) => Posting[]) => {
    const paid = await buildPaid(db, await buildBooking(db), KSH_1000)
    const kind = { kind: 'payment', reference: paid.paymentId, cursor: null }
    const [entry] = (await listEntries(db, kind, 1)).items
    await correct({ entryId: entry?.id ?? '', right: right(paid) })
    const { paymentId } = paid
    const wish = { refundId: paymentId, paymentId, reason: 'ended', actorId: 'clock' }
    const policy = { approvalAbove: shillings(20_000), now: new Date() }
    return inTransaction(db, (tx) => openRefund(tx, wish, policy))
  }

  it('to somebody else’s credit cannot go back as well', async () => {
    const friend = randomUUID()
    const plan = await give(() => [
      { account: 'mpesa_clearing', amount: KSH_1000 },
      { account: 'customer_credit', amount: negate(KSH_1000), subject: friend },
    ])
    expect(plan).toMatchObject({ outcome: 'blocked' })
  })

  it('and is still its owner’s goes back', async () => {
    const plan = await give(({ ownerId }) => [
      { account: 'bank', amount: KSH_1000 },
      { account: 'customer_deposits', amount: negate(KSH_1000), subject: ownerId },
    ])
    expect(plan).toMatchObject({ outcome: 'ready' })
  })
})
