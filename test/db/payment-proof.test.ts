/** What Safaricom says about the receipt of a doubtful report decides it; another amount waits for finance. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { readBalances } from '../../db/ledger.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { readClaimedReceipt } from '../../db/payment-claims.ts'
import { settleFromMessage } from '../../db/payment-reports.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { shillings, toDecimal, type Cents } from '../../domain/money.ts'
import {
  buildBooking,
  buildCallback,
  buildCustomer,
  buildMessage,
  buildPrompt,
  count,
  nextReceipt,
  NOW,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const ASKED = shillings(4_000)

/** A payment whose report claimed a shilling less than was asked for. */
async function buildDoubtful() {
  const booking = await buildBooking(db, { customerId })
  const prompt = await buildPrompt(db, booking, { amount: ASKED })
  const receipt = nextReceipt()
  const { messageId } = await buildMessage(
    db,
    prompt.paymentId,
    buildCallback(prompt, { amount: 3_999, receipt }),
  )
  const decision = await settle(prompt, messageId)
  expect(decision).toMatchObject({ outcome: 'undecided', disputed: true })
  return { prompt, receipt }
}

const settle = ({ paymentId }: Prompted, messageId: string) =>
  inTransaction(db, (tx) => settleFromMessage(tx, paymentId, messageId, NOW))

type Said = { code?: string; status?: string; amount?: Cents }

/** Transaction Status as Daraja reports it, with its values as strings and a key twice. */
async function answer(prompt: Prompted, receipt: string, said: Said) {
  const { code = '0', status = 'Completed', amount = ASKED } = said
  const values = [
    ['DebitPartyName', '254712345678 - JANE'],
    ['DebitPartyName', 'x'],
    ['ReceiptNo', receipt],
    ['TransactionStatus', status],
    ['Amount', toDecimal(amount)],
  ]
  const body = {
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: 'as tested',
      OriginatorConversationID: 'o-1',
      ConversationID: 'AG_1',
      TransactionID: 'UKL0000000',
      ...(code === '0' && {
        ResultParameters: {
          ResultParameter: values.map(([Key, Value]) => ({ Key, Value })),
        },
      }),
    },
  }
  const message = {
    kind: 'status_result',
    subjectId: prompt.paymentId,
    body,
    sourceIp: null,
  } as const
  const { messageId } = await storeMessage(db, message)
  return settle(prompt, messageId)
}

describe('a doubtful payment', () => {
  it('is settled when M-Pesa says that exactly this was paid, once', async () => {
    const { prompt, receipt } = await buildDoubtful()
    expect(await readClaimedReceipt(db, prompt.paymentId)).toBe(receipt)
    const before = await readBalances(db)
    const settled = { outcome: 'settled', amount: ASKED, ownerOpen: true }
    expect(await answer(prompt, receipt, {})).toEqual(settled)
    expect(await answer(prompt, receipt, { status: 'completed' })).toEqual(settled)
    const after = await readBalances(db)
    expect(after.mpesa_clearing - before.mpesa_clearing).toBe(ASKED)
    expect(await findPayment(db, prompt.paymentId)).toMatchObject({ status: 'settled', receipt })
  })

  it('of another amount ends as it was asked for, and its money waits for finance', async () => {
    const { prompt, receipt } = await buildDoubtful()
    const before = await readBalances(db)
    const amount = shillings(3_999)
    const decided = await answer(prompt, receipt, { amount })
    expect(decided).toMatchObject({ outcome: 'refused', reason: { code: 'OTHER_AMOUNT' } })
    await answer(prompt, receipt, { amount, status: 'COMPLETED' })
    const after = await readBalances(db)
    expect(after.mpesa_clearing - before.mpesa_clearing).toBe(amount)
    expect(before.unexplained - after.unexplained).toBe(amount)
    expect(
      await count(db, "mpesa_receipts WHERE receipt = $1 AND status = 'unmatched'", [receipt]),
    ).toBe(1)
  })

  it('whose receipt M-Pesa does not know is watched again as if nothing had been claimed', async () => {
    const { prompt, receipt } = await buildDoubtful()
    const decided = await answer(prompt, receipt, { code: '2032' })
    expect(decided).toMatchObject({ outcome: 'undecided' })
    expect(decided).not.toHaveProperty('disputed')
    expect((await findPayment(db, prompt.paymentId))?.status).toBe('unknown')
    const { messageId } = await buildMessage(db, prompt.paymentId, buildCallback(prompt))
    expect(await settle(prompt, messageId)).toMatchObject({ outcome: 'settled' })
  })

  it.each<[string, Said]>([
    ['is still under way', { status: 'Authorized' }],
    ['was declined', { status: 'Declined' }],
    ['is called something new', { status: 'Sleeping' }],
    ['cannot be asked about (our credential)', { code: '2001' }],
  ])('stays doubtful when it %s', async (_, said) => {
    const { prompt, receipt } = await buildDoubtful()
    expect(await answer(prompt, receipt, said)).toMatchObject({ disputed: true })
    expect((await findPayment(db, prompt.paymentId))?.status).toBe('unexplained')
  })

  it('is not settled with the receipt of another payment', async () => {
    const first = await buildDoubtful()
    await answer(first.prompt, first.receipt, {})
    const second = await buildDoubtful()
    expect(await answer(second.prompt, first.receipt, {})).toMatchObject({ disputed: true })
  })
})
